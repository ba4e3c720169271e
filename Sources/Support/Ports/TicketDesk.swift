package import Foundation

/// The desk's side of the ledger: tickets and what people do with them. All calls throw `LedgerError`;
/// an action that a ticket's state does not allow throws `TicketActionError`.
package protocol TicketDesk: Sendable {
  /// Oldest due first: due is a first reply until somebody has replied, and the resolution from then on.
  func tickets(_ filter: TicketFilter) async throws -> [Ticket]
  func ticket(_ number: Int) async throws -> Ticket?
  /// In the order in which it happened.
  func history(of number: Int) async throws -> [TicketEvent]
  /// Applies `action` as `Ticket.applying(_:by:at:)` says: ticket, history, reply, interaction and conversation state as one.
  @discardableResult
  func act(_ action: TicketAction, on number: Int, by person: String, at now: Date) async throws -> Ticket
}

package struct TicketFilter: Sendable, Hashable {
  /// Empty: every state.
  package var states: Set<TicketState>
  package var queue: String?
  package var owner: String?
  package var agency: String?
  /// Opened at or after, before.
  package var openedSince: Date?
  package var openedUntil: Date?

  package init(
    states: Set<TicketState> = [], queue: String? = nil, owner: String? = nil, agency: String? = nil,
    openedSince: Date? = nil, openedUntil: Date? = nil
  ) {
    self.states = states
    self.queue = queue
    self.owner = owner
    self.agency = agency
    self.openedSince = openedSince
    self.openedUntil = openedUntil
  }
}

/// Reading the log.
package protocol InteractionLog: Sendable {
  /// In the order in which they happened.
  func interactions(_ filter: InteractionFilter) async throws -> [Interaction]
  /// What could not be read or sent, newest first.
  func setAside(limit: Int) async throws -> [SetAsideItem]
  /// How much waits: messages to decide, replies to send.
  func backlog() async throws -> Backlog
  /// The same by channel, of those that something waits for, by name.
  func queues() async throws -> [ChannelQueue]
}

/// Something that the bot could not deal with, kept for people to see.
package struct SetAsideItem: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable {
    /// Came in and could not be read.
    case unreadable
    /// A reply that could not be sent.
    case held
  }

  package var kind: Kind
  package var at: Date
  package var channel: String
  package var id: String?
  package var reason: String
  package var text: String
  /// Of a held reply, its line of the log.
  package var reply: Int?
  /// Of a held reply, what became of it; nil while it waits for a person.
  package var outcome: HeldOutcome?

  package init(
    kind: Kind, at: Date, channel: String, id: String?, reason: String, text: String, reply: Int? = nil,
    outcome: HeldOutcome? = nil
  ) {
    self.kind = kind
    self.at = at
    self.channel = channel
    self.id = id
    self.reason = reason
    self.text = text
    self.reply = reply
    self.outcome = outcome
  }
}

package struct Backlog: Sendable, Hashable, Codable {
  package var undecided: Int
  package var unsent: Int
  package var held: Int

  package init(undecided: Int, unsent: Int, held: Int) {
    self.undecided = undecided
    self.unsent = unsent
    self.held = held
  }
}
