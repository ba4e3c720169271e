import CCLD2

/// CLD2's opinion on a text. Good on a paragraph, a vote among others on a line.
enum CompactLanguageDetector {
  struct Guess: Sendable, Hashable {
    /// ISO 639.
    var language: String
    /// 0…1.
    var share: Double
  }

  /// The likeliest languages, the likeliest first; empty when it has no opinion.
  static func guesses(_ text: String) -> [Guess] {
    var guesses = [greenroom_cld2_guess](repeating: greenroom_cld2_guess(), count: Int(GREENROOM_CLD2_MOST))
    var isReliable: CInt = 0
    let count = text.withCharacters { characters, length in
      guesses.withUnsafeMutableBufferPointer {
        greenroom_cld2_detect(characters, length, $0.baseAddress, &isReliable)
      }
    }
    return guesses.prefix(Int(max(0, count))).map { guess in
      var guess = guess
      let code = withUnsafeBytes(of: &guess.code) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      return Guess(language: primary(code), share: Double(guess.percent) / 100)
    }
  }

  private static func primary(_ code: String) -> String {
    switch code {
    case "iw": "he"
    case "in": "id"
    case "jw": "jv"
    default: String(code.prefix { $0 != "-" }).lowercased()
    }
  }
}
