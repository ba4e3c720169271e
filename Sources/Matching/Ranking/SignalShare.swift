/// What one signal has to say about one topic: its part of the log-odds that the topic is right, of either sign.
struct SignalShare: Sendable, Hashable {
  enum Signal: Sendable, Hashable {
    /// Where a topic stands before anything speaks: it is one of so many.
    case start(topics: Int)
    /// What the classifier says.
    case classifier
    case words
    case coverage
    /// By the number of the encoder.
    case meaning(Int)
    case known
    case outOfScope
    /// That there is no other topic to lead over.
    case alone
    /// What nothing else here stands for.
    case rest
  }

  var signal: Signal
  var share: Double
}

extension SignalShare.Signal {
  /// In words that an author understands.
  /// - Parameter encoders: their names, in order.
  func name(encoders: [String]) -> String {
    switch self {
    case .start(let topics): topics > 1 ? "one of \(topics) topics, to begin with" : "to begin with"
    case .classifier: "what all its lines together say"
    case .words: "likeness in words and letters"
    case .coverage: "how much of the question it covers"
    case .meaning(let number):
      encoders.indices.contains(number) ? "nearness in meaning, by \(encoders[number])" : "nearness in meaning"
    case .known: "words that the workspace knows"
    case .outOfScope: "like what must never be answered"
    case .alone: "nothing else comes into question"
    case .rest: "everything else"
    }
  }
}
