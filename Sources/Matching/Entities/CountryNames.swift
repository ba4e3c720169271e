import Foundation
import Synchronization
import Text

/// The names of countries in one language, as ICU knows them.
struct CountryNames: Sendable {
  /// Names without diacritics and blanks, the longest first; of several codes for one name the first.
  private let names: [(name: String, words: Int, code: String)]
  private let whole: [String: String]

  /// Made when a language is first met.
  private static let made = Mutex<[String: CountryNames]>([:])

  /// Nil for English, whose names are known already, and for languages that ICU has no names for.
  static func of(_ language: String) -> CountryNames? {
    let primary = language.primaryLanguage
    guard primary != "en" else { return nil }
    return made.withLock { made in
      if let known = made[primary] { return known }
      let names = CountryNames(language: primary)
      made[primary] = names
      return names
    }
  }

  private init(language: String) {
    let locale = Locale(identifier: language)
    var whole: [String: String] = [:]
    var names: [(name: String, words: Int, code: String)] = []
    for code in Countries.codes.sorted() {
      guard let name = locale.localizedString(forRegionCode: code) else { continue }
      let words = Comprehension.words(name)
      let joined = words.joined()
      guard joined.unicodeScalars.count > 1, whole[joined] == nil else { continue }
      whole[joined] = code
      names.append((joined, words.count, code))
    }
    self.whole = whole
    self.names = names.sorted { ($1.name.utf8.count, $0.name) < ($0.name.utf8.count, $1.name) }
  }

  /// - Parameter words: of a normalised text.
  func code(ofWhole words: [String]) -> String? { whole[words.map(TextNormalizer.folded).joined()] }

  /// The country that is named in the words, with the little endings and prefixes that some languages put on names.
  func code(in words: [String]) -> String? {
    let words = words.map(TextNormalizer.folded)
    for length in stride(from: min(5, words.count), through: 1, by: -1) {
      for start in 0...(words.count - length) {
        if let code = whole[words[start..<(start + length)].joined()] { return code }
      }
    }
    let joined = words.filter(Tokenizer.hasUnspacedScript).joined()
    for (name, _, code) in names where name.unicodeScalars.count >= 2 {
      if Tokenizer.hasUnspacedScript(name) {
        if name.unicodeScalars.count > 2, joined.contains(name) { return code }
      } else if words.contains(where: { Self.isInflected($0, of: name) }) {
        return code
      }
    }
    return nil
  }

  /// "brezilyada" of "brezilya"; "\u{644}\u{644}\u{628}\u{631}\u{627}\u{632}\u{64a}\u{644}" of the same with its article.
  private static func isInflected(_ word: String, of name: String) -> Bool {
    let length = name.unicodeScalars.count
    let more = word.unicodeScalars.count - length
    if length >= 5, (1...4).contains(more), word.hasPrefix(name) { return true }
    // "l'allemagne", whose apostrophe is gone.
    if length >= 5, more == 1, word.hasSuffix(name) { return true }
    guard let first = name.unicodeScalars.first, (0x600...0x6FF).contains(first.value) else { return false }
    // The Arabic article melts into what stands before it.
    let article = "\u{627}\u{644}"
    let core = name.hasPrefix(article) ? String(name.dropFirst(2)) : name
    let before = word.unicodeScalars.count - core.unicodeScalars.count
    return core.unicodeScalars.count >= 3 && (1...4).contains(before) && word.hasSuffix(core)
  }
}
