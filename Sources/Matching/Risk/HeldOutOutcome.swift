/// What would have come of a question whose right answer is known: how sure the best candidate was, and whether it was
/// right.
package struct HeldOutOutcome: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    /// A line of the workspace, asked while it was held out, or a question of an evaluation.
    case line
    /// A person's correction.
    case correction
  }

  /// Of the best candidate, 0…1; 0 where there is none.
  package var confidence: Double
  /// Whether the best candidate is what was wanted. Never where nothing was to be answered.
  package var isRight: Bool
  /// How much it counts, against 1 for a line of the workspace; over 0.
  package var weight: Double
  /// The topic that would be answered.
  package var group: Int?
  package var source: Source

  package init(
    confidence: Double, isRight: Bool, weight: Double = 1, group: Int? = nil, source: Source = .line
  ) {
    self.confidence = confidence
    self.isRight = isRight
    self.weight = weight
    self.group = group
    self.source = source
  }
}

extension [HeldOutOutcome] {
  /// The outcomes that count, the surest first, in an order that does not depend on the order they came in, so that sums
  /// are the same to the last bit. Weights that are no number over 0 do not count; a confidence that is no number is 0.
  func canonical() -> [HeldOutOutcome] {
    compactMap { outcome -> HeldOutOutcome? in
      guard outcome.weight.isFinite, outcome.weight > 0 else { return nil }
      var outcome = outcome
      outcome.confidence = outcome.confidence.isNaN ? 0 : Swift.min(Swift.max(outcome.confidence, 0), 1)
      return outcome
    }.sorted { one, other in
      if one.confidence != other.confidence { return one.confidence > other.confidence }
      if one.group != other.group { return (one.group ?? -1) < (other.group ?? -1) }
      if one.isRight != other.isRight { return one.isRight }
      return one.weight > other.weight
    }
  }
}
