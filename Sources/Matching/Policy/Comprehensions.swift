import Support

/// What is understood, in all languages of a workspace.
struct Comprehensions: Sendable {
  private let all: [Comprehension]
  private let standard: String

  init(_ phrases: [Phrases], language: String) {
    all = phrases.map(Comprehension.init)
    standard = language
  }

  /// All of them: the asker's language first, then the workspace's own, then English, then the others in their order.
  func preferring(_ language: String?) -> [Comprehension] {
    let wanted = [language, standard, "en"].compactMap { $0?.primaryLanguage }
    func rank(_ one: Comprehension) -> Int { wanted.firstIndex(of: one.language.primaryLanguage) ?? wanted.count }
    return all.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }

  /// Those that a message may well be in: the asker's language, where it is known; else all.
  func likely(_ language: String?) -> [Comprehension] {
    let own = all.filter { one in language.map { one.language.isSameLanguage(as: $0) } ?? false }
    return own.isEmpty ? preferring(nil) : own
  }
}
