import Foundation
import Support
import Tensors

/// An inverted index over lines: the cosine of TF-IDF vectors of stems and of character n-grams, half and half.
struct LineIndex: Sendable {
  /// The topic of out-of-scope lines.
  static let outOfScope = -1
  /// What the stems' cosine counts for; the characters' has the rest.
  fileprivate static let wordShare: Float = 0.5

  /// That a line has a feature.
  struct Posting: BitwiseCopyable, Sendable {
    var line: Int32
    var weight: Float
  }

  let lines: [IndexedLine]
  let features: FeatureTable
  let inverseFrequency: TensorView<Float>
  /// By feature: how many lines have it.
  let lineCounts: TensorView<Int32>
  /// Postings of feature f are those from starts[f] up to starts[f + 1].
  let starts: TensorView<Int64>
  let postings: TensorView<Posting>
  /// Length of the sum of each topic's line vectors.
  let topicLengths: TensorView<Float>

  /// Of a feature that no line has, as if half a line had it.
  private var unknownInverseFrequency: Float { log(1 + Float(max(1, lines.count)) / 0.5) }

  /// The cosine with the middle of a topic's lines, from the sum of the likenesses with each of them.
  func likenessWithMiddle(of topic: Int, sum: Float) -> Float {
    topicLengths[topic] > 0 ? sum / topicLengths[topic] : 0
  }

  /// The likeness, 0…1, of `text` with every line.
  func likenesses(of text: AnalyzedText) -> [Float] {
    [Float](unsafeUninitializedCapacity: lines.count) { scores, count in
      scores.initialize(repeating: 0)
      count = scores.count
      for (block, share) in [(text.wordFeatures, Self.wordShare), (text.characterFeatures, 1 - Self.wordShare)] {
        let (known, scale) = weigh(block, share: share)
        let (starts, postings) = (starts.pointer, postings.pointer)
        for entry in known {
          let weight = entry.weight * scale
          for place in Int(starts[entry.number])..<Int(starts[entry.number + 1]) {
            let posting = postings[place]
            scores[Int(posting.line)] += weight * posting.weight
          }
        }
      }
    }
  }

  /// Stems, their pairs and character n-grams of `text` that the lines know, weighed as in `likenesses`.
  func weighted(_ text: AnalyzedText) -> [(key: FeatureKey, weight: Float)] {
    var weighted: [(key: FeatureKey, weight: Float)] = []
    weighted.reserveCapacity(text.wordFeatures.count + text.characterFeatures.count)
    for (block, share) in [(text.wordFeatures, Self.wordShare), (text.characterFeatures, 1 - Self.wordShare)] {
      let (known, scale) = weigh(block, share: share)
      for entry in known { weighted.append((entry.key, entry.weight * scale)) }
    }
    return weighted
  }

  private struct Weighed {
    var key: FeatureKey
    var number: Int
    var weight: Float
  }

  /// Of the features those that lines have, and what each weight is to be multiplied by.
  private func weigh(_ block: [AnalyzedText.Feature], share: Float) -> (known: [Weighed], scale: Float) {
    let unknown = unknownInverseFrequency
    var squares: Float = 0
    var known: [Weighed] = []
    known.reserveCapacity(block.count)
    for entry in block {
      let number = features.number(of: entry.key)
      let weight = Self.damped(entry.frequency) * (number.map { inverseFrequency[$0] } ?? unknown)
      squares += weight * weight
      if let number { known.append(Weighed(key: entry.key, number: number, weight: weight)) }
    }
    return (known, squares > 0 ? share.squareRoot() / squares.squareRoot() : 0)
  }

  /// The share, 0…1, of what `text` says (by inverse frequency) in stems that the workspace's lines know.
  /// - Parameter heldOut: the text is itself a line of the index and does not count as knowing its own stems.
  func knownShare(of text: AnalyzedText, heldOut: Bool) -> Float {
    var known: Float = 0
    var all: Float = 0
    for key in text.stemKeys {
      if let number = features.number(of: key), lineCounts[number] > (heldOut ? 1 : 0) {
        known += inverseFrequency[number]
        all += inverseFrequency[number]
      } else {
        all += unknownInverseFrequency
      }
    }
    return all > 0 ? known / all : 0
  }

  /// Nearly every feature stands once in a text, and the logarithm of that is known.
  fileprivate static func damped(_ frequency: Float) -> Float { frequency == 1 ? 1 : 1 + log(max(frequency, 0.1)) }
}

// MARK: Making it

extension LineIndex {
  /// - Parameter topicCount: topics are numbered from 0 up to it.
  init(_ lines: [IndexedLine], _ rows: FeatureRows, topicCount: Int) {
    let total = Float(max(1, lines.count))
    // ln(1 + N / n)
    let inverseFrequency = rows.lineCounts.map { log(1 + total / Float($0)) }
    var starts: [Int64] = [0]
    starts.reserveCapacity(rows.lineCounts.count + 1)
    for count in rows.lineCounts { starts.append((starts.last ?? 0) + Int64(count)) }
    var fill = starts
    var postings = [Posting](repeating: Posting(line: 0, weight: 0), count: rows.numbers.count)
    for line in lines.indices {
      rows.forEachWeight(of: line, inverseFrequency) { number, weight in
        postings[Int(fill[number])] = Posting(line: Int32(line), weight: weight)
        fill[number] += 1
      }
    }
    self.init(
      lines: lines, features: rows.table.finish(), inverseFrequency: TensorView(inverseFrequency),
      lineCounts: TensorView(rows.lineCounts), starts: TensorView(starts), postings: TensorView(postings),
      topicLengths: TensorView(Self.topicLengths(lines, starts, postings, topicCount: topicCount)))
  }

  private static func topicLengths(
    _ lines: [IndexedLine], _ starts: [Int64], _ postings: [Posting], topicCount: Int
  ) -> [Float] {
    let topics = lines.map(\.topic)
    var squares = [Float](repeating: 0, count: topicCount)
    var sums = [Float](repeating: 0, count: topicCount)
    var touched: [Int] = []
    for feature in 0..<max(0, starts.count - 1) {
      for place in Int(starts[feature])..<Int(starts[feature + 1]) {
        let topic = topics[Int(postings[place].line)]
        guard topic >= 0 else { continue }
        if sums[topic] == 0 { touched.append(topic) }
        sums[topic] += postings[place].weight
      }
      for topic in touched {
        squares[topic] += sums[topic] * sums[topic]
        sums[topic] = 0
      }
      touched.removeAll(keepingCapacity: true)
    }
    return squares.map { $0.squareRoot() }
  }
}

extension FeatureRows {
  /// Calls `body` with each feature of a line and its weight in the line's vector.
  func forEachWeight(of line: Int, _ inverseFrequency: [Float], _ body: (Int, Float) -> Void) {
    let blocks = blocks(of: line)
    for (block, share) in [(blocks.words, LineIndex.wordShare), (blocks.characters, 1 - LineIndex.wordShare)] {
      var squares: Float = 0
      for place in block {
        let weight = LineIndex.damped(frequencies[place]) * inverseFrequency[Int(numbers[place])]
        squares += weight * weight
      }
      let scale = squares > 0 ? share.squareRoot() / squares.squareRoot() : 0
      for place in block {
        let weight = LineIndex.damped(frequencies[place]) * inverseFrequency[Int(numbers[place])]
        body(Int(numbers[place]), weight * scale)
      }
    }
  }
}
