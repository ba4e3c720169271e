import Retrieval
import Tensors

/// Tells topics apart by all lines at once: kernel ridge regression, one against the rest (Rifkin and Klautau 2004, "In
/// Defense of One-Vs-All Classification").
///
/// The kernel is a Gaussian of the sentence vectors' distance, so that what lies near no line is near 0 for every topic, and
/// a product of n-grams, which is what misspelling leaves. With few lines each of them is a landmark and the solution is
/// exact; with many, the middles of each topic's clusters are (Zhang et al. 2008, "Improved Nyström Low-Rank
/// Approximation").
struct TopicClassifier: Sendable {
  /// How fast the Gaussian falls: exp(γ (cosine − 1)). Chosen on CLINC150's validation lines, flat between 2 and 4.
  static let sharpness: Float = 3
  /// What the product of n-grams counts beside the Gaussian.
  static let gramScale: Float = 0.42
  static let ridge: Float = 0.1
  /// Beyond so many topics there is no classifier: its weights alone would be gigabytes, and topics that are so many are
  /// articles with a line or two each, which likeness tells apart as well.
  static let mostTopics = 4_000

  let landmarks: VectorTable?
  /// The topic of each landmark; nil for what belongs to none.
  let landmarkTopics: [Int]
  /// For each topic, what each landmark says for it.
  let landmarkWeights: FloatRows
  /// For each topic, what each hashed n-gram says for it; rows of nothing where nothing is said.
  let gramWeights: FloatRows

  var topicCount: Int { gramWeights.rows }

  /// Says nothing for any topic.
  static func silent(topicCount: Int) -> TopicClassifier {
    TopicClassifier(
      landmarks: nil, landmarkTopics: [], landmarkWeights: FloatRows(FloatMatrix(rows: topicCount, columns: 0)),
      gramWeights: FloatRows(FloatMatrix(rows: topicCount, columns: 0)))
  }

  /// A text as the classifier sees it.
  struct Input: Sendable {
    /// Of length 1; nil where there are no encoders.
    var vector: [Float]?
    /// What products with landmarks are multiplied by: over 1 where some encoders have nothing to say.
    var reach: Float = 1
    var grams: HashedFeatures
  }

  /// What each landmark makes of the text, 0…1: the Gaussian of its distance.
  func nearness(_ input: Input) -> [Float] {
    guard let landmarks, let vector = input.vector else { return [] }
    var products = landmarks.products(of: vector, with: 0..<landmarks.count)
    products.withUnsafeMutableBufferPointer { products in
      guard let start = products.baseAddress else { return }
      Kernels.gaussian(start, count: products.count, reach: input.reach, sharpness: Self.sharpness)
    }
    return products
  }

  /// For each topic about 1 where it is meant and 0 where it is not.
  /// - Parameter topics: those to be looked at.
  func scores(_ input: Input, nearness: [Float], topics: [Int]) -> [Float] {
    let entries = gramWeights.columns == 0 ? [] : input.grams.entries
    return topics.map { topic in
      var sum: Float = 0
      let weights = gramWeights.row(topic)
      for entry in entries { sum += entry.value * weights[entry.place] }
      guard !nearness.isEmpty else { return sum }
      return sum + Kernels.product(nearness, landmarkWeights.row(topic))
    }
  }
}
