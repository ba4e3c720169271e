import Foundation
import Support

/// Reads files of `phrases/`.
struct PhrasesReader {
  let problems: ProblemLog

  private static let keys = ["language", "direction", "dates", "languages", "say", "hear"]

  private enum Direction: String, CaseIterable {
    case ltr, rtl
  }

  /// A file as it was read, and where it names its language.
  struct File {
    var phrases: Phrases
    var location: SourceLocation
  }

  /// What can be used of a file; nil when that is nothing.
  func read(_ file: SourceText) -> File? {
    switch YAMLDocument(file: file.file, linesBefore: 0, problems: problems).read(file.text) {
    case .broken: return nil
    case .empty:
      problems.warning(at: SourceLocation(file: file.file), "This file is empty.")
      return nil
    case .node(let node):
      guard let map = YAMLMap(node, what: "a file of phrases/", keys: Self.keys, problems) else { return nil }
      return read(map)
    }
  }

  private func read(_ map: YAMLMap) -> File? {
    var phrases = Phrases(language: "")
    phrases.isRightToLeft = map.choice("direction", Direction.allCases) == .rtl
    if let dates = map.map("dates", what: "the dates", keys: ["weekdays", "months"]) {
      phrases.weekdays = names("weekdays", 7, "from Sunday on", dates)
      phrases.months = names("months", 12, "from January on", dates)
    }
    for pair in map.pairs("languages", of: "language tags and names") {
      let name = YAMLMap.text(of: pair.value, "the name of '\(pair.key.clipped)'", problems)
      guard let tag = LanguageTag(pair.key) else {
        problems.error(
          at: pair.keyLocation, "'\(pair.key.clipped)' is no language tag; write one such as en or pt-BR.")
        continue
      }
      if let name { phrases.languageNames[tag.text] = name.text }
    }
    if let say = map.map("say", what: "the sentences (say)", keys: Phrases.Saying.allCases.map(\.rawValue)) {
      for saying in Phrases.Saying.allCases {
        guard let line = say.text(saying.rawValue), hasItsPlaceholders(line, of: saying) else { continue }
        phrases.say[saying] = line.text
      }
    }
    if let hear = map.map("hear", what: "what is understood (hear)", keys: Phrases.Hearing.allCases.map(\.rawValue)) {
      for hearing in Phrases.Hearing.allCases where hear.holds(hearing.rawValue) {
        phrases.hear[hearing] = hear.texts(hearing.rawValue).map(\.text)
      }
    }
    guard map.requiredText("language", " Name the language of the phrases, such as language: es.") != nil,
      let language = map.language("language")
    else { return nil }
    phrases.language = language
    return File(phrases: phrases, location: map.entryQuietly("language")?.location ?? map.location)
  }

  private func names(_ key: String, _ count: Int, _ order: String, _ dates: YAMLMap) -> [String] {
    guard dates.holds(key), let location = dates.entryQuietly(key)?.location else { return [] }
    let before = problems.problems.count
    let names = dates.texts(key).map(\.text)
    guard problems.problems.count == before else { return [] }
    guard names.count == count else {
      problems.error(at: location, "'\(key)' must be a list of \(count) names \(order); found \(names.count).")
      return []
    }
    return names
  }

  private func hasItsPlaceholders(_ line: AuthoredLine, of saying: Phrases.Saying) -> Bool {
    let wanted = saying.placeholders
    let found = Self.placeholders(in: line.text)
    for name in found where !wanted.contains(name) {
      let known =
        wanted.isEmpty
        ? "it has none" : "it has \(wanted.map { "{\($0)}" }.joined(separator: ", "))"
      problems.error(
        at: line.location,
        "The placeholder {\(name.clipped)} is not known in '\(saying.rawValue)'; \(known).\(NearMiss.hint(name, among: wanted))"
      )
    }
    for name in wanted where !found.contains(name) {
      problems.error(at: line.location, "The placeholder {\(name)} is missing in '\(saying.rawValue)'.")
    }
    return Set(found) == Set(wanted)
  }

  /// The names between braces, in their order.
  static func placeholders(in template: String) -> [String] {
    var names: [String] = []
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      let after = rest.index(after: open)
      guard let close = rest[after...].firstIndex(of: "}") else { break }
      names.append(String(rest[after..<close]))
      rest = rest[rest.index(after: close)...]
    }
    return names
  }
}
