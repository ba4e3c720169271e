import Foundation
import Support

/// How much of a question everything written on a topic speaks of: BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75)
/// over titles, questions, examples and bodies, divided by what a text that had it all many times over would reach, so that
/// it lies in 0…1.
struct TopicIndex: Sendable {
  private static let saturation: Float = 1.2
  private static let lengthShare: Float = 0.75

  private struct Posting: Sendable {
    var topic: Int
    var count: Float
  }

  private let postings: [FeatureKey: [Posting]]
  /// For each topic, what its length adds to the saturation.
  private let lengthFactors: [Float]
  private let total: Float

  /// - Parameter texts: the stems of all that is written, by topic number.
  init(_ texts: [[FeatureKey]]) {
    var postings: [FeatureKey: [Posting]] = [:]
    for (topic, stems) in texts.enumerated() {
      var counts: [FeatureKey: Float] = [:]
      for stem in stems { counts[stem, default: 0] += 1 }
      for (stem, count) in counts { postings[stem, default: []].append(Posting(topic: topic, count: count)) }
    }
    self.postings = postings
    total = Float(max(1, texts.count))
    let meanLength = max(1, Float(texts.reduce(0) { $0 + $1.count }) / total)
    lengthFactors = texts.map {
      Self.saturation * (1 - Self.lengthShare + Self.lengthShare * Float($0.count) / meanLength)
    }
  }

  /// The share of `text` that each topic speaks of; topics that speak of nothing in it are left out.
  /// - Parameter ownTopic: the topic that `text` is itself a line of; what that line says does not count.
  func coverage(of text: AnalyzedText, ownTopic: Int?) -> [Int: Float] {
    var own: [FeatureKey: Float] = [:]
    if ownTopic != nil { for stem in text.stemKeys { own[stem, default: 0] += 1 } }
    var all: Float = 0
    var covered: [Int: Float] = [:]
    for stem in Set(text.stemKeys).sorted() {
      let found = postings[stem] ?? []
      let count = Float(found.count)
      let inverseFrequency = log(1 + (total - count + 0.5) / (count + 0.5))
      all += inverseFrequency
      for posting in found {
        let frequency = posting.topic == ownTopic ? posting.count - (own[stem] ?? 0) : posting.count
        guard frequency > 0 else { continue }
        covered[posting.topic, default: 0] +=
          inverseFrequency * frequency / (frequency + lengthFactors[posting.topic])
      }
    }
    guard all > 0 else { return [:] }
    return covered.mapValues { min(1, $0 / all) }
  }
}
