import Text

/// A text as rules see it: in one form, and its words. What ranking takes apart further begins here; most of its work is
/// for nothing where a rule decides.
struct ReadText: Sendable {
  /// As it was written.
  let text: String
  /// As a reader sees it, without case, invisible characters and needless white space.
  let normalized: String
  /// In order, unstemmed.
  let words: [String]

  /// Longer texts are read up to here, in characters: nobody asks a question in more.
  static let longest = 4_000

  init(_ text: String) {
    self.text = text
    normalized = TextNormalizer.normalize(Self.cut(text))
    words = Tokenizer.words(in: normalized)
  }

  /// The text up to where it is read.
  static func cut(_ text: String) -> String {
    // A character has a byte at least: most texts need not be counted.
    text.utf8.count <= longest ? text : String(text.prefix(longest))
  }
}
