/// What a message may be matched with.
package enum CandidateID: Sendable, Hashable, Codable, CustomStringConvertible {
  case intent(String)
  case article(String)

  /// `intent:payout-late`, `article:payouts/late-payout`: the form in files, JSON and logs.
  package var description: String {
    switch self {
    case .intent(let id): "intent:\(id)"
    case .article(let id): "article:\(id)"
    }
  }

  package init?(_ description: some StringProtocol) {
    let parts = description.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    switch parts[0] {
    case "intent": self = .intent(String(parts[1]))
    case "article": self = .article(String(parts[1]))
    default: return nil
    }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let id = CandidateID(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a candidate id: \(text)")
    }
    self = id
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// An intent or article with the probability, 0…1, that it is what the asker wants.
package struct Candidate: Sendable, Hashable, Codable {
  package var id: CandidateID
  package var title: String
  package var confidence: Double

  package init(id: CandidateID, title: String, confidence: Double) {
    self.id = id
    self.title = title
    self.confidence = confidence
  }
}

/// What the bot does about a message, and why. Made by a pure function; carried out by the ledger in one transaction.
package struct Decision: Sendable, Hashable, Codable {
  /// In rising order of need: of several parts the last of these names the whole.
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case silent, answer, clarify, collect, escalate

    package static func < (one: Kind, other: Kind) -> Bool {
      (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
    }
  }

  /// One question of a message and what becomes of it.
  package struct Part: Sendable, Hashable, Codable {
    package var text: String
    package var kind: Kind
    /// Nil when nothing is said.
    package var reply: Reply?
    /// What was sent, asked or escalated by rule; nil when nothing of the workspace matched.
    package var matched: CandidateID?
    /// Best first.
    package var candidates: [Candidate]
    /// Of the best candidate, 0…1.
    package var confidence: Double
    package var ticket: TicketEffect?
    package var explanation: [Evidence]

    package init(
      text: String, kind: Kind, reply: Reply? = nil, matched: CandidateID? = nil, candidates: [Candidate] = [],
      confidence: Double = 0, ticket: TicketEffect? = nil, explanation: [Evidence] = []
    ) {
      self.text = text
      self.kind = kind
      self.reply = reply
      self.matched = matched
      self.candidates = candidates
      self.confidence = confidence
      self.ticket = ticket
      self.explanation = explanation
    }
  }

  /// At least one.
  package var parts: [Part]
  /// What is sent: the parts' replies put together; nil when nothing is said.
  package var reply: Reply?
  /// What can be pressed under it.
  package var offer: ReplyOffer
  /// BCP 47, of the reply.
  package var language: String
  /// The conversation after this message. Numbers of tickets that this decision opens are filled in by the ledger.
  package var nextState: ConversationState
  /// Content hash of the workspace that decided.
  package var workspaceVersion: String

  package init(
    parts: [Part], reply: Reply?, offer: ReplyOffer = ReplyOffer(), language: String, nextState: ConversationState,
    workspaceVersion: String
  ) {
    self.parts = parts
    self.reply = reply
    self.offer = offer
    self.language = language
    self.nextState = nextState
    self.workspaceVersion = workspaceVersion
  }

  package var kind: Kind { parts.map(\.kind).max() ?? .silent }
  package var confidence: Double { parts.map(\.confidence).min() ?? 0 }
  package var matched: CandidateID? { parts.lazy.compactMap(\.matched).first }
  /// Of all parts, the likeliest first; of what stands in several parts, the likeliest.
  package var candidates: [Candidate] {
    guard parts.count > 1 else { return parts.first?.candidates ?? [] }
    var best: [Candidate] = []
    for candidate in parts.flatMap(\.candidates) {
      if let known = best.firstIndex(where: { $0.id == candidate.id }) {
        if candidate.confidence > best[known].confidence { best[known] = candidate }
      } else {
        best.append(candidate)
      }
    }
    return best.enumerated().sorted { ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset) }
      .map(\.element)
  }
  /// At most one ticket is opened by a message, whatever it asks; the rest goes onto it.
  package var ticketEffects: [TicketEffect] { parts.compactMap(\.ticket) }
  package var explanation: [Evidence] { parts.flatMap(\.explanation) }
}

/// What a decision does to tickets.
package enum TicketEffect: Sendable, Hashable, Codable {
  case open(TicketDraft)
  /// The message goes onto a ticket that is already there.
  case append(ticket: Int)
  case reopen(ticket: Int)
}
