/// One line of the reasons for a decision.
package struct Evidence: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A rule that is certain: a pattern or keywords.
    case rule
    /// A line of the workspace that spoke for a candidate; the score is how alike it is, 0…1.
    case line
    /// What one signal had to say about a candidate: the text is its name, the score its part of the log-odds, of either
    /// sign. The parts of one candidate add up to its log-odds.
    case signal
    /// The candidate that came second; the score is its confidence, 0…1.
    case runnerUp = "runner-up"
    /// What the policy made of it. The score is the threshold it used, 0…1; the text says what set it.
    case policy
    /// The state of the conversation decided.
    case state
    /// How a message that leans on the one before was read.
    case followUp = "follow-up"
    /// A word that was read as another.
    case spelling
    /// Which language it was taken for; the score is how sure that is, 0…1.
    case language
    /// The version of the workspace.
    case workspace
    /// Written by another version of the program: only its text is understood.
    case other
  }

  package var kind: Kind
  /// A sentence for people; of a signal its name.
  package var text: String
  /// `intent:…` or `article:…`.
  package var candidate: CandidateID?
  /// `file:line` in the workspace.
  package var source: String?
  /// What it measures depends on the kind.
  package var score: Double?

  package init(
    _ kind: Kind, _ text: String, candidate: CandidateID? = nil, source: String? = nil, score: Double? = nil
  ) {
    self.kind = kind
    self.text = text
    self.candidate = candidate
    self.source = source
    self.score = score
  }

  /// Reads what any version of the program has written: a log is read for years, and reasons that cannot all be
  /// understood must not hide the message that they are about.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let word = try container.decodeIfPresent(String.self, forKey: .kind)
    kind = word.flatMap(Kind.init) ?? .other
    text = try container.decodeIfPresent(String.self, forKey: .text) ?? ""
    candidate = (try container.decodeIfPresent(String.self, forKey: .candidate)).flatMap { CandidateID($0) }
    source = try container.decodeIfPresent(String.self, forKey: .source)
    score = try container.decodeIfPresent(Double.self, forKey: .score)
  }
}
