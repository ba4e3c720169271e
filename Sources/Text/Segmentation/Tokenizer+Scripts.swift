extension Tokenizer {
  /// Whether there is a letter of a script without spaces between words, or of Korean, in the text.
  package static func hasUnspacedScript(_ text: String) -> Bool {
    text.utf8.contains { $0 >= 0xE0 } && text.unicodeScalars.contains { WordClass($0).isOfUnspacedScript }
  }

  /// How long character n-grams of a word should be. A Chinese character or a Korean syllable says as much as two or three
  /// Latin letters, and a Thai word is as long as a Latin one.
  /// - Parameter word: as `words(in:)` gives it.
  package static func gramLengths(of word: String) -> ClosedRange<Int> {
    guard let first = word.unicodeScalars.first(where: { !$0.isASCII }) else { return 3...5 }
    switch first.value {
    case 0x2E80...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF66...0xFFDC, 0x20000...0x3FFFD: return 2...3
    default: return 3...5
    }
  }
}
