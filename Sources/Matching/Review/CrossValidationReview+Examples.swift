import Support

extension CrossValidationReview {
  /// Topics by their number of lines, and how many of those find their topic when held out.
  private struct Rung {
    /// From so many lines up to the next rung.
    var least: Int
    var asked = 0
    var found = 0

    var share: Double { Double(found) / Double(asked) }
  }

  private static let ladder = [1, 2, 3, 4, 6, 8, 11, 15, 20, 30, 50]
  /// Rungs with fewer held-out lines say too little.
  private static let fewestAsked = 15
  /// What is found less by this than on the best rung is found markedly less.
  private static let marked = 0.1
  private static let leastDeviations = 3.0
  /// Nobody is asked to write more than this for one intent at once.
  private static let mostToAdd = 20

  /// With no more examples than this, nothing about an intent can be found out.
  private static let fewestExamples = 2
  /// Of so few lines each one that goes astray counts.
  private static let fewLines = 4
  /// Where most topics have fewer lines than this, the workspace is only being begun.
  private static let leastTypical = 6

  /// Intents that have fewer examples than this workspace needs, and are found badly for it; the worst first.
  ///
  /// The workspace itself says how many it needs: its topics, ordered by how many lines they have, make a learning curve.
  /// An intent that is found well with few examples, or by rules, needs no more.
  func tooFewExamples() -> [Problem] {
    let curve = enoughLines()
    let counts = byTopic.keys.map { lineCount(of: $0) }.sorted()
    let typical = counts.isEmpty ? 0 : counts[counts.count / 2]
    return byTopic.sorted { $0.key < $1.key }.compactMap { topic, places -> (problem: Problem, share: Double)? in
      let lines = lineCount(of: topic)
      let found = places.count { trials[$0].isFound }
      let missed = places.count - found
      let own = Double(found) / Double(places.count)
      // Where rules decide, examples are a second net.
      guard missed > 0, let intent = intent(of: topic), !intent.examples.isEmpty, intent.patterns.isEmpty,
        intent.keywords?.isEmpty ?? true
      else { return nil }
      let comparison: String
      let more: Int
      if let curve, lines < curve.lines, own <= curve.share - 2 * Self.marked, missed > 1 || lines <= Self.fewLines {
        comparison = "topics with \(curve.lines) lines or more lose \(BasisWords.percent(1 - curve.share))"
        more = min(curve.lines - lines, Self.mostToAdd)
      } else if lines <= Self.fewestExamples + 1, typical >= Self.leastTypical {
        comparison = "half of all topics have \(typical) lines or more"
        more = min(typical - lines, Self.mostToAdd)
      } else {
        return nil
      }
      return (
        Problem(
          .warning, at: intent.location,
          "The intent '\(intent.id)' has too few examples: held out, \(missed) of \(tried(places.count, of: lines, whose: "its")) \(missed == 1 ? "is" : "are") taken for something else, while \(comparison). Add about \(more), in other words than those there."
        ), own
      )
    }.sorted { ($0.share, $0.problem.location) < ($1.share, $1.problem.location) }.map(\.problem)
  }

  /// From how many lines on topics are found about as well as those with the most, and how well that is; nil where
  /// nothing says that the number of lines matters here.
  private func enoughLines() -> (lines: Int, share: Double)? {
    var rungs = Self.ladder.map { Rung(least: $0) }
    for (topic, places) in byTopic {
      let lines = lineCount(of: topic)
      guard let rung = rungs.lastIndex(where: { $0.least <= lines }) else { continue }
      rungs[rung].asked += places.count
      rungs[rung].found += places.count { trials[$0].isFound }
    }
    // Thin rungs are joined with those above, so that each says something.
    var joined: [Rung] = []
    for rung in rungs.reversed() {
      if let last = joined.last, last.asked < Self.fewestAsked {
        joined[joined.count - 1] = Rung(
          least: rung.asked > 0 ? rung.least : last.least, asked: last.asked + rung.asked,
          found: last.found + rung.found)
      } else {
        joined.append(rung)
      }
    }
    let told = joined.filter { $0.asked >= Self.fewestAsked }.reversed()
    guard told.count > 1, let best = told.map(\.share).max() else { return nil }
    // The lowest rung from which on none is markedly worse than the best.
    let wanting = told.last { $0.share < best - Self.marked }
    guard let wanting, let enough = told.first(where: { $0.least > wanting.least }) else { return nil }
    let above = sum(told.filter { $0.least >= enough.least })
    let below = sum(told.filter { $0.least < enough.least })
    // By far more than chance, or it is not the number of lines that matters here (two shares, normal approximation).
    let common = Double(above.found + below.found) / Double(above.asked + below.asked)
    let deviation = (common * (1 - common) * (1 / Double(above.asked) + 1 / Double(below.asked))).squareRoot()
    guard above.share - below.share > Self.leastDeviations * deviation else { return nil }
    return (enough.least, above.share)
  }

  private func sum(_ rungs: [Rung]) -> Rung {
    rungs.reduce(into: Rung(least: rungs.first?.least ?? 0)) {
      $0.asked += $1.asked
      $0.found += $1.found
    }
  }

  /// The intent of a topic that examples are written for.
  private func intent(of topic: Int) -> Intent? {
    for case .intent(let id) in catalogue.topics[topic].members { return catalogue.intents[id] }
    return nil
  }
}
