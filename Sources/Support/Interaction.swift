package import Foundation

/// One line of the log: a message in or out, with what was made of it.
package struct Interaction: Sendable, Hashable, Codable {
  package enum Direction: String, Sendable, Hashable, Codable {
    case incoming = "in"
    case outgoing = "out"
  }

  /// How far it got.
  package enum Result: String, Sendable, Hashable, Codable {
    /// Incoming: decided.
    case decided
    /// Outgoing: waits to be sent.
    case queued
    case sent
    /// Outgoing: given up or held; staff can see why.
    case held
  }

  /// Rises with time; unique.
  package var id: Int
  package var direction: Direction
  /// Incoming: when it was taken in. Outgoing: when it was written.
  package var at: Date
  package var agency: String
  package var conversation: ConversationID
  /// Incoming: the message's own id. Outgoing: the id of the message it answers.
  package var message: String?
  /// The sender's name, "bot", or the name of the person who replied.
  package var author: String
  package var text: String
  /// Incoming: of the whole message, the neediest of its parts.
  package var decision: Decision.Kind?
  /// Incoming: each question of the message with what became of it and why. Outgoing: empty.
  package var parts: [Decision.Part]
  package var language: String?
  package var ticket: Int?
  package var workspaceVersion: String?
  /// Incoming: taken in to decided. Outgoing: taken in to sent. In milliseconds.
  package var latencyMilliseconds: Double?
  package var result: Result

  package init(
    id: Int, direction: Direction, at: Date, agency: String, conversation: ConversationID, message: String? = nil,
    author: String, text: String, decision: Decision.Kind? = nil, parts: [Decision.Part] = [],
    language: String? = nil, ticket: Int? = nil, workspaceVersion: String? = nil, latencyMilliseconds: Double? = nil,
    result: Result
  ) {
    self.id = id
    self.direction = direction
    self.at = at
    self.agency = agency
    self.conversation = conversation
    self.message = message
    self.author = author
    self.text = text
    self.decision = decision
    self.parts = parts
    self.language = language
    self.ticket = ticket
    self.workspaceVersion = workspaceVersion
    self.latencyMilliseconds = latencyMilliseconds
    self.result = result
  }
}

/// Which lines of the log to read. Every condition that is given must hold.
package struct InteractionFilter: Sendable, Hashable {
  /// Only the line with this id.
  package var id: Int?
  /// At or after.
  package var since: Date?
  /// Before.
  package var until: Date?
  package var agency: String?
  package var decision: Decision.Kind?
  /// One of the message's parts was matched with it.
  package var matched: CandidateID?
  package var ticket: Int?
  package var direction: Interaction.Direction?
  /// The newest so many, given oldest first; nil for all.
  package var limit: Int?

  package init(
    id: Int? = nil, since: Date? = nil, until: Date? = nil, agency: String? = nil, decision: Decision.Kind? = nil,
    matched: CandidateID? = nil, ticket: Int? = nil, direction: Interaction.Direction? = nil, limit: Int? = nil
  ) {
    self.id = id
    self.since = since
    self.until = until
    self.agency = agency
    self.decision = decision
    self.matched = matched
    self.ticket = ticket
    self.direction = direction
    self.limit = limit
  }
}
