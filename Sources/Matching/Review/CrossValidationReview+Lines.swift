import Support

extension CrossValidationReview {
  /// What a line must at least be taken for another topic with, and what it may at most be its own topic with.
  private static let leastRival = 0.9
  private static let mostOwn = 0.1
  /// A topic of fewer lines says nothing about one of them.
  private static let fewestOthers = 4

  /// Lines that are, held out, surely something else: confident learning (Northcutt et al. 2021). A line counts as of
  /// another topic when it is that topic with at least the mean confidence of the topic's own lines.
  func mislabelled(except duplicates: Set<Int>, pairs: [[Int]]) -> [Problem] {
    let means = byTopic.mapValues { places in
      places.reduce(0) { $0 + trials[$1].confidence(in: trials[$1].topic) } / Double(places.count)
    }
    let paired = Set(pairs)
    let sure = surerThanChance()
    return trials.indices.compactMap { place -> (problem: Problem, lead: Double)? in
      let trial = trials[place]
      guard trial.isExample, !duplicates.contains(place), let rival = trial.rival,
        rival.confidence >= max(sure, means[rival.topic] ?? 1),
        (byTopic[rival.topic]?.count ?? 0) >= Self.fewestOthers
      else { return nil }
      guard let topic = trial.topic else {
        return (outOfScope(trial, rival), rival.confidence)
      }
      let own = trial.confidence(in: topic)
      guard own <= Self.mostOwn, (byTopic[topic]?.count ?? 0) > Self.fewestOthers,
        !paired.contains([min(topic, rival.topic), max(topic, rival.topic)])
      else { return nil }
      return (mislabelled(trial, topic, own, rival), rival.confidence - own)
    }.sorted { ($1.lead, $0.problem.location) < ($0.lead, $1.problem.location) }.map(\.problem)
  }

  /// Of many lines some are taken for something else with great confidence, though nothing is wrong with them: as many as
  /// the confidences themselves expect. This is the confidence from which on less than one such line is to be expected.
  private func surerThanChance() -> Double {
    var expected = 0.0
    for confidence in trials.compactMap({ $0.ranked.first?.confidence }).sorted(by: >) {
      expected += 1 - min(confidence, 1)
      if expected >= 1 || confidence < Self.leastRival { return max(confidence.nextUp, Self.leastRival) }
    }
    return Self.leastRival
  }

  private func mislabelled(
    _ trial: HeldOutTrial, _ topic: Int, _ own: Double, _ rival: HeldOutTrial.Ranked
  ) -> Problem {
    Problem(
      .warning, at: trial.location,
      "\(Self.quoted(trial.text)) looks like \(name(of: rival.topic)) (\(BasisWords.percent(rival.confidence))), not like \(name(of: topic)) (\(BasisWords.percent(own))), whose other lines are unlike it. Move it, or give \(name(of: topic)) more lines of its kind."
    )
  }

  private func outOfScope(_ trial: HeldOutTrial, _ rival: HeldOutTrial.Ranked) -> Problem {
    Problem(
      .warning, at: trial.location,
      "\(Self.quoted(trial.text)) is an example of what must never be answered, but looks like \(name(of: rival.topic)) (\(BasisWords.percent(rival.confidence))). Take it out, or make it say what sets it apart."
    )
  }
}
