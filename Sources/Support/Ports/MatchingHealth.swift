/// What messages are matched with at present, and what should be there and is not.
package struct MatchingHealth: Sendable, Hashable {
  package struct Encoder: Sendable, Hashable {
    package enum State: String, Sendable, Hashable {
      case loaded
      /// Never installed here.
      case missing
      /// There, and not fit to be used; or a service that does not answer.
      case unusable
    }

    package var name: String
    package var state: State
    /// Loaded: the version. Otherwise one sentence that says why, and what to do.
    package var detail: String

    package init(name: String, state: State, detail: String) {
      self.name = name
      self.state = state
      self.detail = detail
    }
  }

  package enum Mode: String, Sendable, Hashable {
    case wordsAndCharacters = "words and characters"
    case withEncoders = "with sentence encoders"
  }

  package enum Cache: Sendable, Hashable {
    case kept
    /// Turned off, or there is no folder to keep it in.
    case off
    /// Nothing can be kept: one sentence that says why.
    case failing(String)
  }

  /// Those that the settings name, in their order.
  package var encoders: [Encoder]
  package var cache: Cache

  package init(encoders: [Encoder], cache: Cache) {
    self.encoders = encoders
    self.cache = cache
  }

  package var mode: Mode {
    encoders.contains { $0.state == .loaded } ? .withEncoders : .wordsAndCharacters
  }

  /// One sentence on what is asked for and cannot be used, and what to do; nil when all is there.
  package var shortcoming: String? {
    let missing = encoders.filter { $0.state == .missing }.map(\.name)
    var sentences: [String] = []
    if !missing.isEmpty {
      let those =
        missing.count == 1 ? "the model \(missing[0]) is" : "the models \(missing.joined(separator: ", ")) are"
      sentences.append("\(those) not installed; run 'greenroom model install'")
    }
    for encoder in encoders where encoder.state == .unusable { sentences.append("\(encoder.name): \(encoder.detail)") }
    guard !sentences.isEmpty else { return nil }
    let consequence =
      mode == .withEncoders ? "Matching does without some encoders" : "Matching is on words and characters alone"
    return "\(consequence): \(sentences.joined(separator: "; "))."
  }
}
