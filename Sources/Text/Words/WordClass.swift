/// What a character is to the scanner of words.
enum WordClass {
  case letter
  case digit
  /// Belongs to the letter before it.
  case mark
  /// A letter of a script that writes no spaces between words, and whose words a dictionary knows.
  case unspaced
  /// A syllable of Korean, which hangs its particles on the word, or a letter of a script without spaces that no
  /// dictionary knows.
  case paired
  case apostrophe
  /// "@" or "#", which with what follows makes a handle or a tag.
  case sign
  case other

  init(_ scalar: Unicode.Scalar) {
    guard !scalar.isASCII else {
      switch scalar {
      case "a"..."z", "A"..."Z": self = .letter
      case "0"..."9": self = .digit
      case "'": self = .apostrophe
      case "@", "#": self = .sign
      default: self = .other
      }
      return
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      self = Self.isUnspaced(scalar) ? .unspaced : Self.isPaired(scalar) ? .paired : .letter
    case .decimalNumber, .letterNumber: self = .digit
    case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
    default: self = scalar == "\u{2019}" ? .apostrophe : .other
    }
  }

  var isOfUnspacedScript: Bool { self == .unspaced || self == .paired }

  /// By Unicode block.
  private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Thai and Lao, Myanmar, Khmer.
    case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF: true
    // Chinese characters and their parts, kana, Bopomofo.
    case 0x2E80...0x30FF, 0x3100...0x312F, 0x31A0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF: true
    case 0xFF66...0xFF9F, 0x1AFF0...0x1B16F, 0x20000...0x3FFFD: true
    default: false
    }
  }

  private static func isPaired(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Tai Le to Tai Tham, Yi, Javanese to Tai Viet, Hangul syllables and their half-width parts.
    case 0x1950...0x19DF, 0x1A20...0x1AAF, 0xA000...0xA48F, 0xA980...0xAADF, 0xAC00...0xD7A3, 0xFFA0...0xFFDC: true
    default: false
    }
  }
}
