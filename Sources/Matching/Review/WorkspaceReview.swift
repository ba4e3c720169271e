package import Support
import Text

/// Warnings about a workspace that only matching can find.
package struct WorkspaceReview: Sendable {
  private let matcher: Matcher
  private let day: CalendarDay

  /// - Parameter day: the day to ask on; articles that have yet to come are asked on their first.
  package init(_ matcher: Matcher, asOf day: CalendarDay) {
    self.matcher = matcher
    self.day = day
  }

  /// Sorted by place.
  package func warnings() -> [Problem] {
    var said = CrossValidationReview.Said()
    let tried = unreachable(&said) + twins(&said) + swallowing(&said)
    return (tried + crossValidation.warnings(beside: said)).sorted {
      ($0.location, $0.message) < ($1.location, $1.message)
    }
  }

  private var crossValidation: CrossValidationReview {
    let writing = matcher.ranker.writing
    let lineCounts = TrialPlan.askable(writing).reduce(into: [Int: Int]()) { counts, line in
      if writing.lines[line].topic >= 0 { counts[writing.lines[line].topic, default: 0] += 1 }
    }
    return CrossValidationReview(
      matcher.calibration.trials, written: writing.lines.map(WrittenLine.init), lineCounts: lineCounts,
      catalogue: matcher.catalogue)
  }

  /// Articles that their own title and questions do not find: asked word for word, something else comes first.
  private func unreachable(_ said: inout CrossValidationReview.Said) -> [Problem] {
    matcher.content.articles.filter { $0.audience == .agency }.compactMap { article in
      let lines = [article.title] + article.questions.map(\.text)
      let day = max(day, article.validFrom ?? day)
      // What is over is answered no more, and nobody needs to reach it.
      guard article.isValid(on: day) else { return nil }
      let asker = Asker(language: article.language, region: article.regions.first, day: day)
      let isReached = lines.contains { line in
        matcher.candidates(for: line, asker: asker).candidates.first.map {
          matcher.catalogue.areSame($0.id, .article(article.id))
        } ?? false
      }
      guard !isReached else { return nil }
      if let topic = matcher.catalogue.topicOf[.article(article.id)] { said.topics.insert(topic) }
      return Problem(
        .warning, at: article.location,
        "No question reaches the article '\(article.id)': asked by its own title or questions, something else comes first. Give it questions of its own."
      )
    }
  }

  /// Articles whose titles and questions are so alike that a question for one may get the other.
  private func twins(_ said: inout CrossValidationReview.Said) -> [Problem] {
    var linesOf: [Int: Set<String>] = [:]
    var place: [Int: Article] = [:]
    for article in matcher.content.articles where article.audience == .agency {
      guard let topic = matcher.catalogue.topicOf[.article(article.id)] else { continue }
      let texts = ([article.title] + article.questions.map(\.text)).map(Self.key)
      linesOf[topic, default: []].formUnion(texts)
      if place[topic] == nil { place[topic] = article }
    }
    var owners: [String: [Int]] = [:]
    for (topic, lines) in linesOf { for line in lines { owners[line, default: []].append(topic) } }
    var reported: Set<[Int]> = []
    var problems: [Problem] = []
    for (line, topics) in owners.sorted(by: { $0.key < $1.key }) where topics.count > 1 {
      let topics = topics.sorted()
      for (index, one) in topics.enumerated() {
        for other in topics[(index + 1)...] where reported.insert([one, other]).inserted {
          guard let first = place[one], let second = place[other], first.overlaps(second) else { continue }
          said.pairs.insert([one, other])
          problems.append(twin(first, second, "both are asked by \(Quotation.of(line))"))
        }
      }
    }
    return problems + closeTwins(place, reported: &reported, &said)
  }

  /// Articles that cannot be told apart though no line is the same: each line of one finds the other.
  private func closeTwins(
    _ place: [Int: Article], reported: inout Set<[Int]>, _ said: inout CrossValidationReview.Said
  ) -> [Problem] {
    var problems: [Problem] = []
    for (topic, article) in place.sorted(by: { $0.key < $1.key }) {
      let lines = [article.title] + article.questions.map(\.text)
      var rivals: [Int: Int] = [:]
      for line in lines {
        let text = matcher.ranker.analyzer.analyze(line, language: article.language)
        let ranked = matcher.ranker.rank(text, limit: 2)
        guard ranked.count == 2, ranked[0].signals.plain - ranked[1].signals.plain < 0.04 else { continue }
        let rival = ranked[0].topic == topic ? ranked[1].topic : ranked[0].topic
        rivals[rival, default: 0] += 1
      }
      for (rival, count) in rivals.sorted(by: { $0.key < $1.key }) where count * 2 > lines.count {
        guard let other = place[rival], article.overlaps(other),
          reported.insert([min(topic, rival), max(topic, rival)]).inserted
        else { continue }
        said.pairs.insert([min(topic, rival), max(topic, rival)])
        problems.append(twin(article, other, "most questions for the one are as near to the other"))
      }
    }
    return problems
  }

  private func twin(_ one: Article, _ other: Article, _ why: String) -> Problem {
    Problem(
      .warning, at: max(one.location, other.location),
      "The articles '\(one.id)' and '\(other.id)' cannot be told apart: \(why). Merge them, or give each questions of its own."
    )
  }

  /// Patterns that match what another intent gives as an example, and so take it away.
  private func swallowing(_ said: inout CrossValidationReview.Said) -> [Problem] {
    var problems: [Problem] = []
    var reported: Set<String> = []
    for victim in matcher.content.intents {
      for example in victim.examples {
        let text = TextNormalizer.normalize(example.text)
        for (intent, line) in matcher.rules.patternMatches(in: text)
        where intent.id != victim.id && intent.priority >= victim.priority {
          let isWonBack = matcher.rules.patternMatches(in: text).contains {
            $0.intent.id == victim.id && $0.intent.priority > intent.priority
          }
          guard !isWonBack else { continue }
          said.lines.insert(example.location)
          guard reported.insert("\(line.location) \(victim.id)").inserted else { continue }
          problems.append(
            Problem(
              .warning, at: line.location,
              "The pattern of '\(intent.id)' swallows an example of '\(victim.id)' (\(example.location)): \(Quotation.of(example.text)). Make it narrower, or give '\(victim.id)' the higher priority."
            ))
        }
      }
    }
    return problems
  }

  private static func key(_ text: String) -> String {
    Tokenizer.words(in: TextNormalizer.normalize(text)).joined(separator: " ")
  }
}

extension Article {
  /// Whether there is an asker and a day for whom both hold.
  func overlaps(_ other: Article) -> Bool {
    let regionsMeet =
      regions.isEmpty || other.regions.isEmpty
      || regions.contains { one in other.regions.contains { Region.contains(one, $0) || Region.contains($0, one) } }
    let daysMeet =
      (validUntil.map { until in other.validFrom.map { $0 < until } ?? true } ?? true)
      && (other.validUntil.map { until in validFrom.map { $0 < until } ?? true } ?? true)
    return regionsMeet && daysMeet
  }
}
