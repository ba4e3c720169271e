import Foundation

/// Takes the diacritics off Latin, Greek and Cyrillic letters.
struct DiacriticStripper {
  static func strip(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: mayChange) else { return text }
    var output = String.UnicodeScalarView()
    var base: Unicode.Scalar = " "
    for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
      if isDiacritic(scalar) {
        if !isStrippedLetter(base) || isLetterOfItsOwn(base, scalar) { output.append(scalar) }
        continue
      }
      base = scalar
      if let letters = plainLetters(for: scalar) {
        output.append(contentsOf: letters.unicodeScalars)
      } else {
        output.append(scalar)
      }
    }
    return String(output).precomposedStringWithCanonicalMapping
  }

  private static func mayChange(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.isASCII && (isStrippedLetter(scalar) || isDiacritic(scalar))
  }

  /// The blocks of marks that these three scripts use.
  private static func isDiacritic(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x300...0x36F, 0x483...0x487, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
    default: false
    }
  }

  /// A letter of the Latin, Greek (and Coptic) or Cyrillic blocks.
  private static func isStrippedLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x250...0x2AF, 0x370...0x3FF, 0x400...0x52F, 0x1D00...0x1DBF,
      0x1E00...0x1FFF, 0x2C60...0x2C7F, 0xA640...0xA69F, 0xA720...0xA7FF:
      scalar.properties.isAlphabetic
    default: false
    }
  }

  /// "й", "ў" and "ї" are no more accented forms of another letter than "i" is a dotted "ı".
  private static func isLetterOfItsOwn(_ base: Unicode.Scalar, _ mark: Unicode.Scalar) -> Bool {
    switch (base.value, mark.value) {
    case (0x438, 0x306), (0x443, 0x306), (0x456, 0x308): true
    default: false
    }
  }

  /// Letters whose stroke or tie is no separate mark, so that decomposing does not take it off.
  private static func plainLetters(for scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "ø": "o"
    case "đ", "ð": "d"
    case "ł": "l"
    case "ħ": "h"
    case "ŧ": "t"
    case "ı": "i"
    case "æ": "ae"
    case "œ": "oe"
    case "þ": "th"
    default: nil
    }
  }
}
