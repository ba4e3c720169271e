import Foundation

/// Brings texts that mean the same to the same characters, so that patterns and words can be compared.
///
/// Takes time linear in the text, whatever is in it. Every function is idempotent.
package struct TextNormalizer {
  /// Compatibility forms composed (NFKC), case folded, invisible characters (zero-width, bidi controls, soft hyphens,
  /// variation selectors) removed, NUL and other controls made white space, typographic quotes and dashes made ASCII,
  /// runs of white space made one space, and none left at the ends.
  package static func normalize(_ text: String) -> String {
    if let ascii = normalizedASCII(text) { return ascii }
    var (current, isComposed) = ScalarCleaner.clean(text)
    // Composing can bring forth what has to be cleaned again (a full-width capital, a ligature). Two rounds are the
    // most that has been seen; the bound is there because a hostile text must not decide how long this takes.
    var rounds = 0
    while !isComposed, rounds < 4 {
      let next = ScalarCleaner.clean(current.precomposedStringWithCompatibilityMapping)
      let isStable = next.text.utf8.elementsEqual(current.utf8)
      current = next.text
      isComposed = next.isComposed || isStable
      rounds += 1
    }
    return current
  }

  /// As `normalize`, and without the diacritics of Latin, Greek and Cyrillic letters: "é" and "e" become the same, as do
  /// "ł" and "l", "æ" and "ae". Marks of other scripts tell words apart and stay; so do "й", "ў" and "ї", which are
  /// letters of their own.
  package static func folded(_ text: String) -> String {
    let normalized = normalize(text)
    guard normalized.utf8.contains(where: { $0 >= 0x80 }) else { return normalized }
    return DiacriticStripper.strip(normalized)
  }

  /// The same for a text of ASCII only, in one pass over its bytes; nil when there is anything else in it.
  private static func normalizedASCII(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { bytes -> String? in
      guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
      return String(unsafeUninitializedCapacity: bytes.count) { output in
        var count = 0
        var spaceIsDue = false
        for byte in bytes {
          if byte <= 0x20 || byte == 0x7F {
            spaceIsDue = count > 0
            continue
          }
          if spaceIsDue {
            output[count] = 0x20
            count += 1
            spaceIsDue = false
          }
          output[count] = lowercased(byte)
          count += 1
        }
        return count
      }
    }
  }

  /// The small letter of a capital, and the apostrophe for the grave accent that is so often typed in its stead.
  static func lowercased(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "`"): UInt8(ascii: "'")
    default: byte
    }
  }
}
