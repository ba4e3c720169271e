import Support

/// Holds the parts of a workspace against each other.
struct WorkspaceCheck {
  let settings: Settings
  let intents: IntentCatalogue
  let articles: ArticleCatalogue
  let day: CalendarDay?
  let problems: ProblemLog

  func run() {
    let byID = Dictionary(articles.articles.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    checkArticleReferences(byID)
    checkTranslations(byID)
    checkEntities()
    checkQueues()
    checkRepeatedExamples()
    checkReviews()
  }

  private func isThere(_ id: String) -> Bool { articles.ids[id] != nil || articles.unread.contains(id) }

  private func hint(_ id: String) -> String {
    for affix in ["knowledge/", "article:"] where id.hasPrefix(affix) && isThere(String(id.dropFirst(affix.count))) {
      return " Did you mean '\(id.dropFirst(affix.count))'?"
    }
    if id.hasSuffix(".md"), isThere(String(id.dropLast(3))) { return " Did you mean '\(id.dropLast(3))'?" }
    return NearMiss.hint(id, among: articles.ids.keys)
  }

  private func checkArticleReferences(_ byID: [String: Article]) {
    for reference in intents.articleReferences {
      if !isThere(reference.name) {
        problems.error(
          at: reference.location, "There is no article '\(reference.name.clipped)'.\(hint(reference.name))")
      } else if byID[reference.name]?.audience == .staff {
        problems.error(
          at: reference.location,
          "The article '\(reference.name)' is for staff and is never sent to an agency; choose another one.")
      }
    }
  }

  private func checkTranslations(_ byID: [String: Article]) {
    for article in articles.articles {
      guard let original = article.translationOf, let location = articles.translationLocations[article.id] else {
        continue
      }
      if original == article.id {
        problems.error(at: location, "An article cannot be a translation of itself; give it another id.")
      } else if !isThere(original) {
        problems.error(at: location, "There is no article '\(original.clipped)' to translate.\(hint(original))")
      } else if let other = byID[original] {
        if let further = other.translationOf {
          problems.error(
            at: location,
            "The article '\(original)' is itself a translation; name the original, '\(further.clipped)'.")
        } else if other.language == article.language {
          problems.error(
            at: location,
            "This translation has the language of its original, \(article.language); set 'language'.")
        }
      }
    }
  }

  private func checkEntities() {
    let lists = Set(intents.entities.map(\.list.name))
    let known = lists.union(EntityKind.builtIn.keys)
    if !intents.hasUnreadFiles {
      for reference in intents.entityReferences where !lists.contains(reference.name) {
        problems.error(
          at: reference.location,
          "There is no entity '\(reference.name.clipped)': it is neither built in nor a list under 'entities'."
            + NearMiss.hint(reference.name, among: known.sorted()))
      }
    }
    for (mark, slots) in intents.marks where !known.contains(mark.name) && !slots.contains(mark.name) {
      // Authors may mark what no list knows; only a slip of the pen is worth a word.
      guard let nearest = NearMiss.of(mark.name, among: known.sorted() + slots) else { continue }
      problems.warning(
        at: mark.location, "The mark names the entity '\(mark.name)'. Did you mean '\(nearest)'?")
    }
  }

  private func checkQueues() {
    guard !settings.desk.queues.isEmpty else { return }
    for reference in intents.queueReferences where !settings.desk.queues.contains(reference.name) {
      problems.error(
        at: reference.location,
        "There is no queue '\(reference.name.clipped)' under 'desk'."
          + NearMiss.hint(reference.name, among: settings.desk.queues))
    }
  }

  private func checkRepeatedExamples() {
    var seen: [String: (intent: String, location: SourceLocation)] = [:]
    for intent in intents.intents {
      for example in intent.examples {
        // In another language the same words may mean something else.
        let key = intent.language + "\n" + example.text.lowercased()
        if let first = seen[key], first.intent != intent.id {
          problems.warning(
            at: example.location, "The intent '\(first.intent)' has the same example, at \(first.location).")
        } else {
          seen[key] = (intent.id, example.location)
        }
      }
    }
  }

  private func checkReviews() {
    guard let day else { return }
    for article in articles.articles {
      guard let reviewBy = article.reviewBy, reviewBy < day, let location = articles.reviewLocations[article.id] else {
        continue
      }
      problems.warning(at: location, "This article was to be reviewed by \(reviewBy); read it over and set a new day.")
    }
  }
}
