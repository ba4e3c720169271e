import Support

/// What is understood, in all languages of a workspace.
struct Comprehensions: Sendable {
  /// By primary language; asked for with every message.
  private let preferring: [String: [Comprehension]]
  private let own: [String: [Comprehension]]
  /// For a language of which nothing is understood, and where nobody knows the language.
  private let standard: [Comprehension]

  init(_ phrases: [Phrases], language: String) {
    let all = phrases.map(Comprehension.init)
    func preferring(_ language: String?, _ standard: String) -> [Comprehension] {
      let wanted = [language, standard, "en"].compactMap { $0?.primaryLanguage }
      func rank(_ one: Comprehension) -> Int { wanted.firstIndex(of: one.language.primaryLanguage) ?? wanted.count }
      return all.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }
    own = Dictionary(grouping: all) { $0.language.primaryLanguage }
    self.preferring = Dictionary(uniqueKeysWithValues: own.keys.map { ($0, preferring($0, language)) })
    standard = preferring(nil, language)
  }

  /// All of them: the asker's language first, then the workspace's own, then English, then the others in their order.
  func preferring(_ language: String?) -> [Comprehension] {
    language.flatMap { preferring[$0.primaryLanguage] } ?? standard
  }

  /// Those that a message may well be in: the asker's language, where it is known; else all.
  func likely(_ language: String?) -> [Comprehension] { language.flatMap { own[$0.primaryLanguage] } ?? standard }
}
