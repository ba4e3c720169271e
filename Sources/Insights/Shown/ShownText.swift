/// Text of a chat made fit to be shown to staff. It is hostile: it may hold escape sequences of terminals, characters that
/// turn the reading direction around, characters that cannot be seen, and a megabyte of them.
enum ShownText {
  /// One line, at most `limit` characters, cut with an ellipsis. Only as much of the text is read as is needed.
  static func line(_ text: String, limit: Int) -> String {
    var shown = ""
    var count = 0
    var gap = false
    for character in text {
      let safe = neutralised(character)
      if safe.isEmpty { continue }
      if safe == " " {
        gap = count > 0
        continue
      }
      guard count + (gap ? 1 : 0) < limit else {
        return cut(shown, count: count, to: limit)
      }
      if gap {
        shown += " "
        count += 1
        gap = false
      }
      shown += safe
      count += 1
    }
    return shown
  }

  /// The whole text: line breaks and tabs are kept, what controls a terminal or hides is not.
  static func block(_ text: String) -> String {
    // Nearly all there is to show: nothing in it to look at one by one.
    let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    if isPlain { return text }
    var shown = ""
    shown.reserveCapacity(text.utf8.count)
    for character in text {
      switch character {
      case "\n", "\r\n", "\r", "\t": shown.append(character)
      default: shown += neutralised(character)
      }
    }
    return shown
  }

  private static func cut(_ shown: String, count: Int, to limit: Int) -> String {
    guard limit > 0 else { return "" }
    return String(shown.prefix(limit - 1)) + "…"
  }

  /// What is shown for a character: itself, a picture of a control character, a space, or nothing.
  private static func neutralised(_ character: Character) -> String {
    if character == "\r\n" { return " " }
    let scalars = character.unicodeScalars
    if let first = scalars.first, scalars.count == 1 { return neutralised(first) }
    // Marks piled on one letter run over the lines around it; no script needs so many.
    return scalars.prefix(10).reduce(into: "") { $0 += neutralised($1) }
  }

  private static func neutralised(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0x09...0x0D, 0x85, 0x2028, 0x2029: " "
    // Control characters as their pictures: ␀, ␛, ␡.
    case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value).map { String(Character($0)) } ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    case 0x80...0x9F: "\u{FFFD}"
    // Joiners are part of words and emoji.
    case 0x200C, 0x200D: String(Character(scalar))
    default:
      switch scalar.properties.generalCategory {
      // Directions, zero-width spaces, soft hyphens, tags, annotations: all unseen.
      case .format: ""
      case .spaceSeparator: " "
      default: scalar.properties.isNoncharacterCodePoint ? "\u{FFFD}" : String(Character(scalar))
      }
    }
  }
}
