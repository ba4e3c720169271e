import Foundation
import Support

/// How much of a question an article's body speaks of: BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75), divided by
/// what a body that had it all many times over would reach, so that it lies in 0…1.
struct BodyIndex: Sendable {
  private static let saturation: Float = 1.2
  private static let lengthShare: Float = 0.75

  /// Stem to (topic, weight 0…1 by frequency and length).
  private let postings: [FeatureKey: [(topic: Int, weight: Float)]]
  private let inverseFrequency: [FeatureKey: Float]
  private let unknownInverseFrequency: Float

  /// - Parameter bodies: topic numbers with the stems of what they say; several for one topic are taken one by one.
  init(_ bodies: [(topic: Int, stems: [FeatureKey])]) {
    let total = Float(max(1, bodies.count))
    let meanLength = max(1, Float(bodies.reduce(0) { $0 + $1.stems.count }) / total)
    var postings: [FeatureKey: [(topic: Int, weight: Float)]] = [:]
    for body in bodies {
      var counts: [FeatureKey: Float] = [:]
      for stem in body.stems { counts[stem, default: 0] += 1 }
      let length = 1 - Self.lengthShare + Self.lengthShare * Float(body.stems.count) / meanLength
      for (stem, count) in counts {
        postings[stem, default: []].append((body.topic, count / (count + Self.saturation * length)))
      }
    }
    inverseFrequency = postings.mapValues { log(1 + (total - Float($0.count) + 0.5) / (Float($0.count) + 0.5)) }
    unknownInverseFrequency = log(1 + (total + 0.5) / 0.5)
    self.postings = postings
  }

  /// The share of `text` that each topic's body speaks of; topics without any are left out.
  func coverage(of text: AnalyzedText) -> [Int: Float] {
    var all: Float = 0
    var covered: [Int: Float] = [:]
    for stem in Set(text.stemKeys).sorted() {
      guard let weight = inverseFrequency[stem], let found = postings[stem] else {
        all += unknownInverseFrequency
        continue
      }
      all += weight
      for posting in found { covered[posting.topic, default: 0] += weight * posting.weight }
    }
    guard all > 0 else { return [:] }
    return covered.mapValues { min(1, $0 / all) }
  }
}
