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
  private static let wordPrior: [Double] = [5, 4, 1.5, 3, 5]
  private static let meaningPriors: [[Double]] = [[7, 3, 5, 5], [3, 1, 1, 1]]
  private static let certaintyPrior: [Double] = [0.4, 0.4, 0.8, 0.3, 0.4, 0.3, 0.4, 0, 1, 0.6, -2.5]
  private static let certaintyFloors = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1e9]
  private static let priorStrength = 1.0
  private static let certaintyStrength = 0.3
  /// Likeness from which on a text is a line but for case, accents and the order of a word or two.
  static let sameWords: Float = 0.97
  static let sameWordsConfidence = 0.99
  /// What one question without an answer weighs against one that has one.
  private static let strangerWeight = 0.1

  init(_ ranker: Ranker, catalogue: Catalogue) {
    let asked = Self.ask(ranker, catalogue)
    let ranking = TopicModel.fit(
      asked.compactMap { trial -> TopicModel.Choice? in
        guard trial.hasAnswer, let meant = trial.ranked.firstIndex(where: { $0.topic == trial.topic }) else {
          return nil
        }
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
    risk = RiskControl(
      outcomes: outcomes, bound: catalogue.content.settings.matching.wrongAnswersAtMost,
      margin: Self.margin(linesPerTopic: ranker.writing.linesPerTopic))
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
    Self.weigh(ranked, ranking).map { entry -> (topic: RankedTopic, confidence: Double) in
      let confidence = certainty.probability(entry.vector)
      return (
        entry.ranked,
        Self.isAlone(entry.ranked, in: ranked) ? max(confidence, Self.sameWordsConfidence) : confidence
      )
    }
    .enumerated().sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }.map(\.element)
  }

  /// The very words of a line, and of no other topic's. Held-out lines cannot teach this: none of them is there twice.
  private static func isAlone(_ topic: RankedTopic, in ranked: [RankedTopic]) -> Bool {
    topic.signals.best >= sameWords
      && ranked.allSatisfy { $0.topic == topic.topic || $0.signals.best < sameWords }
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

  /// A line that is held out of few lines is a harder question than those that people ask: its nearest kin may be the only
  /// one that says it that way. What is lost by that already stands in for the margin; with many lines a topic nothing is
  /// lost, and the whole margin is kept.
  private static func margin(linesPerTopic: Double) -> RiskMargin {
    let fewness = min(max((30 - linesPerTopic) / 25, 0), 1)
    var margin = RiskMargin()
    margin.breachProbability += (0.4 - margin.breachProbability) * fewness
    margin.claimWeight *= 1 - 0.8 * fewness
    return margin
  }

  private static func rankingPrior(encoders: Int) -> [Double] {
    guard encoders > 0 else { return wordPrior }
    // Beside encoders words and characters say less.
    return zip(wordPrior, [1, 0.15, 0.2, 0.3, 0.8]).map { $0 * $1 }
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
    let strangers = plan.withoutTopic.filter { $0 < ranker.writing.lines.count && ranker.index.lines[$0].isExample }.map
    { unit in
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
      let other = place == 0 ? 1 : 0
      let rival = weighed.indices.contains(other) ? weighed[other] : nil
      let signals = weighed[place].ranked.signals
      let lead = min(max(weighed[place].score - (rival?.score ?? weighed[place].score - 8), -8), 8)
      let share = exp(weighed[place].score - highest) / total
      let likeness = signals.meanings.isEmpty ? signals.best : signals.meaning
      let rivalLikeness = rival.map {
        $0.ranked.signals.meanings.isEmpty ? $0.ranked.signals.best : $0.ranked.signals.meaning
      }
      weighed[place].vector = [
        log(max(share, 1e-4)), lead, 3 * Double(signals.classifier),
        3 * Double(signals.classifier - (rival?.ranked.signals.classifier ?? 0)), 3 * Double(likeness),
        10 * Double(likeness - (rivalLikeness ?? 0)), 2 * Double(signals.coverage), Double(signals.known),
        -Double(max(0, signals.outOfScope - signals.best / 2)),
        -5 * Double(max(0, signals.outOfScopeMeaning - signals.meaning + 0.2)), 1,
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
