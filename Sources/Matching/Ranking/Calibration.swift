import Foundation
import Support

/// From signals to the probability of being right, and from the bound that the owner sets to the thresholds.
///
/// Both are learnt from the workspace itself. Its lines are asked with the line held out: is its own topic first? And once
/// more with the whole topic held out: then nothing is right, and what looks best is what a question from outside would look
/// like. Out-of-scope lines are such questions as well.
struct Calibration: Sendable {
  /// From the signals of one topic to how likely it is, apart from the others.
  let ranking: TopicModel
  /// From that, its lead over the others and what is known of the text, to the probability that it is right.
  private let certainty: LogisticModel
  private let risk: RiskControl
  /// Candidates of at least this confidence are worth asking about.
  let askAt: Double
  /// What came of each line that was asked back, for the review of the workspace.
  let trials: [HeldOutTrial]

  // What is assumed before there is anything to learn from: what comes out on workspaces of several kinds, rounded.
  private static let wordPrior: [Double] = [6, 4, 1.5, 3, 4]
  private static let meaningPriors: [[Double]] = [[10, 5], [4, 2]]
  private static let certaintyPrior: [Double] = [0.5, 0.5, 0.5, -2, -3, 2, 2, -4]
  private static let certaintyFloors = [0.1, 0.1, 0, -1e9, -1e9, 0, 0, -1e9]
  private static let priorStrength = 0.3
  private static let certaintyStrength = 0.3
  /// Likeness from which on a text is a line but for case, accents and the order of a word or two.
  private static let sameWords: Float = 0.97
  private static let sameWordsConfidence = 0.99
  /// What one question without an answer weighs against one that has one.
  private static let strangerWeight = 0.15

  init(_ ranker: Ranker, catalogue: Catalogue) {
    let asked = Self.ask(ranker, catalogue)
    let ranking = TopicModel.fit(
      asked.compactMap { trial -> TopicModel.Choice? in
        guard trial.hasAnswer, let meant = trial.ranked.firstIndex(where: { $0.topic == trial.topic }) else { return nil }
        return TopicModel.Choice(
          vectors: trial.ranked.map(\.signals.forRanking), meant: meant, weight: trial.weight)
      }, prior: Self.rankingPrior(encoders: ranker.spaces.count), strength: Self.priorStrength)
    let weighed = asked.map { (trial: $0, topics: Self.weigh($0.ranked, ranking)) }
    let certainty = LogisticModel.fit(
      weighed.flatMap { trial, topics in
        topics.prefix(3).map {
          .init(vector: $0.vector, isPositive: $0.ranked.topic == trial.topic && trial.hasAnswer, weight: trial.weight)
        }
      }, prior: LogisticModel(weights: Self.certaintyPrior), strength: Self.certaintyStrength,
      floors: Self.certaintyFloors)
    self.ranking = ranking
    self.certainty = certainty
    let outcomes = weighed.compactMap { trial, topics -> HeldOutOutcome? in
      guard let first = topics.first else { return nil }
      return HeldOutOutcome(
        confidence: certainty.probability(first.vector),
        isRight: first.ranked.topic == trial.topic && trial.hasAnswer, weight: trial.weight,
        group: first.ranked.topic)
    }
    if ProcessInfo.processInfo.environment["GRDEBUG"] != nil {  // XXX
      for (trial, topics) in weighed.filter({ !$0.topics.isEmpty }).sorted(by: { certainty.probability($0.topics[0].vector) > certainty.probability($1.topics[0].vector) }) {
        let first = topics[0]
        let right = first.ranked.topic == trial.topic && trial.hasAnswer
        print(right ? "ok" : trial.hasAnswer ? "WRONG" : trial.topic < 0 ? "OOS" : "STRANGER", Int(certainty.probability(first.vector) * 1000), ranker.writing.text(of: trial.unit), "|", catalogue.topics[trial.topic < 0 ? 0 : trial.topic].members[0], "->", catalogue.topics[first.ranked.topic].members[0], first.ranked.unit.map { ranker.writing.text(of: $0) } ?? "", first.vector.map { Int($0 * 100) }, separator: "\t")
      }
    }
    risk = RiskControl(outcomes: outcomes, bound: catalogue.content.settings.matching.wrongAnswersAtMost)
    askAt = min(0.25, risk.pooled.value / 2)
    trials = weighed.compactMap { trial, topics -> HeldOutTrial? in
      guard trial.hasAnswer || trial.topic < 0 else { return nil }
      let unit = trial.unit
      return HeldOutTrial(
        text: ranker.writing.text(of: unit), location: ranker.writing.location(of: unit),
        topic: trial.topic < 0 ? nil : trial.topic, candidate: ranker.writing.candidate(of: unit),
        isExample: ranker.index.lines[unit].isExample,
        ranked: topics.map {
          HeldOutTrial.Ranked(topic: $0.ranked.topic, confidence: certainty.probability($0.vector))
        })
    }
  }

