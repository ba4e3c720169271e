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
    let first = TextNormalizer.folded(words[0])
    // Most messages are no small talk in any language, and show it with their first word.
    guard languages.contains(where: { $0.smallTalkPrefixes.contains(first) }) else { return nil }
    let folded = words.map(TextNormalizer.folded)
    // English goes with every language.
    let english = languages.first { $0.language.isSameLanguage(as: "en") }
    return languages.lazy.compactMap { kind(of: folded, [$0, english].compactMap(\.self)) }.first
  }

  private static func kind(of words: [String], _ languages: [Comprehension]) -> SmallTalk? {
    var rest = words[...]
    var found: SmallTalk?
    while !rest.isEmpty {
      guard let next = next(in: rest, languages) else { return nil }
      // "hi, thanks" wants no greeting back.
      if next.kind == .closing { found = .closing } else { found = found ?? next.kind }
      rest = rest.dropFirst(next.length)
    }
    return found
  }

  /// The longest thanks that the words begin with, or else the longest greeting, or else the longest filler.
  private static func next(
    in words: ArraySlice<String>, _ languages: [Comprehension]
  ) -> (kind: SmallTalk?, length: Int)? {
    var joined = ""
    var thanks = 0
    var greeting = 0
    var filler = 0
    for (place, word) in words.prefix(longestPhrase).enumerated() {
      joined += word
      guard languages.contains(where: { $0.smallTalkPrefixes.contains(joined) }) else { break }
      if languages.contains(where: { $0.thanks.contains(joined) }) { thanks = place + 1 }
      if languages.contains(where: { $0.greetings.contains(joined) }) { greeting = place + 1 }
      if languages.contains(where: { $0.smallTalkFillers.contains(joined) }) { filler = place + 1 }
    }
    if thanks > 0 { return (.closing, thanks) }
    if greeting > 0 { return (.greeting, greeting) }
    return filler > 0 ? (nil, filler) : nil
  }
}
