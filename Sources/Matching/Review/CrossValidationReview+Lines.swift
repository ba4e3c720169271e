import Support

extension CrossValidationReview {
  /// What a line must at least be taken for another topic with.
  private static let leastRival = 0.9
  /// With less than this its own topic is out of sight.
  private static let mostOwn = 0.001
  /// Where more lines than this have lost sight of their topic, that says nothing about any of them.
  private static let mostOutOfSight = 0.1
  /// Each example of what must never be answered stands for itself. Where more than one in so many looks like a topic,
  /// that is how they are here.
  private static let fewestStrange = 25
  /// A topic of fewer lines says nothing about one of them.
  private static let fewestOthers = 4

  /// Lines that are, held out, surely something else while nothing is left of their own topic. Being taken for something
  /// else is common among lines that are right; having nothing to do with one's own topic is not.
  /// - Parameter mayBe: whether it is still to be said of a trial that it looks like another topic.
  func mislabelled(_ mayBe: (HeldOutTrial, Int) -> Bool) -> [Problem] {
    let asked = trials.filter { $0.topic != nil }
    let outOfSight = asked.count { $0.confidence(in: $0.topic) <= Self.mostOwn }
    guard Double(outOfSight) <= Self.mostOutOfSight * Double(asked.count) else { return [] }
    let surer = surerThanChance()
    let strange = trials.filter { $0.topic == nil && ($0.rival?.confidence ?? 0) >= surer }.count
    let meansStrange = strange <= max(1, (trials.count - asked.count) / Self.fewestStrange)
    return trials.compactMap { trial -> (problem: Problem, lead: Double)? in
      guard trial.isExample, let rival = trial.rival, mayBe(trial, rival.topic),
        rival.confidence >= (trial.topic == nil ? surer : Self.leastRival),
        (byTopic[rival.topic]?.count ?? 0) >= Self.fewestOthers
      else { return nil }
      guard let topic = trial.topic else {
        guard meansStrange else { return nil }
        return (outOfScope(trial, rival), rival.confidence)
      }
      let own = trial.confidence(in: topic)
      guard own <= Self.mostOwn, (byTopic[topic]?.count ?? 0) > Self.fewestOthers else { return nil }
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