  /// From which confidence on `topic` is answered, and why.
  func threshold(for topic: Int?) -> Threshold { risk.threshold(for: topic) }

  /// The topics by rising doubt, each with the probability, 0…1, that it is right.
  func confidences(_ ranked: [RankedTopic]) -> [(topic: RankedTopic, confidence: Double)] {
    let exact = ranked.filter { $0.signals.best >= Self.sameWords }
    return Self.weigh(ranked, ranking).map { entry in
      let confidence = certainty.probability(entry.vector)
      // The very words of a line, and of no other topic's. Held-out lines cannot teach this: none of them is there twice.
      guard exact.count == 1, exact.first?.topic == entry.ranked.topic else { return (entry.ranked, confidence) }
      return (entry.ranked, max(confidence, Self.sameWordsConfidence))
    }
    .enumerated().sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }.map(\.element)
  }

  func lesson(encoders: [String]) -> String {
    func two(_ number: Double) -> String { String(format: "%.2f", number) }
    let weights = zip(Signals.names(encoders: encoders), ranking.weights).map { "\($0) \(two($1))" }
    return """
      ranking: \(weights.joined(separator: ", "))
      certainty: \(certainty.weights.map(two).joined(separator: " "))
      threshold: \(two(risk.pooled.value)), \(risk.pooled.basis)
      """
  }

  private static func rankingPrior(encoders: Int) -> [Double] {
    guard encoders > 0 else { return wordPrior }
    // Beside encoders words and characters say less.
    return zip(wordPrior, [1, 0.4, 0.4, 0.4, 0.6]).map { $0 * $1 }
      + (0..<encoders).flatMap { meaningPriors[min($0, meaningPriors.count - 1)] }
  }

  /// A question put to the workspace by itself.
  private struct Trial {
    var unit: Int
    var topic: Int
    var hasAnswer: Bool
    var weight: Double
    var ranked: [RankedTopic]
  }

  private struct Weighed {
    var ranked: RankedTopic
    var score: Double
    var vector: [Double] = []
  }

  private static func ask(_ ranker: Ranker, _ catalogue: Catalogue) -> [Trial] {
    let plan = ranker.heldOutScores.plan
    func ranked(_ unit: Int, withTopic: Bool) -> [RankedTopic] {
      let line = ranker.writing.lines[unit]
      let text = ranker.analyzer.analyze(line.text, language: line.candidate.flatMap { catalogue.language(of: $0) })
      return text.words.isEmpty ? [] : ranker.rank(text, heldOut: Ranker.HeldOut(unit: unit, withTopic: withTopic))
    }
    let alone = plan.alone.map { unit in
      let topic = ranker.writing.topic(of: unit)
      return Trial(
        unit: unit, topic: topic, hasAnswer: topic >= 0, weight: 1, ranked: ranked(unit, withTopic: false))
    }
    let strangers = plan.withoutTopic.filter { $0 < ranker.writing.lines.count }.map { unit in
      Trial(
        unit: unit, topic: ranker.writing.topic(of: unit), hasAnswer: false, weight: strangerWeight,
        ranked: ranked(unit, withTopic: true))
    }
    return alone + strangers
  }

  /// Ranks by score; the lead is over the best other topic.
  private static func weigh(_ ranked: [RankedTopic], _ ranking: TopicModel) -> [Weighed] {
    var weighed = ranked.map { Weighed(ranked: $0, score: ranking.score($0.signals.forRanking)) }
    weighed.sort { ($1.score, $0.ranked.topic) < ($0.score, $1.ranked.topic) }
    let highest = weighed.first?.score ?? 0
    let total = weighed.reduce(0) { $0 + exp($1.score - highest) }
    for place in weighed.indices {
      let other = place == 0 ? (weighed.count > 1 ? weighed[1].score : weighed[0].score - 4) : weighed[0].score
      let signals = weighed[place].ranked.signals
      let lead = min(max(weighed[place].score - other, -4), 4)
      let share = exp(weighed[place].score - highest) / total
      weighed[place].vector = [
        log(max(share, 1e-4)), lead, Double(signals.known), Double(max(0, signals.outOfScope - signals.best / 2)),
        Double(max(0, signals.outOfScopeMeaning - signals.meaning + 0.2)), 3 * Double(signals.classifier),
        3 * Double(signals.meanings.isEmpty ? signals.best : signals.meaning), 1,
      ]
    }
    return weighed
  }
}

extension Catalogue {
  func language(of id: CandidateID) -> String? {
    switch id {
    case .intent(let id): intents[id]?.language
    case .article(let id): articles[id]?.language
    }
  }
}
