import Foundation
import Synchronization
import Text

/// The names of countries in one language, as ICU knows them.
struct CountryNames: Sendable {
  /// Counted once: this is asked for every message, in every language.
  private struct Name {
    var name: String
    var scalars: Int
    var isUnspaced: Bool
    /// Without the Arabic article, which melts into what stands before it; nil for names in other scripts.
    var core: (name: String, scalars: Int)?
    var code: String

    init(_ name: String, code: String) {
      self.name = name
      self.code = code
      scalars = name.unicodeScalars.count
      isUnspaced = Tokenizer.hasUnspacedScript(name)
      guard let first = name.unicodeScalars.first, (0x600...0x6FF).contains(first.value) else { return }
      let core = name.hasPrefix("\u{627}\u{644}") ? String(name.dropFirst(2)) : name
      self.core = (core, core.unicodeScalars.count)
    }
  }

  /// Names without diacritics and blanks, the longest first; of several codes for one name the first.
  private let names: [Name]
  private let whole: [String: String]
  /// Places in `names`, by what a word with an ending or prefix cut off must be: a message has few words, a language
  /// hundreds of names.
  private let places: [String: [Int]]
  /// Places of names that are written without blanks.
  private let unspaced: [Int]

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
    var names: [Name] = []
    for code in Countries.codes.sorted() {
      guard let name = locale.localizedString(forRegionCode: code) else { continue }
      let joined = Comprehension.words(name).joined()
      guard joined.unicodeScalars.count > 1, whole[joined] == nil else { continue }
      whole[joined] = code
      names.append(Name(joined, code: code))
    }
    self.whole = whole
    names.sort { ($1.name.utf8.count, $0.name) < ($0.name.utf8.count, $1.name) }
    self.names = names
    var places: [String: [Int]] = [:]
    for (place, name) in names.enumerated() where !name.isUnspaced {
      places[name.name, default: []].append(place)
      if let core = name.core, core.name != name.name { places[core.name, default: []].append(place) }
    }
    self.places = places
    unspaced = names.indices.filter { names[$0].isUnspaced && names[$0].scalars > 2 }
  }

  /// - Parameter words: of a normalised text, without diacritics.
  func code(ofWhole words: [String]) -> String? { whole[words.joined()] }

  /// The country that is named in the words, with the little endings and prefixes that some languages put on names.
  func code(in words: [String]) -> String? {
    let words = words.map(TextNormalizer.folded)
    for length in stride(from: min(5, words.count), through: 1, by: -1) {
      for start in 0...(words.count - length) {
        if let code = whole[words[start..<(start + length)].joined()] { return code }
      }
    }
    let joined = words.filter(Tokenizer.hasUnspacedScript).joined()
    var first = joined.isEmpty ? nil : unspaced.first { joined.contains(names[$0].name) }
    for word in words {
      if let place = place(ofInflected: word), place < first ?? .max { first = place }
    }
    return first.map { names[$0].code }
  }

  /// The first name that the word is an inflection of.
  private func place(ofInflected word: String) -> Int? {
    let scalars = word.unicodeScalars
    let count = scalars.count
    var first: Int?
    for more in 1...4 where count - more >= 3 {
      for stem in [scalars.dropLast(more), scalars.dropFirst(more)] {
        for place in places[String(stem)] ?? []
        where place < first ?? .max && Self.isInflected(word, scalars: count, of: names[place]) {
          first = place
        }
      }
    }
    return first
  }

  /// "brezilyada" of "brezilya"; "\u{644}\u{644}\u{628}\u{631}\u{627}\u{632}\u{64a}\u{644}" of the same with its article.
  private static func isInflected(_ word: String, scalars: Int, of name: Name) -> Bool {
    let more = scalars - name.scalars
    if name.scalars >= 5, (1...4).contains(more), word.hasPrefix(name.name) { return true }
    // "l'allemagne", whose apostrophe is gone.
    if name.scalars >= 5, more == 1, word.hasSuffix(name.name) { return true }
    guard let core = name.core else { return false }
    return core.scalars >= 3 && (1...4).contains(scalars - core.scalars) && word.hasSuffix(core.name)
  }
}
