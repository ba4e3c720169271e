import Foundation
import Support

/// From signals to the probability of being right, and from the bound that the owner sets to the thresholds.
///
/// Both are learnt from the workspace itself. Each of its lines is asked with the line held out: is its own topic first?
/// And once more with its whole topic held out: then nothing is right, and what looks best is what a question from outside
/// would look like. Out-of-scope lines are such questions as well.
struct Calibration: Sendable {
  /// From the signals of one topic to how likely it is, apart from the others.
  private let ranking: LogisticModel
  /// From that, its lead over the others and what is known of the text, to the probability that it is right.
  private let certainty: LogisticModel
  /// A candidate of at least this confidence is answered.
  let answerAt: Double
  /// Candidates of at least this confidence are worth asking about.
  let askAt: Double
  /// What the thresholds come from, for people.
  let basis: String

  // What is assumed before there is anything to learn from: what comes out on the sample workspace, rounded.
  private static let rankingPrior = LogisticModel(weights: [4, 1.5, 3, 4, -5])
  private static let certaintyPrior = LogisticModel(weights: [0.8, 0.6, 1, -3, -0.5])
  private static let rankingFloors = [0.5, 0, 0.5, 0.5, -Double.infinity]
  private static let certaintyFloors = [0.3, 0.2, 0, -Double.infinity, -Double.infinity]
  private static let priorStrength = 1.0
  /// Likeness from which on a text is a line but for case, accents and the order of a word or two.
  private static let sameWords: Float = 0.97
  private static let sameWordsConfidence = 0.99
  private static let mostQueries = 1_200
  /// What one question without an answer weighs against one that has one.
  private static let strangerWeight = 0.15

  init(_ ranker: Ranker, catalogue: Catalogue) {
    let trials = Self.trials(ranker, catalogue)
    let ranking = LogisticModel.fit(
      trials.flatMap { trial in
        trial.hasAnswer
          ? trial.ranked.map {
            .init(vector: $0.signals.forRanking, isPositive: $0.topic == trial.topic, weight: trial.weight)
          } : []
      }, prior: Self.rankingPrior, strength: Self.priorStrength, floors: Self.rankingFloors)
    let weighed = trials.map { (trial: $0, topics: Self.weigh($0.ranked, ranking)) }
    let certainty = LogisticModel.fit(
      weighed.flatMap { trial, topics in
        topics.prefix(3).map {
          .init(vector: $0.vector, isPositive: $0.ranked.topic == trial.topic && trial.hasAnswer, weight: trial.weight)
        }
      }, prior: Self.certaintyPrior, strength: Self.priorStrength, floors: Self.certaintyFloors)
    self.ranking = ranking
    self.certainty = certainty
    let bound = catalogue.content.settings.matching.wrongAnswersAtMost
    let outcomes = weighed.compactMap { trial, topics -> Outcome? in
      guard let first = topics.first else { return nil }
      return Outcome(
        confidence: certainty.probability(first.vector), isRight: first.ranked.topic == trial.topic && trial.hasAnswer,
        weight: trial.weight)
    }
    answerAt = Self.answerThreshold(outcomes, bound: bound)
    askAt = min(0.25, answerAt / 2)
    basis = "at most \(Self.percent(bound)) of answers wrong, by \(outcomes.count) held-out questions of this workspace"
  }

  /// The topics by rising doubt, each with the probability, 0…1, that it is right.
  func confidences(_ ranked: [RankedTopic]) -> [(topic: RankedTopic, confidence: Double)] {
    let exact = ranked.filter { $0.signals.best >= Self.sameWords }
    return Self.weigh(ranked, ranking).map { entry in
      let confidence = certainty.probability(entry.vector)
      // The very words of a line, and of no other topic's. Held-out lines cannot teach this: none of them is there twice.
      guard exact.count == 1, exact.first?.topic == entry.ranked.topic else { return (entry.ranked, confidence) }
      return (entry.ranked, max(confidence, Self.sameWordsConfidence))
    }
    .sorted { $0.confidence > $1.confidence }
  }

  /// A question put to the workspace by itself.
  private struct Trial {
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

  private struct Outcome {
    var confidence: Double
    var isRight: Bool
    var weight: Double
  }

  private static func trials(_ ranker: Ranker, _ catalogue: Catalogue) -> [Trial] {
    let lines = ranker.index.lines
    var lineCounts: [Int: Int] = [:]
    for line in lines { lineCounts[line.topic, default: 0] += 1 }
    let step = max(1, (lines.count + mostQueries - 1) / mostQueries)
    return stride(from: 0, to: lines.count, by: step).flatMap { number -> [Trial] in
      let line = lines[number]
      let text = ranker.analyzer.analyze(line.text, language: line.candidate.flatMap { catalogue.language(of: $0) })
      // A topic of one line has nothing left to be found by: asking it would teach that likeness means nothing.
      guard !text.words.isEmpty, lineCounts[line.topic, default: 0] > 1 else { return [] }
      let ranked = ranker.rank(text, heldOut: number)
      guard line.topic >= 0 else { return [Trial(topic: -1, hasAnswer: false, weight: 1, ranked: ranked)] }
      let strangers = ranked.filter { $0.topic != line.topic }
      return [
        Trial(topic: line.topic, hasAnswer: true, weight: 1, ranked: ranked),
        Trial(topic: line.topic, hasAnswer: false, weight: strangerWeight, ranked: strangers),
      ]
    }
  }

  /// Ranks by score; the lead is over the best other topic.
  private static func weigh(_ ranked: [RankedTopic], _ ranking: LogisticModel) -> [Weighed] {
    var weighed = ranked.map { Weighed(ranked: $0, score: ranking.score($0.signals.forRanking)) }
    weighed.sort { ($1.score, $0.ranked.topic) < ($0.score, $1.ranked.topic) }
    for place in weighed.indices {
      let other = place == 0 ? (weighed.count > 1 ? weighed[1].score : weighed[0].score - 4) : weighed[0].score
      let signals = weighed[place].ranked.signals
      let lead = min(max(weighed[place].score - other, -4), 4)
      weighed[place].vector = [
        weighed[place].score, lead, Double(signals.known), Double(max(0, signals.outOfScope - signals.best / 2)), 1,
      ]
    }
    return weighed
  }

  /// The lowest confidence from which on at most `bound` of the answers are wrong, half a wrong answer added, in the
  /// manner of conformal risk control (Angelopoulos et al. 2022), so that few trials make for caution.
  private static func answerThreshold(_ outcomes: [Outcome], bound: Double) -> Double {
    let sorted = outcomes.sorted { $0.confidence > $1.confidence }
    var answered = 1.0
    var wrong = 0.5
    // Where there are too few trials to show anything.
    var threshold = 0.85
    for (place, outcome) in sorted.enumerated() {
      answered += outcome.weight
      if !outcome.isRight { wrong += outcome.weight }
      let isLastOfItsScore = place + 1 == sorted.count || sorted[place + 1].confidence < outcome.confidence
      if isLastOfItsScore, wrong / answered <= bound { threshold = outcome.confidence }
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
