/// What is done to typed text before it is kept.
enum ChatText {
  /// Line ends as `\n`; without control characters, which say nothing and which no page can show. Everything else stays
  /// as it was typed, right-to-left marks included.
  static func cleaned(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    var afterReturn = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\r": kept.append("\n")
      case "\n" where afterReturn: break
      case "\n", "\t": kept.append(scalar)
      case _ where scalar.properties.generalCategory == .control: break
      default: kept.append(scalar)
      }
      afterReturn = scalar == "\r"
    }
    return String(kept)
  }

  /// Without what reorders or hides the text around it: bidirectional controls and zero-width characters. The joiners
  /// U+200C and U+200D stay, which Persian, Indic scripts and emoji need.
  static func withoutInvisibles(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { !isInvisible($0) }))
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
    default: false
    }
  }
}
