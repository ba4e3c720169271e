import Foundation

extension Lesson {
  /// What the signals make of one topic.
  struct Reasons: Sendable {
    /// In a fixed order; those that say nothing are left out. They add up to the log-odds of `probability`.
    var shares: [SignalShare]
    /// That the topic is right, 0…1.
    var probability: Double
  }

  /// Each signal's share in the confidence of topics.
  ///
  /// The certainty is a sum already. Of its two terms that come from the ranking, the lead is a sum of the signals' leads
  /// over the rival. The share among all topics is split by the path from "all topics are alike" to the scores as they are
  /// (Aumann and Shapley 1974; as integrated gradients, Sundararajan et al. 2017): each signal counts for what it puts the
  /// topic ahead of the others, each of these weighed by how much it was in the running on the way.
  /// - Parameters:
  ///   - ranked: what `confidences` was given.
  ///   - topics: numbers of those to explain.
  /// - Returns: by topic number; a topic that is not in `ranked` has none.
  func reasons(for topics: [Int], in ranked: [RankedTopic]) -> [Int: Reasons] {
    let weighed = Self.weigh(ranked, ranking)
    let vectors = weighed.map { $0.ranked.signals.forRanking }
    let field = Self.field(weighed, vectors)
    return weighed.indices.reduce(into: [:]) { reasons, place in
      guard topics.contains(weighed[place].ranked.topic) else { return }
      reasons[weighed[place].ranked.topic] = Reasons(
        shares: shares(of: place, weighed, vectors, field), probability: certainty.probability(weighed[place].vector))
    }
  }

  /// What the certainty is a sum of, in the order of `certaintyPrior`.
  enum Term: Int, CaseIterable {
    case share, lead, classifier, classifierLead, likeness, likenessLead, coverage, known, outOfScopeWords
    case outOfScopeMeaning, constant
  }

  private static let steps = 16

  /// The signals of all topics, each topic counting for how likely it was on the way from "all alike" to the scores.
  private static func field(_ weighed: [Weighed], _ vectors: [[Double]]) -> [Double] {
    guard let highest = weighed.first?.score, let size = vectors.first?.count else { return [] }
    var likelihoods = [Double](repeating: 0, count: weighed.count)
    for step in 0..<steps {
      // Midpoints; denser at the start, where most is decided.
      let way = (Double(step) + 0.5) / Double(steps)
      let odds = weighed.map { exp(way * way * ($0.score - highest)) }
      let total = odds.reduce(0, +)
      for place in odds.indices { likelihoods[place] += odds[place] / total * 2 * way / Double(steps) }
    }
    return zip(vectors, likelihoods).reduce(into: [Double](repeating: 0, count: size)) { field, topic in
      for index in 0..<size { field[index] += topic.0[index] * topic.1 }
    }
  }

  private func shares(
    of place: Int, _ weighed: [Weighed], _ vectors: [[Double]], _ field: [Double]
  ) -> [SignalShare] {
    let topic = weighed[place]
    let rival = weighed.indices.contains(place == 0 ? 1 : 0) ? (place == 0 ? 1 : 0) : nil
    let terms = zip(certainty.weights, topic.vector).map { $0 * $1 }
    var tally = Tally(encoders: topic.ranked.signals.meanings.count)
    let start = SignalShare.Signal.start(topics: weighed.count)
    for (number, term) in terms.enumerated() {
      let weight = certainty.weights[number]
      switch Term(rawValue: number) {
      case .share:
        let atFirst = -log(Double(weighed.count)) * weight
        tally.add(atFirst, to: start)
        let gains = zip(ranking.weights, zip(vectors[place], field)).map { $0 * ($1.0 - $1.1) }
        tally.add(gains.map { $0 * weight }, comingTo: term - atFirst)
      case .lead:
        guard let rival else {
          tally.add(term, to: .alone)
          continue
        }
        let leads = zip(ranking.weights, zip(vectors[place], vectors[rival])).map { $0 * ($1.0 - $1.1) }
        tally.add(leads.map { $0 * weight }, comingTo: term)
      case .classifier, .classifierLead: tally.add(term, to: .classifier)
      case .likeness: tally.add(nearness: term, topic.ranked.signals)
      case .likenessLead:
        tally.add(
          lead: term, weight * Self.likenessLead, topic.ranked.signals,
          rival.map { weighed[$0].ranked.signals })
      case .coverage: tally.add(term, to: .coverage)
      case .known: tally.add(term, to: .known)
      case .outOfScopeWords, .outOfScopeMeaning: tally.add(term, to: .outOfScope)
      case .constant: tally.add(term, to: start)
      case nil: tally.add(term, to: .rest)
      }
    }
    return tally.shares(first: start)
  }
}

/// Adds up the parts of the log-odds by what they come from.
private struct Tally {
  private let encoders: Int
  private var sums: [SignalShare.Signal: Double] = [:]

  init(encoders: Int) {
    self.encoders = encoders
  }

  mutating func add(_ part: Double, to signal: SignalShare.Signal) { sums[signal, default: 0] += part }

  /// Parts of the signals of `Signals.forRanking` that in truth come to `total`: for what limits and rounding change, all
  /// of them are shortened alike, or moved in proportion to their size.
  mutating func add(_ parts: [Double], comingTo total: Double) {
    let sum = parts.reduce(0, +)
    let size = parts.reduce(0) { $0 + abs($1) }
    guard size > 0 else { return add(total, to: .rest) }
    let isShorter = sum * total > 0 && abs(total) <= abs(sum)
    for (number, part) in parts.enumerated() {
      add(isShorter ? part * (total / sum) : part + (total - sum) * (abs(part) / size), to: signal(ofRanking: number))
    }
  }

  private func signal(ofRanking number: Int) -> SignalShare.Signal {
    switch number {
    case 0: .classifier
    case 1, 2, 3: .words
    case 4: .coverage
    default: .meaning((number - 5) / 4)
    }
  }

  /// The mean of the encoders' likenesses, or that of the words where there is no encoder.
  mutating func add(nearness term: Double, _ signals: Signals) {
    let total = signals.meanings.reduce(0) { $0 + Double($1.best) }
    guard encoders > 0, total > 0 else { return add(term, to: encoders > 0 ? .meaning(0) : .words) }
    for (number, meaning) in signals.meanings.enumerated() {
      add(term * (Double(meaning.best) / total), to: .meaning(number))
    }
  }

  /// What that mean has over the rival's.
  mutating func add(lead term: Double, _ weight: Double, _ signals: Signals, _ rival: Signals?) {
    guard encoders > 0 else { return add(term, to: .words) }
    var left = term
    for (number, meaning) in signals.meanings.enumerated() {
      let other = rival.flatMap { $0.meanings.indices.contains(number) ? $0.meanings[number].best : nil } ?? 0
      let part = weight * Double(meaning.best - other) / Double(encoders)
      add(part, to: .meaning(number))
      left -= part
    }
    // What rounding leaves over.
    add(left, to: .meaning(0))
  }

  func shares(first start: SignalShare.Signal) -> [SignalShare] {
    let order: [SignalShare.Signal] =
      [start, .classifier, .words, .coverage] + (0..<max(encoders, 1)).map { .meaning($0) }
      + [.known, .outOfScope, .alone, .rest]
    return order.compactMap { signal in
      // What rounding leaves of nothing is nothing.
      guard let share = sums[signal], abs(share) > 1e-12 || signal == start else { return nil }
      return SignalShare(signal: signal, share: share)
    }
  }
}
