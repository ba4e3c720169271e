import Support

/// The phrasebooks of a workspace, one a language.
struct Phrasebooks: Sendable {
  private let books: [String: Phrasebook]
  /// In the workspace's own language, or else in English.
  let standard: Phrasebook

  init(_ phrases: [Phrases], language: String) {
    let byTag = Dictionary(phrases.map { ($0.language.lowercased(), $0) }) { first, _ in first }
    let own = byTag[language.lowercased()] ?? byTag[language.primaryLanguage]
    let fallbacks = [own, byTag["en"]].compactMap(\.self)
    var books: [String: Phrasebook] = [:]
    for phrases in phrases {
      let related = byTag[phrases.language.primaryLanguage].map { [$0] } ?? []
      books[phrases.language.lowercased()] = Phrasebook(phrases, fallbacks: related + fallbacks)
    }
    self.books = books
    standard = Phrasebook(own ?? byTag["en"] ?? phrases.first ?? Phrases(language: language), fallbacks: fallbacks)
  }

  /// - Parameter language: BCP 47; nil where nobody knows.
  func book(for language: String?) -> Phrasebook {
    guard let language else { return standard }
    return books[language.lowercased()] ?? books[language.primaryLanguage] ?? standard
  }

  /// `Portuguese (pt-BR)`, for those who run the desk; the tag alone where the English phrases have no name for it.
  func described(_ language: String) -> String {
    let tag = String(
      language.unicodeScalars.filter { $0.isASCII && $0.properties.generalCategory != .control }.prefix(35))
    let name = books["en"]?.givenName(of: language)
    return name.map { "\($0) (\(tag))" } ?? (tag.isEmpty ? "a language without a name" : tag)
  }
}
