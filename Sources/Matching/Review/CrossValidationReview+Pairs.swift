import Foundation
import Support

extension CrossValidationReview {
  /// Two topics that are taken for one another.
  struct ConfusablePair {
    /// In order of number.
    var topics: [Int]
    /// Places of lines of either that found the other.
    var confused: [Int]
    /// Lines of both.
    var lines: Int

    var share: Double { Double(confused.count) / Double(lines) }
  }

  private static let fewestConfused = 4
  /// Of the lines of both: two that cannot be told apart share theirs about evenly, and lines of either are among them.
  private static let leastShare = 0.35
  private static let fewestOfEither = 2
  /// Of the lines of one: the other takes them away. Of a topic with few lines each is a good part of all there is on it.
  private static let leastTaken = 0.75
  private static let fewestTaken = 6
  /// The probability that so much comes by chance, over all pairs together, is less than this.
  private static let significance = 0.01

  /// Topics whose lines find each other far oftener than lines find a wrong topic in general; the most confused first.
  func confusablePairs() -> [ConfusablePair] {
    var confused: [[Int]: [Int]] = [:]
    var misses = 0
    var asked = 0
    for (place, trial) in trials.enumerated() {
      guard let topic = trial.topic else { continue }
      asked += 1
      guard let rival = trial.rival, rival.confidence > trial.confidence(in: topic) else { continue }
      misses += 1
      confused[[min(topic, rival.topic), max(topic, rival.topic)], default: []].append(place)
    }
    guard byTopic.count > 2 else { return [] }
    // A line that goes astray would by chance find any of the other topics.
    let chance = Double(misses) / Double(max(1, asked)) / Double(byTopic.count - 1)
    let pairCount = Double(byTopic.count * (byTopic.count - 1) / 2)
    return confused.compactMap { topics, places -> ConfusablePair? in
      let lines = topics.reduce(0) { $0 + (byTopic[$1]?.count ?? 0) }
      let pair = ConfusablePair(topics: topics, confused: places, lines: lines)
      let strays = topics.map { topic in places.count { trials[$0].topic == topic } }
      let isTaken = zip(topics, strays).contains { topic, strays in
        strays >= Self.fewestTaken && Double(strays) >= Self.leastTaken * Double(byTopic[topic]?.count ?? 0)
      }
      let isShared = strays.allSatisfy { $0 >= Self.fewestOfEither } && pair.share >= Self.leastShare
      // Where lines go astray everywhere, those of these two have to find each other oftener than that.
      let elsewhere = Double(misses - places.count) / Double(max(1, asked - lines))
      guard places.count >= Self.fewestConfused, isTaken || isShared && pair.share > elsewhere,
        meet(topics),
        Self.tail(places.count, of: lines, chance: chance) * pairCount < Self.significance
      else { return nil }
      return pair
    }.sorted {
      ($1.share, $1.confused.count, $0.topics[0], $0.topics[1]) < (
        $0.share, $0.confused.count, $1.topics[0], $1.topics[1]
      )
    }
  }

  /// Articles for different regions or days are never answered for one another.
  private func meet(_ topics: [Int]) -> Bool {
    let articles = topics.map { topic in
      catalogue.topics[topic].members.lazy.compactMap { member -> Article? in
        guard case .article(let id) = member else { return nil }
        return catalogue.articles[id]
      }.first
    }
    guard let one = articles[0], let other = articles[1] else { return true }
    return one.overlaps(other)
  }

  func problem(_ pair: ConfusablePair) -> Problem {
    let (one, other) = (pair.topics[0], pair.topics[1])
    let there = pair.confused.count { trials[$0].topic == one }
    let shown = pair.confused.sorted {
      (trials[$1].rival?.confidence ?? 0, $0) < (trials[$0].rival?.confidence ?? 0, $1)
    }.prefix(3).map { "\(Self.quoted(trials[$0].text)) (\(trials[$0].location))" }
    return Problem(
      .warning,
      at: max(
        location(of: one) ?? trials[pair.confused[0]].location, location(of: other) ?? trials[pair.confused[0]].location
      ),
      "\(name(of: one).capitalisedFirst) and \(name(of: other)) are taken for one another: of \(tried(pair.lines, of: lineCount(of: one) + lineCount(of: other), whose: "their")), \(there) of the one and \(pair.confused.count - there) of the other find the wrong one, such as \(shown.joined(separator: ", ")). Merge them, or give each examples that only fit it."
    )
  }

  /// The probability of `count` or more out of `trials`; 1 where so many are to be expected.
  static func tail(_ count: Int, of trials: Int, chance: Double) -> Double {
    guard count > 0 else { return 1 }
    guard chance > 0, count <= trials else { return 0 }
    let n = Double(trials)
    guard n * chance < Double(count) else { return 1 }
    var hits = Double(count)
    var term = exp(
      BetaBinomial.logGamma(n + 1) - BetaBinomial.logGamma(hits + 1) - BetaBinomial.logGamma(n - hits + 1)
        + hits * log(chance) + (n - hits) * log(1 - chance))
    var sum = 0.0
    // Right of the mean each term is less than the one before.
    while hits <= n, term > sum * 1e-12 {
      sum += term
      term *= (n - hits) / (hits + 1) * chance / (1 - chance)
      hits += 1
    }
    return min(1, sum)
  }
}

extension String {
  var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
