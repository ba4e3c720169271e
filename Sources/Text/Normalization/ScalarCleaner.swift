/// One pass over a text, scalar by scalar: everything of normalization that does not look at two scalars at once.
struct ScalarCleaner {
  /// More combining marks than this on one letter are no language; a long run of them would make composing slow.
  /// (Unicode's Stream-Safe Text Format, UAX #15, allows 30.)
  static let longestMarkRun = 16

  private var output: [UInt8] = []
  private var spaceIsDue = false
  private var markRun = 0
  /// Whether nothing was put out that composing (NFKC) could change.
  private var isComposed = true

  static func clean(_ text: String) -> (text: String, isComposed: Bool) {
    var cleaner = ScalarCleaner()
    cleaner.output.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if scalar.isASCII { cleaner.takeASCII(UInt8(truncatingIfNeeded: scalar.value)) } else { cleaner.take(scalar) }
    }
    return (String(decoding: cleaner.output, as: UTF8.self), cleaner.isComposed)
  }

  private mutating func takeASCII(_ byte: UInt8) {
    if byte <= 0x20 || byte == 0x7F {
      takeSpace()
    } else {
      putDueSpace()
      output.append(TextNormalizer.lowercased(byte))
      markRun = 0
    }
  }

  private mutating func takeSpace() {
    spaceIsDue = !output.isEmpty
    markRun = 0
  }

  private mutating func putDueSpace() {
    guard spaceIsDue else { return }
    output.append(0x20)
    spaceIsDue = false
  }

  private mutating func take(_ scalar: Unicode.Scalar) {
    if let replacement = Self.replacement(for: scalar) {
      takeASCII(replacement)
      return
    }
    let properties = scalar.properties
    // Composed, folded and visible already: true of nearly everything that people type.
    guard properties.changesWhenNFKCCaseFolded else {
      if properties.isWhitespace || properties.generalCategory == .control {
        takeSpace()
      } else if !Self.isAnnotation(scalar) {
        put(scalar)
      }
      return
    }
    if properties.isDefaultIgnorableCodePoint { return }
    if properties.isWhitespace {
      takeSpace()
    } else if properties.changesWhenCaseFolded {
      for folded in Self.caseFolded(scalar) {
        if let replacement = Self.replacement(for: folded) { takeASCII(replacement) } else { put(folded) }
      }
    } else {
      put(scalar)
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      takeASCII(UInt8(truncatingIfNeeded: scalar.value))
      return
    }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark:
      markRun += 1
      isComposed = false
      if markRun > Self.longestMarkRun { return }
    default:
      markRun = 0
      // Hangul syllables may be typed as their parts, which are letters and not marks.
      if properties.changesWhenNFKCCaseFolded || (0x1100...0x11FF).contains(scalar.value) { isComposed = false }
    }
    putDueSpace()
    output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  /// Unicode's full case folding, by way of the mappings that the standard library has: small, capital, small brings
  /// "ß", "ẞ" and "SS" together, and both forms of the small sigma. The dotless "ı" alone must not take that way.
  private static func caseFolded(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    let small = scalar.properties.lowercaseMapping
    guard scalar != "\u{131}" else { return small.unicodeScalars }
    return small.uppercased().lowercased().unicodeScalars
  }
}
