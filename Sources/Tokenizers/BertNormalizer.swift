import Foundation

/// What uncased BERT models do to a text before it is cut into pieces: invisible characters go, Chinese characters stand
/// alone, accents and capitals are taken off, and words and punctuation marks are told apart.
///
/// The steps and their order are those of the `BertNormalizer` and `BertPreTokenizer` of Hugging Face's tokenizers.
enum BertNormalizer {
  /// The words of a text, in UTF-8, each with its number of characters. A punctuation mark is a word.
  static func words(of text: Substring) -> [(bytes: [UInt8], characters: Int)] {
    var words: [(bytes: [UInt8], characters: Int)] = []
    var word: [UInt8] = []
    var characters = 0
    func end() {
      if characters > 0 { words.append((word, characters)) }
      word.removeAll(keepingCapacity: true)
      characters = 0
    }
    func take(_ scalar: Unicode.Scalar) {
      if isSpace(scalar) { return end() }
      if isPunctuation(scalar) {
        end()
        words.append((Array(UTF8.encode(scalar).map { Array($0) } ?? []), 1))
      } else {
        if scalar.isASCII {
          word.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
          word.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        }
        characters += 1
      }
    }
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      for byte in text.utf8 {
        let scalar = Unicode.Scalar(byte)
        guard !isRemoved(scalar) else { continue }
        take((0x41...0x5A).contains(byte) ? Unicode.Scalar(byte | 0x20) : scalar)
      }
    } else {
      for scalar in lowered(text) { take(scalar) }
    }
    end()
    return words
  }

  private static func lowered(_ text: Substring) -> [Unicode.Scalar] {
    var cleaned = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !isRemoved(scalar) {
      if isSpace(scalar) {
        cleaned.append(" ")
      } else if isChinese(scalar) {
        cleaned.append(" ")
        cleaned.append(scalar)
        cleaned.append(" ")
      } else {
        cleaned.append(scalar)
      }
    }
    var result: [Unicode.Scalar] = []
    for scalar in String(cleaned).decomposedStringWithCanonicalMapping.unicodeScalars {
      if scalar.isASCII {
        result.append((0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value | 0x20)) : scalar)
      } else if scalar.properties.generalCategory != .nonspacingMark {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20, 0x09...0x0D: true
    case 0..<0x80: false
    default: scalar.properties.isWhitespace
    }
  }

  /// NUL, the replacement character, and what is neither seen nor a tab or a line break.
  static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: return false
    case 0, 0xFFFD: return true
    case 0x20..<0x7F: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate: return true
    default: return false
    }
  }

  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
    case 0..<0x80: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// The blocks of Chinese characters. Japanese syllables, Korean and Thai are not among them.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF,
      0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
