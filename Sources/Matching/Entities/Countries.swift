import Foundation
import Text

/// Countries by name, as ICU knows them in English, and by ISO 3166 code.
enum Countries {
  /// The ISO 3166 code of the country that `text` names; `EU` counts.
  /// - Parameters:
  ///   - isAnswer: the text answers a question for a country, so that a bare two-letter code will do.
  ///   - languages: BCP 47; names are known in these as well as in English.
  static func code(in text: String, isAnswer: Bool, languages: [String] = []) -> String? {
    let words = Tokenizer.words(in: TextNormalizer.normalize(text))
    if isAnswer, words.count <= 3 {
      for word in words {
        let code = word.uppercased()
        if code == "UK" { return "GB" }
        if code == "USA" { return "US" }
        if code == "EU" || codes.contains(code), !englishWords.contains(word) || words.count == 1 { return code }
      }
    }
    for length in stride(from: min(4, words.count), through: 1, by: -1) {
      for start in 0...(words.count - length) {
        if let code = names[words[start..<(start + length)].joined(separator: " ")] { return code }
      }
    }
    return languages.lazy.compactMap { CountryNames.of($0)?.code(in: words) }.first
  }

  /// Whether the words are the name of a country, in English or the language, and nothing else.
  /// - Parameters:
  ///   - words: of a normalised text.
  ///   - folded: the same without diacritics.
  static func isWholly(_ words: [String], folded: [String], in language: String) -> Bool {
    names[words.joined(separator: " ")] != nil || CountryNames.of(language)?.code(ofWhole: folded) != nil
  }

  static let codes = Set(
    Locale.Region.isoRegions.map(\.identifier).filter { $0.count == 2 && $0.allSatisfy(\.isLetter) })

  /// Codes that are English words as well: not a country when they stand in a sentence.
  private static let englishWords: Set<String> = [
    "in", "it", "is", "be", "me", "my", "no", "so", "to", "at", "as", "am", "us", "do", "by",
  ]

  private static let names: [String: String] = {
    let english = Locale(identifier: "en")
    var names: [String: String] = [:]
    for code in codes {
      guard let name = english.localizedString(forRegionCode: code) else { continue }
      names[Tokenizer.words(in: TextNormalizer.normalize(name)).joined(separator: " ")] = code
    }
    names.merge([
      "uk": "GB", "u.k": "GB", "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
      "usa": "US", "u.s": "US", "america": "US", "the states": "US", "europe": "EU", "european union": "EU", "eu": "EU",
      "holland": "NL", "turkey": "TR", "korea": "KR", "south korea": "KR", "czech republic": "CZ", "uae": "AE",
      "emirates": "AE", "brasil": "BR", "españa": "ES", "deutschland": "DE", "méxico": "MX", "viet nam": "VN",
    ]) { $1 }
    return names
  }()
}
