import Support
import Synchronization

/// An encoder without a model: each word has a direction that its bytes name, and a text the sum of its words'. Texts that
/// share words are near, all others are nearly at right angles. It keeps what it was asked.
package final class HashingEncoder: SentenceEncoder {
  package let name: String
  package let version: String
  package let dimension: Int
  package let languages: Set<String>
  /// Words that are to mean the same as others.
  private let synonyms: [String: String]
  private let batches = Mutex<[[String]]>([])

  package init(
    name: String = "hashing", version: String = "hashing-1", dimension: Int = 48, languages: Set<String> = [],
    synonyms: [String: String] = [:]
  ) {
    self.name = name
    self.version = version
    self.dimension = dimension
    self.languages = languages
    self.synonyms = synonyms
  }

  /// Every text it was given, in order.
  package var asked: [String] { batches.withLock { $0.flatMap(\.self) } }
  /// How often it was called.
  package var calls: Int { batches.withLock { $0.count } }

  package func forget() { batches.withLock { $0.removeAll() } }

  package func encode(_ texts: [String]) throws -> [[Float]] {
    batches.withLock { $0.append(texts) }
    return texts.map(vector)
  }

  private func vector(of text: String) -> [Float] {
    var sum = [Float](repeating: 0, count: dimension)
    let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    for word in words.isEmpty ? [""] : words { add(synonyms[word] ?? word, to: &sum) }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { $0 / length }
  }

  private func add(_ word: String, to sum: inout [Float]) {
    var state = word.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    for place in 0..<dimension {
      // SplitMix64, so that words that differ in one letter have nothing in common.
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      sum[place] += Float(Int64(bitPattern: mixed ^ (mixed >> 31)) >> 40) / 0x1p23
    }
  }
}
