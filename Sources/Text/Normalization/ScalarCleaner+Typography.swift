extension ScalarCleaner {
  /// The ASCII character that people mean by a typographic one.
  static func replacement(for scalar: Unicode.Scalar) -> UInt8? {
    switch scalar.value {
    // Quotation marks, primes, and the accents and modifier letters that are typed for an apostrophe.
    case 0xB4, 0x2B9, 0x2BB...0x2BD, 0x2C8, 0x2CA, 0x2CB, 0x2018...0x201B, 0x2032, 0x2035, 0x2039, 0x203A, 0xFF07:
      UInt8(ascii: "'")
    case 0xAB, 0xBB, 0x2BA, 0x201C...0x201F, 0x2033, 0x2036, 0x275D, 0x275E, 0x301D...0x301F, 0xFF02:
      UInt8(ascii: "\"")
    // Hyphens, dashes and the minus sign. The long vowel mark of kana is a letter and is left alone.
    case 0x58A, 0x2010...0x2015, 0x2043, 0x2212, 0x2E3A, 0x2E3B, 0xFE58, 0xFE63, 0xFF0D:
      UInt8(ascii: "-")
    case 0x2044, 0x2215:
      UInt8(ascii: "/")
    // The empty Braille cell and the object placeholder: both look like nothing.
    case 0x2800, 0xFFFC:
      0x20
    default: nil
    }
  }

  /// Interlinear annotation marks: invisible, yet not on Unicode's list of what may be ignored.
  static func isAnnotation(_ scalar: Unicode.Scalar) -> Bool {
    (0xFFF9...0xFFFB).contains(scalar.value)
  }
}
