package import Support

/// A line of the workspace that was asked while it was held out, and what it was taken for.
package struct HeldOutTrial: Sendable, Hashable {
  /// A topic with the probability, 0…1, that it is meant.
  package struct Ranked: Sendable, Hashable {
    package var topic: Int
    package var confidence: Double

    package init(topic: Int, confidence: Double) {
      self.topic = topic
      self.confidence = confidence
    }
  }

  package var text: String
  package var location: SourceLocation
  /// What the line belongs to; nil for an example of what must never be answered.
  package var topic: Int?
  /// Of an intent's examples or an article's questions; titles are false, and authors are not told to reword those.
  package var isExample: Bool
  /// What the line says it is an example of; nil for what must never be answered.
  package var candidate: CandidateID?
  /// Best first, each topic once.
  package var ranked: [Ranked]

  package init(
    text: String, location: SourceLocation, topic: Int?, candidate: CandidateID?, isExample: Bool = true,
    ranked: [Ranked]
  ) {
    self.text = text
    self.location = location
    self.topic = topic
    self.candidate = candidate
    self.isExample = isExample
    self.ranked = ranked
  }

  func confidence(in topic: Int?) -> Double {
    guard let topic else { return 0 }
    return ranked.first { $0.topic == topic }?.confidence ?? 0
  }

  var isFound: Bool { topic != nil && ranked.first?.topic == topic }

  /// The topic that came first instead of the line's own; nil where that is first, or nothing is.
  var rival: Ranked? { ranked.first.flatMap { $0.topic == topic ? nil : $0 } }
}
