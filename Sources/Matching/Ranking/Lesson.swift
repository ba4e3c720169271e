import Foundation
import Support
import Synchronization

/// What a workspace teaches about itself: how its signals tell topics apart, and how sure that makes.
///
/// Its lines are asked with the line held out: is its own topic first? And once more with the whole topic held out: then
/// nothing is right, and what looks best is what a question from outside would look like. Out-of-scope lines are such
/// questions as well.
struct Lesson: Sendable {
  /// A line that was asked back.
  struct Trial: Sendable {
    var unit: Int
    var topic: Int
    var hasAnswer: Bool
    var weight: Double
    /// Best first.
    var ranked: [HeldOutTrial.Ranked]
  }

  /// From the signals of one topic to how likely it is, apart from the others.
  let ranking: TopicModel
  /// From that, its lead over the others and what is known of the text, to the probability that it is right.
  let certainty: LogisticModel
  let trials: [Trial]

  // What is assumed before there is anything to learn from: what comes out on workspaces of several kinds, rounded.
  private static let wordPrior: [Double] = [5, 4, 1.5, 3, 5]
  private static let meaningPriors: [[Double]] = [[7, 3, 5, 5], [1.5, 0.5, 0.5, 0.5]]
  static let certaintyPrior: [Double] = [0.4, 0.4, 0.8, 0.3, 0.4, 0.3, 0.4, 0, 1, 0.6, -2.5]
  private static let certaintyFloors = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1e9]
  private static let priorStrength = 1.0
  private static let certaintyStrength = 0.3
  static let leastShare = 1e-4
  static let likenessLead = 10.0
  /// What one question without an answer weighs against one that has one.
  private static let strangerWeight = 0.1

  init(ranking: TopicModel, certainty: LogisticModel, trials: [Trial]) {
    self.ranking = ranking
    self.certainty = certainty
    self.trials = trials
  }

  init(_ ranker: Ranker, _ catalogue: Catalogue) {
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
    self.init(
      ranking: ranking, certainty: certainty,
      trials: weighed.map { trial, topics in
        Trial(
          unit: trial.unit, topic: trial.topic, hasAnswer: trial.hasAnswer, weight: trial.weight,
          ranked: topics.map {
            HeldOutTrial.Ranked(topic: $0.ranked.topic, confidence: certainty.probability($0.vector))
          })
      })
  }

  /// The topics, the likeliest first, each with the probability, 0…1, that it is right.
  func confidences(_ ranked: [RankedTopic]) -> [(topic: RankedTopic, confidence: Double)] {
    Self.weigh(ranked, ranking).map { ($0.ranked, certainty.probability($0.vector)) }
  }

  static func rankingPrior(encoders: Int) -> [Double] {
    guard encoders > 0 else { return wordPrior }
    // Beside encoders words and characters say less.
    return zip(wordPrior, [1, 0.15, 0.2, 0.3, 0.4]).map { $0 * $1 }
      + (0..<encoders).flatMap { meaningPriors[min($0, meaningPriors.count - 1)] }
  }

  /// A question put to the workspace by itself.
  private struct Asked {
    var unit: Int
    var topic: Int
    var hasAnswer: Bool
    var weight: Double
    var ranked: [RankedTopic]
  }

  /// A topic with its score and what the certainty is worked out from.
  struct Weighed {
    var ranked: RankedTopic
    var score: Double
    var vector: [Double] = []
  }

  /// Nil where the line stands in another topic as well: whoever asks it is never answered by likeness, and what comes of
  /// it with one of the two held out says nothing.
  private static func ranked(
    _ ranker: Ranker, _ catalogue: Catalogue, _ heldOut: Ranker.HeldOut
  ) -> [RankedTopic]? {
    let line = ranker.writing.lines[heldOut.unit]
    let text = ranker.analyzer.analyze(line.text, language: line.candidate.flatMap { catalogue.language(of: $0) })
    guard !text.words.isEmpty else { return [] }
    let own = ranker.writing.topic(of: heldOut.unit)
    // Who asks it is where its answer holds, and is not sent what holds elsewhere.
    let elsewhere = Set(own >= 0 ? ranker.siblings.of(own) : [])
    let ranked = ranker.rank(text, heldOut: heldOut) { id in
      catalogue.topicOf[id].map { !elsewhere.contains($0) } ?? true
    }
    return ranked.contains { $0.topic != own && $0.signals.best >= Calibration.sameWords } ? nil : ranked
  }

  private static func ask(_ ranker: Ranker, _ catalogue: Catalogue) -> [Asked] {
    let plan = ranker.heldOutScores.plan
    let strangers = plan.withoutTopic.filter { $0 < ranker.writing.lines.count && ranker.index.lines[$0].isExample }
    // On all cores; what comes out is in the order of the plan, whoever is done first.
    let found = Mutex<[[RankedTopic]?]>(Array(repeating: nil, count: plan.alone.count + strangers.count))
    DispatchQueue.concurrentPerform(iterations: plan.alone.count + strangers.count) { place in
      let isAlone = place < plan.alone.count
      let unit = isAlone ? plan.alone[place] : strangers[place - plan.alone.count]
      let ranked = ranked(ranker, catalogue, Ranker.HeldOut(unit: unit, withTopic: !isAlone))
      found.withLock { $0[place] = ranked }
    }
    let all = found.withLock { $0 }
    return zip(plan.alone + strangers, all).enumerated().compactMap { place, asked in
      guard let ranked = asked.1 else { return nil }
      let unit = asked.0
      let topic = ranker.writing.topic(of: unit)
      let isAlone = place < plan.alone.count
      return Asked(
        unit: unit, topic: topic, hasAnswer: isAlone && topic >= 0, weight: isAlone ? 1 : strangerWeight, ranked: ranked
      )
    }
  }

  /// Ranks by score; the lead is over the best other topic.
  static func weigh(_ ranked: [RankedTopic], _ ranking: TopicModel) -> [Weighed] {
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
        log(max(share, leastShare)), lead, 3 * Double(signals.classifier),
        3 * Double(signals.classifier - (rival?.ranked.signals.classifier ?? 0)), 3 * Double(likeness),
        likenessLead * Double(likeness - (rivalLikeness ?? 0)), 2 * Double(signals.coverage), Double(signals.known),
        -Double(max(0, signals.outOfScope - signals.best / 2)),
        -5 * Double(max(0, signals.outOfScopeMeaning - signals.meaning + 0.2)), 1,
      ]
    }
    return weighed
  }
}
