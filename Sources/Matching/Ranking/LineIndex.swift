import Foundation
import Support

/// A line of the workspace that speaks for a topic: an example, a title or a question.
struct IndexedLine: Sendable {
  /// The topic's number; `LineIndex.outOfScope` for what must never be answered.
  var topic: Int
  var candidate: CandidateID?
  /// Counts the candidates up from 1.
  var candidateNumber: Int
  var text: String
  /// An example or a question, not a title.
  var isExample: Bool
  var location: SourceLocation
}

/// An inverted index over lines: the cosine of TF-IDF vectors of stems and of character n-grams, half and half.
struct LineIndex: Sendable {
  /// The topic of out-of-scope lines.
  static let outOfScope = -1
  /// What the stems' cosine counts for; the characters' has the rest.
  private static let wordShare: Float = 0.5

  let lines: [IndexedLine]
  private let features: [FeatureKey: Int32]
  private let inverseFrequency: [Float]
  private let unknownInverseFrequency: Float
  /// How many lines have the feature.
  private let lineCounts: [Int32]
  /// Postings of feature f are those from starts[f] up to starts[f + 1].
  private let starts: [Int]
  private let postingLines: [Int32]
  private let postingWeights: [Float]
  /// Length of the sum of each topic's line vectors.
  private let topicLengths: [Float]

  /// - Parameter topicCount: topics are numbered from 0 up to it.
  init(_ lines: [IndexedLine], analyses: [AnalyzedText], topicCount: Int) {
    self.lines = lines
    var features: [FeatureKey: Int32] = [:]
    var counts: [Int32] = []
    func count(_ key: FeatureKey) {
      if let number = features[key] {
        counts[Int(number)] += 1
      } else {
        features[key] = Int32(counts.count)
        counts.append(1)
      }
    }
    for analysis in analyses {
      for feature in analysis.wordFeatures { count(feature.key) }
      for feature in analysis.characterFeatures { count(feature.key) }
    }
    let total = Float(max(1, lines.count))
    // ln(1 + N / n), as if a feature never seen had been seen in half a line.
    inverseFrequency = counts.map { log(1 + total / Float($0)) }
    unknownInverseFrequency = log(1 + total / 0.5)
    lineCounts = counts
    self.features = features

    var starts = [0]
    starts.reserveCapacity(counts.count + 1)
    for count in counts { starts.append((starts.last ?? 0) + Int(count)) }
    var fill = starts
    var postingLines = [Int32](repeating: 0, count: starts.last ?? 0)
    var postingWeights = [Float](repeating: 0, count: starts.last ?? 0)
    self.starts = starts
    for (line, analysis) in analyses.enumerated() {
      for (block, share) in [
        (analysis.wordFeatures, Self.wordShare), (analysis.characterFeatures, 1 - Self.wordShare),
      ] {
        var squares: Float = 0
        var weighted: [(feature: Int, weight: Float)] = []
        weighted.reserveCapacity(block.count)
        for entry in block {
          guard let number = features[entry.key] else { continue }
          let weight = Self.damped(entry.frequency) * inverseFrequency[Int(number)]
          weighted.append((Int(number), weight))
          squares += weight * weight
        }
        let scale = squares > 0 ? share.squareRoot() / squares.squareRoot() : 0
        for entry in weighted {
          postingLines[fill[entry.feature]] = Int32(line)
          postingWeights[fill[entry.feature]] = entry.weight * scale
          fill[entry.feature] += 1
        }
      }
    }
    self.postingLines = postingLines
    self.postingWeights = postingWeights
    topicLengths = Self.topicLengths(
      lines: lines, starts: starts, postingLines: postingLines, postingWeights: postingWeights, topicCount: topicCount)
  }

  /// The cosine with the middle of a topic's lines, from the sum of the likenesses with each of them.
  func likenessWithMiddle(of topic: Int, sum: Float) -> Float {
    topicLengths[topic] > 0 ? sum / topicLengths[topic] : 0
  }

  private static func topicLengths(
    lines: [IndexedLine], starts: [Int], postingLines: [Int32], postingWeights: [Float], topicCount: Int
  ) -> [Float] {
    var squares = [Float](repeating: 0, count: topicCount)
    var sums = [Float](repeating: 0, count: topicCount)
    var touched: [Int] = []
    for feature in 0..<max(0, starts.count - 1) {
      for posting in starts[feature]..<starts[feature + 1] {
        let topic = lines[Int(postingLines[posting])].topic
        guard topic >= 0 else { continue }
        if sums[topic] == 0 { touched.append(topic) }
        sums[topic] += postingWeights[posting]
      }
      for topic in touched {
        squares[topic] += sums[topic] * sums[topic]
        sums[topic] = 0
      }
      touched.removeAll(keepingCapacity: true)
    }
    return squares.map { $0.squareRoot() }
  }

  /// The likeness, 0…1, of `text` with every line.
  func likenesses(of text: AnalyzedText) -> [Float] {
    var scores = [Float](repeating: 0, count: lines.count)
    for (block, share) in [(text.wordFeatures, Self.wordShare), (text.characterFeatures, 1 - Self.wordShare)] {
      var squares: Float = 0
      var known: [(feature: Int, weight: Float)] = []
      known.reserveCapacity(block.count)
      for entry in block {
        let number = features[entry.key].map(Int.init)
        let weight = Self.damped(entry.frequency) * (number.map { inverseFrequency[$0] } ?? unknownInverseFrequency)
        squares += weight * weight
        if let number { known.append((number, weight)) }
      }
      guard squares > 0 else { continue }
      let scale = share.squareRoot() / squares.squareRoot()
      for entry in known {
        let weight = entry.weight * scale
        for posting in starts[entry.feature]..<starts[entry.feature + 1] {
          scores[Int(postingLines[posting])] += weight * postingWeights[posting]
        }
      }
    }
    return scores
  }

  /// Stems, their pairs and character n-grams of `text` that the lines know, weighed as in `likenesses`.
  func weighted(_ text: AnalyzedText) -> [(key: FeatureKey, weight: Float)] {
    [(text.wordFeatures, Self.wordShare), (text.characterFeatures, 1 - Self.wordShare)].flatMap { block, share in
      var squares: Float = 0
      var known: [(key: FeatureKey, weight: Float)] = []
      known.reserveCapacity(block.count)
      for entry in block {
        let number = features[entry.key].map(Int.init)
        let weight = Self.damped(entry.frequency) * (number.map { inverseFrequency[$0] } ?? unknownInverseFrequency)
        squares += weight * weight
        if number != nil { known.append((entry.key, weight)) }
      }
      let scale = squares > 0 ? (share / squares).squareRoot() : 0
      return known.map { ($0.key, $0.weight * scale) }
    }
  }

  /// The share, 0…1, of what `text` says (by inverse frequency) in stems that the workspace's lines know.
  /// - Parameter heldOut: the text is itself a line of the index and does not count as knowing its own stems.
  func knownShare(of text: AnalyzedText, heldOut: Bool) -> Float {
    var known: Float = 0
    var all: Float = 0
    for key in text.stemKeys {
      if let number = features[key], lineCounts[Int(number)] > (heldOut ? 1 : 0) {
        known += inverseFrequency[Int(number)]
        all += inverseFrequency[Int(number)]
      } else {
        all += unknownInverseFrequency
      }
    }
    return all > 0 ? known / all : 0
  }

  private static func damped(_ frequency: Float) -> Float { 1 + log(max(frequency, 0.1)) }
}
