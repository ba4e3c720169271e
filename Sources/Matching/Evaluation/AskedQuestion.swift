import Support

/// An evaluated question as thresholds see it: how sure its best candidate was, and whether that was right.
package struct AskedQuestion: Sendable, Hashable {
  package var isInScope: Bool
  /// Of the surest candidate of all parts, 0…1; 0 where nothing was found.
  package var confidence: Double
  /// Whether that candidate is one of those wanted. Never out of scope.
  package var isRight: Bool
  /// The topic of that candidate.
  package var topic: Int?

  package init(isInScope: Bool, confidence: Double, isRight: Bool, topic: Int? = nil) {
    self.isInScope = isInScope
    self.confidence = confidence
    self.isRight = isRight
    self.topic = topic
  }

  init(_ question: LabelledQuestion, _ decision: Decision, _ catalogue: Catalogue) {
    let first = decision.candidates.first
    let wanted: [CandidateID] =
      switch question.expectation {
      case .none: []
      case .any(let ids), .all(let ids): ids
      }
    isInScope = question.expectation != .none
    confidence = first?.confidence ?? 0
    isRight = first.map { first in wanted.contains { catalogue.areSame($0, first.id) } } ?? false
    topic = first.flatMap { catalogue.topicOf[$0.id] }
  }

  var outcome: HeldOutOutcome { HeldOutOutcome(confidence: confidence, isRight: isRight, group: topic) }
}
