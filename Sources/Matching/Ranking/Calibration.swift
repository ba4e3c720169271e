import Foundation
import Support

/// From signals to the probability of being right, and from the bound that the owner sets to the thresholds.
///
/// Both are learnt from the workspace itself. Each of its lines is asked with the line held out: is its own topic first?
/// And once more with its whole topic held out: then nothing is right, and what looks best is what a question from outside
/// would look like. Out-of-scope lines are such questions as well.
struct Calibration: Sendable {
  let model: LogisticModel
  /// A candidate of at least this confidence is answered.
  let answerAt: Double
  /// Candidates of at least this confidence are worth asking about.
  let askAt: Double
  /// What the thresholds come from, for people.
  let basis: String

  /// What is assumed before there is anything to learn from: found on the sample workspace.
  static let prior = LogisticModel(weights: [5, 1.5, 2, 1, -2, 5, -3.6])
  private static let mostQueries = 1_200
  /// What one question without an answer weighs against one that has one.
  private static let strangerWeight = 0.35

  init(_ ranker: Ranker, catalogue: Catalogue) {
    let bound = catalogue.content.settings.matching.wrongAnswersAtMost
    let lines = ranker.index.lines
    var samples: [LogisticModel.Sample] = []
    var trials: [Trial] = []
    let step = max(1, (lines.count + Self.mostQueries - 1) / Self.mostQueries)
    for number in stride(from: 0, to: lines.count, by: step) {
      let line = lines[number]
      let language = line.candidate.flatMap { catalogue.language(of: $0) }
      let text = ranker.analyzer.analyze(line.text, language: language)
      guard !text.words.isEmpty else { continue }
      let ranked = ranker.rank(text, limit: 4, heldOut: number)
      if line.topic >= 0 {
        for (place, entry) in ranked.enumerated() {
          samples.append(.init(vector: entry.signals.vector, isPositive: entry.topic == line.topic, weight: 1))
          if place == 0 { trials.append(Trial(entry, isRight: entry.topic == line.topic, weight: 1)) }
        }
        let strangers = ranker.rank(text, limit: 2, heldOut: number) { catalogue.topicOf[$0] != line.topic }
          .filter { $0.topic != line.topic }
        for (place, entry) in strangers.enumerated() {
          samples.append(.init(vector: entry.signals.vector, isPositive: false, weight: Self.strangerWeight))
          if place == 0 { trials.append(Trial(entry, isRight: false, weight: Self.strangerWeight)) }
        }
      } else {
        for (place, entry) in ranked.prefix(2).enumerated() {
          samples.append(.init(vector: entry.signals.vector, isPositive: false, weight: 1))
          if place == 0 { trials.append(Trial(entry, isRight: false, weight: 1)) }
        }
      }
    }
    let model = LogisticModel.fit(samples, prior: Self.prior, strength: 1)
    self.model = model
    let scored = trials.map { (confidence: model.probability($0.vector), trial: $0) }
    answerAt = Self.answerThreshold(scored, bound: bound)
    askAt = min(0.25, answerAt / 2)
    basis =
      "at most \(Self.percent(bound)) of answers wrong, by \(trials.count) held-out questions of this workspace"
  }

  func confidence(_ signals: Signals) -> Double { model.probability(signals.vector) }

  private struct Trial {
    var vector: [Double]
    var isRight: Bool
    var weight: Double

    init(_ ranked: RankedTopic, isRight: Bool, weight: Double) {
      vector = ranked.signals.vector
      self.isRight = isRight
      self.weight = weight
    }
  }

  /// The lowest confidence from which on at most `bound` of the answers are wrong, half a wrong answer added, in the
  /// manner of conformal risk control (Angelopoulos et al. 2022), so that few trials make for caution.
  private static func answerThreshold(_ scored: [(confidence: Double, trial: Trial)], bound: Double) -> Double {
    let sorted = scored.sorted { $0.confidence > $1.confidence }
    var answered = 1.0
    var wrong = 0.5
    // Where there are too few trials to show anything.
    var threshold = 0.8
    for (place, entry) in sorted.enumerated() {
      answered += entry.trial.weight
      if !entry.trial.isRight { wrong += entry.trial.weight }
      let isLastOfItsScore = place + 1 == sorted.count || sorted[place + 1].confidence < entry.confidence
      if isLastOfItsScore, wrong / answered <= bound { threshold = entry.confidence }
    }
    // Held-out lines are kinder than real questions: never answer what is more likely wrong than right.
    return min(max(threshold, 0.5), 0.97)
  }

  private static func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths)) %" : "\(tenths) %"
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
