import Text

/// Words that keep a conversation going and ask for nothing. A message of nothing else never opens or reopens a ticket.
enum SmallTalk: Sendable, Hashable {
  case greeting
  /// Thanks, agreement, goodbye: no answer is expected.
  case closing

  /// Phrases are looked for in so many words at most: syllables of Korean come as several.
  private static let longestPhrase = 12

  /// What a message is when it says nothing but small talk, in any one of the languages; nil when it says anything else.
  /// - Parameter words: of the normalised text.
  static func kind(of words: [String], in languages: [Comprehension]) -> SmallTalk? {
    guard !words.isEmpty, words.count <= 24 else { return nil }
    let isUnspaced = words.contains(where: Tokenizer.hasUnspacedScript)
    guard isUnspaced || words.count <= 10 else { return nil }
    let folded = words.map(TextNormalizer.folded)
    // English goes with every language.
    let english = languages.first { $0.language.isSameLanguage(as: "en") }
    return languages.lazy.compactMap { kind(of: folded, [$0, english].compactMap(\.self)) }.first
  }

  private static func kind(of words: [String], _ languages: [Comprehension]) -> SmallTalk? {
    var rest = words[...]
    var found: SmallTalk?
    while let word = rest.first {
      if let length = longestPrefix(of: rest, in: languages.map(\.thanks)) {
        // "hi, thanks" wants no greeting back.
        found = .closing
        rest = rest.dropFirst(length)
      } else if let length = longestPrefix(of: rest, in: languages.map(\.greetings)) {
        found = found ?? .greeting
        rest = rest.dropFirst(length)
      } else if languages.contains(where: { $0.smallTalkFillers.contains(word) }) {
        rest = rest.dropFirst()
      } else if let length = longestPrefix(of: rest, in: languages.map(\.smallTalkFillers)) {
        rest = rest.dropFirst(length)
      } else {
        return nil
      }
    }
    return found
  }

  private static func longestPrefix(of words: ArraySlice<String>, in phrases: [Set<String>]) -> Int? {
    var joined = ""
    var longest: Int?
    for (count, word) in words.prefix(longestPhrase).enumerated() {
      joined += word
      if phrases.contains(where: { $0.contains(joined) }) { longest = count + 1 }
    }
    return longest
  }
}
