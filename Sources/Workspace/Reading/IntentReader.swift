import Support

/// Reads one intent rule.
struct IntentReader {
  let settings: Settings
  let problems: ProblemLog

  static let keys = [
    "id", "title", "language", "priority", "examples", "patterns", "keywords", "answer", "article", "escalate", "slots",
  ]

  /// Adds the intent if it can be used; what is wrong with it is reported in any case.
  func read(_ node: YAMLNode, into catalogue: inout IntentCatalogue) {
    guard let map = YAMLMap(node, what: "an intent", keys: Self.keys, problems) else { return }
    let id = readID(map, into: &catalogue)
    let title = readTitle(map)
    let language = map.language("language") ?? settings.language
    let priority = map.integer("priority") ?? 0
    let slots = SlotReader(problems: problems).read(map, into: &catalogue)
    let examples = readExamples(map, slots: slots.map(\.name), into: &catalogue)
    let patterns = map.texts("patterns")
    for pattern in patterns { PatternSyntax.check(pattern, problems) }
    let keywords = readKeywords(map)
    let action = readAction(map, into: &catalogue)
    if !map.holds("examples"), !map.holds("patterns"), !map.holds("keywords") {
      problems.warning(
        at: id?.location ?? map.location,
        "Nothing reaches this intent: it has neither examples nor patterns nor keywords.")
    } else if examples.isEmpty, patterns.isEmpty, keywords == nil {
      problems.warning(at: id?.location ?? map.location, "Nothing reaches this intent: its lists are empty.")
    }
    guard let id, let action else { return }
    catalogue.intents.append(
      Intent(
        id: id.text, title: (title?.text ?? id.text).oneLine, language: language, priority: priority,
        examples: examples,
        patterns: patterns, keywords: keywords, action: action, slots: slots, location: id.location))
  }

  /// People would see the id in its place: worth a word, and no reason not to go live.
  private func readTitle(_ map: YAMLMap) -> AuthoredLine? {
    if map.holds("title") { return map.requiredText("title") }
    problems.warning(at: map.location, "The key 'title' is missing in this intent: people will be shown its id.")
    return nil
  }

  private func readID(_ map: YAMLMap, into catalogue: inout IntentCatalogue) -> AuthoredLine? {
    guard let id = map.requiredText("id") else { return nil }
    guard Identifier.isIntent(id.text) else {
      problems.error(
        at: id.location,
        "The id '\(id.text.clipped)' must be lower-case words joined by '-', such as payout-late.")
      return nil
    }
    if let first = catalogue.ids[id.text] {
      problems.error(at: id.location, "The intent '\(id.text)' is defined twice; the first is at \(first).")
    } else {
      catalogue.ids[id.text] = id.location
    }
    return id
  }

  private func readExamples(_ map: YAMLMap, slots: [String], into catalogue: inout IntentCatalogue) -> [Example] {
    var seen: [String: SourceLocation] = [:]
    return map.texts("examples").compactMap { line in
      let example = ExampleText.read(line.text.oneLine, at: line.location)
      for mark in example.marks {
        let reference = IntentCatalogue.Reference(name: mark.entity, location: line.location)
        catalogue.marks.append((reference, slots))
      }
      let key = example.text.lowercased()
      if let first = seen[key] {
        problems.warning(at: line.location, "This example stands here twice; the first is at line \(first.line).")
        return nil
      }
      seen[key] = line.location
      return example
    }
  }

  private func readKeywords(_ map: YAMLMap) -> Intent.Keywords? {
    guard let below = map.map("keywords", what: "keywords", keys: ["any", "all", "none"]) else { return nil }
    let keywords = Intent.Keywords(
      any: below.texts("any").map(\.text.oneLine), all: below.texts("all").map(\.text.oneLine),
      none: below.texts("none").map(\.text.oneLine))
    if keywords.isEmpty {
      problems.warning(at: below.location, "These keywords are empty: fill them or leave them out.")
      return nil
    }
    if keywords.any.isEmpty, keywords.all.isEmpty {
      problems.warning(
        at: below.location, "With 'none' alone every message without these words matches; add 'any' or 'all'.")
    }
    return keywords
  }

  private func readAction(_ map: YAMLMap, into catalogue: inout IntentCatalogue) -> Intent.Action? {
    let given = ["answer", "article", "escalate"].filter(map.has)
    // Read each of them, so that what is wrong inside is said as well.
    let answer = map.has("answer") ? map.requiredText("answer").map { Intent.Action.answer($0.text) } : nil
    let article = map.has("article") ? map.requiredText("article") : nil
    if let article {
      catalogue.articleReferences.append(.init(name: article.text, location: article.location))
    }
    let escalation = map.has("escalate") ? readEscalation(map, into: &catalogue) : nil
    switch given.count {
    case 0:
      problems.error(
        at: map.keyLocation("id") ?? map.location,
        "This intent does nothing: it needs one of 'answer', 'article' and 'escalate'.")
      return nil
    case 1:
      return answer ?? article.map { .article($0.text) } ?? escalation.map { .escalate($0) }
    default:
      problems.error(
        at: given.compactMap(map.keyLocation).max() ?? map.location,
        "An intent does one thing, and this one has \(given.map { "'\($0)'" }.joined(separator: " and ")); keep one.")
      return nil
    }
  }

  private func readEscalation(_ map: YAMLMap, into catalogue: inout IntentCatalogue) -> Intent.Escalation? {
    guard map.holds("escalate") else {
      map.reportMissing("escalate", " Write a map such as {queue: payouts, priority: high}.")
      return nil
    }
    let keys = ["queue", "priority", "tags"]
    guard let below = map.map("escalate", what: "an escalation", keys: keys) else { return nil }
    let queue = below.text("queue")
    if let queue { catalogue.queueReferences.append(.init(name: queue.text, location: queue.location)) }
    let priority = below.choice("priority", TicketPriority.allCases) ?? .normal
    let tags = below.texts("tags").map(\.text)
    return Intent.Escalation(queue: queue?.text ?? settings.desk.defaultQueue, priority: priority, tags: tags)
  }
}
