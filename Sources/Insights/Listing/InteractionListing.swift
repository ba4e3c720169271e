package import Support

/// Lines of the log, for `greenroom log`: a table for a terminal, JSON Lines or CSV.
package struct InteractionListing: Sendable, Hashable {
  /// In the order in which they are listed.
  package var interactions: [Interaction]

  package init(_ interactions: [Interaction]) {
    self.interactions = interactions
  }
}

extension Interaction {
  /// What the parts were matched with, each once: one message can ask several things.
  var matched: [CandidateID] {
    var seen: Set<CandidateID> = []
    return parts.compactMap(\.matched).filter { seen.insert($0).inserted }
  }

  /// Of the part that is least certain; nil for what was not decided.
  var confidence: Double? { parts.map(\.confidence).min() }
}
