import Foundation
import TestSupport
import Testing
import Text

@testable import Matching

/// Names are looked up by what is left when an ending or a prefix is cut off. Here every name is tried in turn.
@Suite struct CountryNameTests {
  @Test(arguments: ["ar", "de", "es", "fr", "he", "hi", "id", "ja", "ko", "pt", "ru", "th", "tr", "vi", "zh"])
  func `looked up, a word names the same country as when every name is tried in turn`(language: String) throws {
    let names = try #require(CountryNames.of(language))
    let all = Self.names(in: language)
    let alphabet = Array(Set(all.flatMap(\.name)).sorted())
    var random = SeededGenerator(seed: language.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    func letters(_ most: Int) -> String {
      String((0..<Int.random(in: 0...most, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
    }
    var found = 0
    for (place, name) in all.enumerated() where place % 6 == 0 {
      // Endings are commoner than prefixes.
      let word = TextNormalizer.folded(letters(place % 12 == 0 ? 0 : 5) + name.name + letters(5))
      let words = [TextNormalizer.folded(letters(4)), word, TextNormalizer.folded(letters(9))].filter { !$0.isEmpty }
      let code = names.code(in: words)
      #expect(code == Self.code(in: words, of: all), "\(words)")
      if code != nil { found += 1 }
    }
    #expect(found > 3, "Hardly any word named a country: little was compared.")
  }

  private struct Name {
    var name: String
    var code: String
    var length: Int
    var isUnspaced: Bool
    /// Without the Arabic article.
    var core: (name: String, length: Int)?

    init(name: String, code: String) {
      self.name = name
      self.code = code
      length = name.unicodeScalars.count
      isUnspaced = Tokenizer.hasUnspacedScript(name)
      guard let first = name.unicodeScalars.first, (0x600...0x6FF).contains(first.value) else { return }
      let core = name.hasPrefix("ال") ? String(name.dropFirst(2)) : name
      self.core = (core, core.unicodeScalars.count)
    }

    func isInflected(as word: String, length wordLength: Int) -> Bool {
      let more = wordLength - length
      if length >= 5, (1...4).contains(more), word.hasPrefix(name) { return true }
      if length >= 5, more == 1, word.hasSuffix(name) { return true }
      guard let core, core.length >= 3 else { return false }
      return (1...4).contains(wordLength - core.length) && word.hasSuffix(core.name)
    }
  }

  private static func names(in language: String) -> [Name] {
    var names: [Name] = []
    var seen: Set<String> = []
    let locale = Locale(identifier: language)
    for code in Countries.codes.sorted() {
      guard let name = locale.localizedString(forRegionCode: code) else { continue }
      let joined = Comprehension.words(name).joined()
      guard joined.unicodeScalars.count > 1, seen.insert(joined).inserted else { continue }
      names.append(Name(name: joined, code: code))
    }
    return names.sorted { ($1.name.utf8.count, $0.name) < ($0.name.utf8.count, $1.name) }
  }

  private static func code(in words: [String], of names: [Name]) -> String? {
    for length in stride(from: min(5, words.count), through: 1, by: -1) {
      for start in 0...(words.count - length) {
        let said = words[start..<(start + length)].joined()
        if let name = names.first(where: { $0.name == said }) { return name.code }
      }
    }
    let joined = words.filter(Tokenizer.hasUnspacedScript).joined()
    let measured = words.map { (word: $0, length: $0.unicodeScalars.count) }
    return names.first { name in
      guard name.isUnspaced else {
        return measured.contains { name.isInflected(as: $0.word, length: $0.length) }
      }
      return name.length > 2 && joined.contains(name.name)
    }?.code
  }
}
