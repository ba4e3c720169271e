/// Words of a message as they are kept.
enum MessageText {
  /// NUL ends a text in C; it is shown as a character that could not be read.
  static func withoutNUL(_ text: String) -> String {
    guard text.utf8.contains(0) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\u{0}" ? "\u{FFFD}" : $0 }))
  }
}
