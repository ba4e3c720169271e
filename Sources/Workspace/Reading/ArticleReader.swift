import Foundation
import Support

/// Reads one article of `knowledge/`.
struct ArticleReader {
  let settings: Settings
  let problems: ProblemLog

  static let keys = [
    "title", "id", "questions", "tags", "language", "translation_of", "regions", "valid_from", "valid_until",
    "review_by", "owner", "audience",
  ]

  /// The path below `knowledge/` without `.md`.
  static func defaultID(of path: String) -> String {
    String(path.dropFirst("knowledge/".count).dropLast(".md".count))
  }

  /// Adds the article if it can be used; what is wrong with it is reported in any case.
  func read(_ file: SourceText, into catalogue: inout ArticleCatalogue) {
    guard let parts = FrontMatter(file, problems) else {
      catalogue.unread.insert(Self.defaultID(of: file.file))
      return
    }
    if parts.body.isEmpty {
      problems.error(at: parts.bodyLocation, "This article has no body: write the answer below the front matter.")
    }
    switch YAMLDocument(file: file.file, linesBefore: 1, problems: problems).read(parts.yaml) {
    case .broken:
      catalogue.unread.insert(writtenID(in: parts.yaml) ?? Self.defaultID(of: file.file))
    case .empty:
      problems.error(at: SourceLocation(file: file.file), "'title' is missing in this article's front matter.")
      catalogue.unread.insert(Self.defaultID(of: file.file))
    case .node(let node):
      guard let map = YAMLMap(node, what: "an article's front matter", keys: Self.keys, problems) else {
        catalogue.unread.insert(Self.defaultID(of: file.file))
        return
      }
      read(map, body: parts.body, file: file.file, into: &catalogue)
    }
  }

  private func read(_ map: YAMLMap, body: String, file: String, into catalogue: inout ArticleCatalogue) {
    let id = readID(map, file: file, into: &catalogue)
    let title = map.requiredText("title")
    let questions = map.texts("questions").map { AuthoredLine($0.text.oneLine, at: $0.location) }
    let tags = map.texts("tags").map(\.text)
    let language = map.language("language") ?? settings.language
    let translationOf = map.text("translation_of")
    let regions = map.texts("regions").map(\.text)
    let validFrom = map.day("valid_from")
    let validUntil = map.day("valid_until")
    let reviewBy = map.day("review_by")
    let owner = map.text("owner")?.text
    let audience = map.choice("audience", [Article.Audience.agency, .staff]) ?? .agency
    if let from = validFrom, let until = validUntil, until.day <= from.day {
      problems.error(
        at: until.location,
        "'valid_until' must be after 'valid_from' (\(from.day)): this article would never be answered.")
    }
    guard let id else { return }
    guard let title, !body.isEmpty else {
      catalogue.unread.insert(id)
      return
    }
    if let translationOf { catalogue.translationLocations[id] = translationOf.location }
    if let reviewBy { catalogue.reviewLocations[id] = reviewBy.location }
    catalogue.articles.append(
      Article(
        id: id, title: title.text.oneLine, questions: questions, tags: tags, language: language,
        translationOf: translationOf?.text, regions: regions, validFrom: validFrom?.day, validUntil: validUntil?.day,
        reviewBy: reviewBy?.day, owner: owner, audience: audience, body: body, location: title.location))
  }

  private func readID(_ map: YAMLMap, file: String, into catalogue: inout ArticleCatalogue) -> String? {
    let written = map.text("id")
    if map.holds("id"), written == nil { return nil }
    let id = written?.text ?? Self.defaultID(of: file)
    let location = written?.location ?? SourceLocation(file: file)
    if !Identifier.isArticle(id) {
      guard written == nil else {
        problems.error(
          at: location,
          "The id '\(id.clipped)' must be letters, digits, '-', '_' and '.', with '/' between, as payouts/late-payout.")
        return nil
      }
      problems.warning(
        at: location, "This file's name makes a poor id; use letters, digits, '-', '_' and '.', or give it an 'id'.")
    }
    if let first = catalogue.ids[id] {
      problems.error(at: location, "The article '\(id.clipped)' is there twice; the first is at \(first).")
      return nil
    }
    catalogue.ids[id] = location
    return id
  }

  /// The id that broken front matter seems to have, so that what points at the article is not reported as well.
  private func writtenID(in yaml: String) -> String? {
    let line = yaml.split(whereSeparator: \.isNewline).first { $0.hasPrefix("id:") }
    let value = line?.dropFirst(3).split(separator: " #", omittingEmptySubsequences: false).first
    let id = value?.trimmingCharacters(in: CharacterSet(charactersIn: " \t'\"")) ?? ""
    return id.isEmpty ? nil : id
  }
}
