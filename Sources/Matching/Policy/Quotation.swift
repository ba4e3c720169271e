/// Somebody's words in a reason: on one line, without what controls a screen, and short.
enum Quotation {
  static let longest = 120
  /// Scalars of one character that are kept: no script piles up more.
  private static let mostScalars = 10

  /// - Parameter most: so many characters, with an ellipsis for what is cut off.
  static func of(_ text: String, most: Int = longest) -> String { "“\(line(text, most: most))”" }

  private static func line(_ text: String, most: Int) -> String {
    // Nearly all there is to quote: nothing in it to look at one by one.
    if text.utf8.count <= most, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
    var line = ""
    var count = 0
    var gap = false
    for character in text {
      let kept = String(String.UnicodeScalarView(character.unicodeScalars.prefix(mostScalars).filter(isShown)))
      guard !kept.isEmpty, !character.isWhitespace else {
        gap = gap || count > 0 && (character.isWhitespace || character.isNewline)
        continue
      }
      guard count + (gap ? 2 : 1) < most else { return line + "…" }
      line += gap ? " \(kept)" : kept
      count += gap ? 2 : 1
      gap = false
    }
    return line
  }

  /// Not what controls a terminal, hides, or turns the reading direction round.
  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    // Joiners are part of words and emoji.
    case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
    default: true
    }
  }
}
