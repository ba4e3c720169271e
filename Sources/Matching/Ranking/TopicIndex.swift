import Foundation
import Retrieval
import Support
import Tensors

/// How much of a question everything written on a topic speaks of: BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75)
/// over titles, questions, examples and bodies, divided by what a text that had it all many times over would reach, so that
/// it lies in 0…1.
struct TopicIndex: Sendable {
  private static let saturation: Float = 1.2
  private static let lengthShare: Float = 0.75

  private struct Posting: BitwiseCopyable, Sendable {
    var topic: Int32
    var count: Float
  }

  private let stems: FeatureTable
  /// Postings of stem s are those from starts[s] up to starts[s + 1].
  private let starts: TensorView<Int64>
  private let postings: TensorView<Posting>
  /// For each topic, what its length adds to the saturation.
  private let lengthFactors: TensorView<Float>

  /// - Parameter texts: the stems of all that is written, by topic number.
  init(_ texts: [[FeatureKey]]) {
    var table = FeatureTableBuilder()
    var counted: [[Posting]] = []
    for (topic, stems) in texts.enumerated() {
      for stem in stems {
        let number = table.number(of: stem)
        if number == counted.count { counted.append([]) }
        if let last = counted[number].indices.last, counted[number][last].topic == topic {
          counted[number][last].count += 1
        } else {
          counted[number].append(Posting(topic: Int32(topic), count: 1))
        }
      }
    }
    stems = table.finish()
    starts = TensorView(counted.reduce(into: [0]) { $0.append(($0.last ?? 0) + Int64($1.count)) })
    postings = TensorView(Array(counted.joined()))
    let meanLength = max(1, Float(texts.reduce(0) { $0 + $1.count }) / Float(max(1, texts.count)))
    lengthFactors = TensorView(
      texts.map { Self.saturation * (1 - Self.lengthShare + Self.lengthShare * Float($0.count) / meanLength) })
  }

  /// The share, 0…1, of `text` that each topic speaks of, by topic number.
  /// - Parameter ownTopic: the topic that `text` is itself a line of; what that line says does not count.
  func coverage(of text: AnalyzedText, ownTopic: Int?) -> [Float] {
    var covered = [Float](repeating: 0, count: lengthFactors.count)
    let total = Float(max(1, lengthFactors.count))
    var all: Float = 0
    let asked = text.stemKeys.sorted()
    let (postings, lengthFactors) = (postings.pointer, lengthFactors.pointer)
    var place = 0
    while place < asked.count {
      let stem = asked[place]
      var end = place + 1
      while end < asked.count, asked[end] == stem { end += 1 }
      let own = Float(end - place)
      place = end
      let number = stems.number(of: stem)
      let found = number.map { Int(starts[$0])..<Int(starts[$0 + 1]) } ?? 0..<0
      let inverseFrequency = log(1 + (total - Float(found.count) + 0.5) / (Float(found.count) + 0.5))
      all += inverseFrequency
      for place in found {
        let posting = postings[place]
        let topic = Int(posting.topic)
        let frequency = topic == ownTopic ? posting.count - own : posting.count
        guard frequency > 0 else { continue }
        covered[topic] += inverseFrequency * frequency / (frequency + lengthFactors[topic])
      }
    }
    guard all > 0 else { return covered }
    for topic in covered.indices where covered[topic] > 0 { covered[topic] = min(1, covered[topic] / all) }
    return covered
  }
}

// MARK: Keeping it

extension TopicIndex {
  func add(to sections: inout NumberSections) {
    sections.add(starts)
    stems.add(to: &sections)
    sections.add(postings)
    sections.add(lengthFactors)
  }

  /// - Throws: where numbers lead out of their lists.
  init(_ file: inout KeptFileReader, topicCount: Int) throws {
    starts = try file.next(Int64.self)
    stems = try FeatureTable(&file, count: starts.count - 1)
    postings = try file.next(Posting.self)
    lengthFactors = try file.next(Float.self, count: topicCount)
    guard starts.areStarts(in: postings.count) else { throw KeptFileError() }
    var most: UInt32 = 0
    for posting in UnsafeBufferPointer(start: postings.pointer, count: postings.count) {
      most = max(most, UInt32(bitPattern: posting.topic))
    }
    guard postings.count == 0 || most < topicCount else { throw KeptFileError() }
  }
}

extension TensorView<Int64> {
  /// Whether they begin at 0, never fall and end at `count`.
  func areStarts(in total: Int) -> Bool {
    guard count > 0, self[0] == 0, self[count - 1] == total else { return false }
    var isRising = true
    for place in 1..<count { isRising = pointer[place - 1] <= pointer[place] && isRising }
    return isRising
  }
}
