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
  /// How many lines of each topic could have been tried; those that were are a sample where it is more.
  private let lineCounts: [Int: Int]
  let duplicates: DuplicateLines

  /// Of each sort of warning so many are given, and a line that says how many more there are.
  static let mostOfEach = 20

  /// - Parameter trials: of every line that could be held out, each asked with nothing but itself missing. Lines without a
  ///   topic of `catalogue` count as examples of what must never be answered.
  package init(_ trials: [HeldOutTrial], catalogue: Catalogue) {
    self.init(trials, written: trials.map(WrittenLine.init), lineCounts: [:], catalogue: catalogue)
  }

  /// - Parameters:
  ///   - written: every line of the workspace, tried or not.
  ///   - lineCounts: by topic, how many lines could be tried; where it is more than were, the trials are a sample.
  init(_ trials: [HeldOutTrial], written: [WrittenLine], lineCounts: [Int: Int], catalogue: Catalogue) {
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
    self.lineCounts = lineCounts
    duplicates = DuplicateLines(written, catalogue)
  }

  /// What other reviews have said, and is not said again.
  struct Said {
    /// Topics that cannot be told apart, each pair in order of number.
    var pairs: Set<[Int]> = []
    /// Topics that their own lines do not find.
    var topics: Set<Int> = []
    /// Lines that something else takes away.
    var lines: Set<SourceLocation> = []
  }

  /// Sorted by place.
  package func warnings() -> [Problem] { warnings(beside: Said()) }

  func warnings(beside said: Said) -> [Problem] {
    let pairs = confusablePairs()
    // A line that stands in two topics is found in the other, and so is one of a pair: that is said once.
    let mislabelled = mislabelled { trial, rival in
      guard !duplicates.contain(trial.text), !said.lines.contains(trial.location) else { return false }
      guard let topic = trial.topic else { return true }
      let pair = [min(topic, rival), max(topic, rival)]
      return !said.topics.contains(topic) && !said.pairs.contains(pair) && !pairs.contains { $0.topics == pair }
    }
    return
      (Self.bounded(duplicates.problems, "lines that stand in two places")
      + Self.bounded(
        pairs.filter { !said.pairs.contains($0.topics) }.map(problem), "pairs that are taken for one another")
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

  /// Lines of a topic: all that could be tried.
  func lineCount(of topic: Int) -> Int { max(lineCounts[topic] ?? 0, byTopic[topic]?.count ?? 0) }

  /// `their 20 lines`, or `the 20 of their 213 lines that were tried`.
  func tried(_ asked: Int, of all: Int, whose: String) -> String {
    asked < all ? "the \(asked) of \(whose) \(all) lines that were tried" : "\(whose) \(asked) lines"
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
    Quotation.of(text, most: 80)
  }
}
