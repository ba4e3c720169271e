import Text

/// Puts words that the workspace does not know right, where one that it knows is a slip of the finger away.
struct SpellingCorrector: Sendable {
  private static let shortestWord = 4
  /// From this length on two slips are forgiven.
  private static let longWord = 8

  private struct Entry: Sendable {
    var word: String
    var scalars: [Unicode.Scalar]
    var count: Int
  }

  private let known: Set<String>
  /// By length, so that only words of a like length are looked at; the commonest first.
  private let entries: [Int: [Entry]]

  /// - Parameter counts: the words of the workspace with how often they occur.
  init(_ counts: [String: Int]) {
    known = Set(counts.keys)
    var entries: [Int: [Entry]] = [:]
    for (word, count) in counts where word.count >= Self.shortestWord && word.allSatisfy(\.isLetter) {
      let scalars = Array(word.unicodeScalars)
      entries[scalars.count, default: []].append(Entry(word: word, scalars: scalars, count: count))
    }
    self.entries = entries.mapValues { $0.sorted { ($1.count, $0.word) < ($0.count, $1.word) } }
  }

  /// The word itself where it is known or nothing is near; else the nearest known one, the commonest among equals.
  func corrected(_ word: String) -> String {
    guard !known.contains(word), word.count >= Self.shortestWord, word.allSatisfy(\.isLetter) else { return word }
    let scalars = Array(word.unicodeScalars)
    let most = scalars.count >= Self.longWord ? 2 : 1
    var best: (word: String, distance: Int, count: Int)?
    for length in (scalars.count - most)...(scalars.count + most) {
      for entry in entries[length] ?? [] {
        // People rarely miss the first letter; asking for it keeps this fast and its guesses sane.
        guard entry.scalars[0] == scalars[0],
          let distance = EditDistance.distance(scalars, entry.scalars, limit: best?.distance ?? most)
        else { continue }
        if let best, (distance, -entry.count, entry.word) >= (best.distance, -best.count, best.word) { continue }
        best = (entry.word, distance, entry.count)
      }
    }
    return best?.word ?? word
  }
}
