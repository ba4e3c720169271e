import Foundation
import Retrieval
import Tensors
import Testing

@testable import Matching

/// A small problem of classification from a fixed seed.
struct Problem {
  var rows: [ClassifierRow] = []
  var topicCount: Int
  private var state: UInt64

  /// - Parameters:
  ///   - dimension: of the vectors; nil where there are none.
  ///   - outOfScope: so many of the rows belong to no topic.
  ///   - weights: are drawn from these.
  init(
    seed: UInt64, rows count: Int, topics: Int, dimension: Int?, outOfScope: Int = 0, weights: [Float] = [1]
  ) {
    topicCount = topics
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    let middles = (0...topics).map { _ in (0..<(dimension ?? 0)).map { _ in uniform() } }
    for number in 0..<count {
      let topic = number < outOfScope ? -1 : Int(draw() % UInt64(topics))
      let vector = dimension.map { dimension in
        Self.unit((0..<dimension).map { 0.8 * middles[topic < 0 ? topics : topic][$0] + uniform() })
      }
      // Some n-grams of the topic's own, some of everybody's.
      let grams = (0..<6).map { _ -> (key: FeatureKey, weight: Float) in
        let own = draw() % 2 == 0 ? UInt64(topic + 2) * 1_000 : 0
        return ((own + draw() % 20) &* 0x9E37_79B9_7F4A_7C15, 0.3 + abs(uniform()) / 3)
      }
      rows.append(
        ClassifierRow(
          topic: topic,
          input: TopicClassifier.Input(
            vector: vector, grams: HashedFeatures(grams, scale: dimension == nil ? 1 : TopicClassifier.gramScale)),
          weight: weights[Int(draw() % UInt64(weights.count))]))
    }
  }

  private mutating func draw() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// -1…1
  mutating func uniform() -> Float { Float(Int64(bitPattern: draw()) >> 40) / 0x1p23 }

  static func unit(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }

  var everything: HoldOut { HoldOut(alone: Array(rows.indices), topics: Array(rows.indices)) }

  func without(_ left: [Int]) -> [ClassifierRow] {
    rows.indices.filter { !left.contains($0) }.map { rows[$0] }
  }

  func members(of topic: Int) -> [Int] { rows.indices.filter { rows[$0].topic == topic } }
}

extension Problem: CustomTestStringConvertible {
  var testDescription: String { "\(rows.count) rows, \(topicCount) topics" }
}

extension TopicClassifier {
  /// For every topic.
  func scores(_ input: Input) -> [Float] {
    scores(input, nearness: nearness(input), topics: Array(0..<topicCount))
  }
}

/// The largest difference between numbers of the same place; infinite where there are more of the one.
func distance(_ one: [Float]?, _ other: [Float]?) -> Float {
  guard let one, let other, one.count == other.count else { return .infinity }
  return zip(one, other).map { ($0 - $1).magnitude }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
}
