package import Support
import Text

/// Warnings that follow from asking a workspace its own lines, each held out: which topics are taken for one another,
/// which intents have too few examples, which lines seem to belong elsewhere, which stand in two places.
///
/// A pure function of the trials. Held-out lines are few and matching errs by itself, so that each warning needs more
/// than chance: what is doubtful is not said.
package struct CrossValidationReview: Sendable {
  let trials: [HeldOutTrial]
  let catalogue: Catalogue
  /// Places in `trials` by topic.
  let byTopic: [Int: [Int]]

  /// Of each sort of warning so many are given, and a line that says how many more there are.
  static let mostOfEach = 20

  /// - Parameter trials: of every line that could be held out, each asked with nothing but itself missing. Lines without a
  ///   topic of `catalogue` count as examples of what must never be answered.
  package init(_ trials: [HeldOutTrial], catalogue: Catalogue) {
    let trials = trials.map { trial in
      var trial = trial
      if let topic = trial.topic, !catalogue.topics.indices.contains(topic) { trial.topic = nil }
      trial.ranked.removeAll { !catalogue.topics.indices.contains($0.topic) || $0.confidence.isNaN }
      return trial
    }.sorted { ($0.location, $0.text) < ($1.location, $1.text) }
    self.trials = trials
    self.catalogue = catalogue
    byTopic = trials.indices.reduce(into: [:]) { topics, place in
      if let topic = trials[place].topic { topics[topic, default: []].append(place) }
    }
  }

  /// Sorted by place.
  package func warnings() -> [Problem] {
    let duplicates = duplicates()
    let pairs = confusablePairs()
    // A line that stands in two topics is found in the other, and so is one of a pair: that is said once.
    let mislabelled = mislabelled(except: duplicates.places, pairs: pairs.map(\.topics))
    return
      (Self.bounded(duplicates.problems, "lines that stand in two places")
      + Self.bounded(pairs.map(problem), "pairs that are taken for one another")
      + Self.bounded(mislabelled, "lines that seem to belong elsewhere")
      + Self.bounded(tooFewExamples(), "intents with too few examples"))
      .sorted { ($0.location, $0.message) < ($1.location, $1.message) }
  }

  /// The first ones, given the gravest first, and how many more there are.
  private static func bounded(_ problems: [Problem], _ what: String) -> [Problem] {
    guard problems.count > mostOfEach else { return problems }
    let more = problems.count - mostOfEach
    return problems.prefix(mostOfEach) + [
      Problem(
        .warning, at: problems[mostOfEach].location,
        "And \(more) more \(what), beside the \(mostOfEach) gravest: mend those first.")
    ]
  }

  /// `the intent 'payout-late'`, `the article 'payouts/late'`: what of the topic an author would look for.
  func name(of topic: Int) -> String {
    switch catalogue.topics[topic].members.first {
    case .intent(let id): "the intent '\(id)'"
    case .article(let id): "the article '\(id)'"
    case nil: "topic \(topic)"
    }
  }

  func location(of topic: Int) -> SourceLocation? {
    switch catalogue.topics[topic].members.first {
    case .intent(let id): catalogue.intents[id]?.location
    case .article(let id): catalogue.articles[id]?.location
    case nil: nil
    }
  }

  /// Texts are the author's own, and may be long.
  static func quoted(_ text: String) -> String {
    "“\(text.count > 80 ? text.prefix(79) + "…" : text)”"
  }

  static func key(_ text: String) -> String {
    Tokenizer.words(in: TextNormalizer.normalize(text)).joined(separator: " ")
  }
}

extension CrossValidationReview {
  /// Lines of the same words in two topics: whoever asks them gets one or the other by chance.
  private func duplicates() -> (problems: [Problem], places: Set<Int>) {
    var owners: [String: [Int]] = [:]
    for (place, trial) in trials.enumerated() {
      let key = Self.key(trial.text)
      if !key.isEmpty { owners[key, default: []].append(place) }
    }
    var places: Set<Int> = []
    var problems: [Problem] = []
    for group in owners.values.sorted(by: { $0[0] < $1[0] }) where group.count > 1 {
      let first = group[0]
      for place in group.dropFirst() where trials[place].topic != trials[first].topic {
        places.formUnion([first, place])
        // Of two articles the review of articles speaks, which knows their regions and dates; of two intents the reader
        // of the workspace does, where the texts are the same to the letter.
        if isOfArticle(place), isOfArticle(first) { continue }
        if isSameExample(place, first) { continue }
        problems.append(
          Problem(
            .warning, at: trials[place].location,
            "\(Self.quoted(trials[place].text)) stands here and in \(owner(first)) (\(trials[first].location)). Keep it where it belongs."
          ))
      }
    }
    return (problems, places)
  }

  private func isOfArticle(_ place: Int) -> Bool {
    if case .article = trials[place].candidate { return true }
    return false
  }

  private func isSameExample(_ place: Int, _ other: Int) -> Bool {
    guard case .intent(let one) = trials[place].candidate, case .intent(let two) = trials[other].candidate,
      catalogue.intents[one]?.language == catalogue.intents[two]?.language
    else { return false }
    return trials[place].text.lowercased() == trials[other].text.lowercased()
  }

  private func owner(_ place: Int) -> String {
    switch trials[place].candidate {
    case .intent(let id): "the intent '\(id)'"
    case .article(let id): "the article '\(id)'"
    case nil: "the out-of-scope examples"
    }
  }
}
