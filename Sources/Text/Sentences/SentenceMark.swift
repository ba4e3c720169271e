/// What a character is to the scanner of sentences.
enum SentenceMark {
  case space
  case lineBreak
  /// ".", which also stands in numbers, addresses and abbreviations.
  case point
  /// Ends a sentence unless it is within an address: "?", "!".
  case strong
  /// Ends a sentence wherever it is: the marks of scripts that write no space after them.
  case full
  /// ";" ends a sentence before white space.
  case semicolon
  case ellipsis
  /// Quotation marks and brackets that close what a sentence is in.
  case closing
  case word
  case other

  init(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": self = .lineBreak
    case ".": self = .point
    case "?", "!", "\u{37E}", "\u{203C}", "\u{203D}", "\u{2047}"..."\u{2049}": self = .strong
    case ";": self = .semicolon
    case "\u{2026}": self = .ellipsis
    case "\"", "'", ")", "]", "}", "\u{2019}", "\u{201D}", "\u{BB}", "\u{300D}", "\u{300F}", "\u{FF09}": self = .closing
    // Arabic, Urdu and Devanagari, Armenian, Ethiopic, Myanmar, Khmer, Chinese and Japanese in their widths.
    case "\u{61F}", "\u{61B}", "\u{6D4}", "\u{964}", "\u{965}", "\u{589}", "\u{55E}", "\u{1362}", "\u{1367}",
      "\u{104A}", "\u{104B}", "\u{17D4}", "\u{17D5}", "\u{2E2E}", "\u{3002}", "\u{FF01}", "\u{FF0E}", "\u{FF1B}",
      "\u{FF1F}", "\u{FF61}":
      self = .full
    default:
      if scalar.isASCII {
        let isWord = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        self = isWord ? .word : scalar.value <= 0x20 ? .space : .other
      } else if scalar.properties.isWhitespace {
        self = .space
      } else {
        self = scalar.properties.isAlphabetic || scalar.properties.numericType != nil ? .word : .other
      }
    }
  }

  var mayClose: Bool {
    switch self {
    case .point, .strong, .full, .semicolon, .ellipsis: true
    default: false
    }
  }
}
