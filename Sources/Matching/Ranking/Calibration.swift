import Foundation
import Support

/// From what was learnt of the workspace, and the bound that the owner sets, to what is answered.
struct Calibration: Sendable {
  let lesson: Lesson
  private let risk: RiskControl
  /// Candidates of at least this confidence are worth asking about.
  let askAt: Double
  /// What came of each line that was asked back, for the review of the workspace.
  let trials: [HeldOutTrial]

  /// Likeness from which on a text is a line but for case, accents and the order of a word or two.
  static let sameWords: Float = 0.97
  static let sameWordsConfidence = 0.99
  /// - Parameter corrections: what people found about earlier decisions; they weigh in as questions whose answer is known.
  init(_ lesson: Lesson, _ ranker: Ranker, catalogue: Catalogue, corrections: [Correction]) {
    self.lesson = lesson
    let lines = lesson.trials.compactMap { trial -> HeldOutOutcome? in
      guard let first = trial.ranked.first else { return nil }
      return HeldOutOutcome(
        confidence: first.confidence, isRight: trial.hasAnswer && first.topic == trial.topic, weight: trial.weight,
        group: first.topic)
    }
    risk = RiskControl(
      outcomes: lines + Self.outcomes(of: corrections, lesson, ranker, catalogue),
      bound: catalogue.content.settings.matching.wrongAnswersAtMost,
      margin: Self.margin(linesPerTopic: ranker.writing.linesPerTopic))
    askAt = min(0.25, risk.pooled.value / 2)
    trials = lesson.trials.compactMap { trial -> HeldOutTrial? in
      guard trial.hasAnswer || trial.topic < 0 else { return nil }
      let unit = trial.unit
      return HeldOutTrial(
        text: ranker.writing.text(of: unit), location: ranker.writing.location(of: unit),
        topic: trial.topic < 0 ? nil : trial.topic, candidate: ranker.writing.candidate(of: unit),
        isExample: ranker.index.lines[unit].isExample, ranked: trial.ranked)
    }
  }

  /// Each corrected question is asked again as the workspace is now; a line that says the same is held out for it.
  private static func outcomes(
    of corrections: [Correction], _ lesson: Lesson, _ ranker: Ranker, _ catalogue: Catalogue
  ) -> [HeldOutOutcome] {
    // By the newest of them, not by a clock: the same workspace and corrections give the same thresholds at any time.
    guard let newest = corrections.map(\.at).max() else { return [] }
    return CorrectionOutcomes().outcomes(of: corrections, at: newest, catalogue: catalogue) { correction in
      let text = ranker.analyzeQuestion(correction.question, language: correction.language)
      let same = ranker.index.lines.firstIndex { $0.text == correction.question }
      let ranked = ranker.rank(text, heldOut: same.map { Ranker.HeldOut(unit: $0, withTopic: false) })
      return lesson.confidences(ranked).first.flatMap { best in
        catalogue.topics[best.topic.topic].members.first.map {
          Candidate(id: $0, title: catalogue.title(of: $0), confidence: best.confidence)
        }
      }
    }
  }

  /// From which confidence on `topic` is answered, and why.
  func threshold(for topic: Int?) -> Threshold { risk.threshold(for: topic) }

  /// The topics by rising doubt, each with the probability, 0…1, that it is right.
  func confidences(_ ranked: [RankedTopic]) -> [(topic: RankedTopic, confidence: Double)] {
    let sameWords = ranked.count { $0.signals.best >= Self.sameWords }
    return lesson.confidences(ranked).map { topic, confidence -> (topic: RankedTopic, confidence: Double) in
      guard topic.signals.best >= Self.sameWords else { return (topic, confidence) }
      // The very words of a line: held-out lines cannot teach what that means, none of them is there twice. Of several
      // topics that have the line none is likelier than the others.
      return (
        topic, sameWords == 1 ? max(confidence, Self.sameWordsConfidence) : min(confidence, 1 / Double(sameWords))
      )
    }
    .enumerated().sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }.map(\.element)
  }

  func summary(encoders: [String]) -> String {
    func two(_ number: Double) -> String { String(format: "%.2f", number) }
    let weights = zip(Signals.names(encoders: encoders), lesson.ranking.weights).map { "\($0) \(two($1))" }
    return """
      ranking: \(weights.joined(separator: ", "))
      certainty: \(lesson.certainty.weights.map(two).joined(separator: " "))
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
}

extension Catalogue {
  func language(of id: CandidateID) -> String? {
    switch id {
    case .intent(let id): intents[id]?.language
    case .article(let id): articles[id]?.language
    }
  }
}
