/// Text in the cells of a terminal, which are not characters: a Chinese character takes two, an accent none.
enum TerminalText {
  static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + width($1) }
  }

  /// Exactly `width` cells: filled up with spaces, or cut with an ellipsis.
  static func fitted(_ text: String, to width: Int, trailing: Bool = false) -> String {
    guard width > 0 else { return "" }
    let whole = Self.width(text)
    if whole <= width {
      let space = String(repeating: " ", count: width - whole)
      return trailing ? space + text : text + space
    }
    var cut = ""
    var used = 0
    for character in text {
      let cells = Self.width(character)
      guard used + cells <= width - 1 else { break }
      cut.append(character)
      used += cells
    }
    return cut + "…" + String(repeating: " ", count: width - 1 - used)
  }

  private static func width(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    // An emoji presentation selector makes two cells of a sign that has one.
    if scalars.contains("\u{FE0F}") { return 2 }
    return scalars.reduce(0) { max($0, width($1)) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    // The ranges of Unicode's East Asian Width that are wide or full-width, joined where only unassigned ones lie between.
    return switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x1B000...0x1B2FF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
