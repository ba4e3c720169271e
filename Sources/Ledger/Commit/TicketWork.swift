import Foundation
import GRDB
import Support

/// What one message does to tickets.
struct TicketWork {
  let message: Message
  let agency: String
  /// Its row.
  let conversation: Int
  let now: Date

  private(set) var opened: Ticket?
  private(set) var reopened: [Ticket] = []
  /// Tickets that the message has gone onto.
  private var touched: [Int] = []

  init(message: Message, agency: String, conversation: Int, now: Date) {
    self.message = message
    self.agency = agency
    self.conversation = conversation
    self.now = now
  }

  /// The ticket that the message is about: the one it opened, else the first that it went onto.
  var number: Int? { opened?.number ?? touched.first }

  mutating func carryOut(_ effects: [TicketEffect], in db: Database) throws {
    for effect in effects {
      switch effect {
      case .open(let draft): try open(draft, in: db)
      case .append(let number): try append(to: number, reopening: false, in: db)
      case .reopen(let number): try append(to: number, reopening: true, in: db)
      }
    }
  }

  /// `state`, with what only the ledger knows.
  func amended(_ state: ConversationState) -> ConversationState {
    var state = state
    for ticket in reopened + [opened].compactMap({ $0 }) {
      if !state.openTickets.contains(where: { $0.number == ticket.number }) {
        state.openTickets.append(.init(number: ticket.number, queue: ticket.draft.queue))
      }
      if state.lastResolved?.number == ticket.number { state.lastResolved = nil }
    }
    return state
  }

  private mutating func open(_ draft: TicketDraft, in db: Database) throws {
    if var ticket = opened {
      // One ticket a message: what else it asks goes onto that, and makes it no less urgent.
      ticket.draft = ticket.draft.absorbing(draft)
      try db.update(ticket)
      try db.record(said(draft.question), on: ticket.number)
      opened = ticket
      return
    }
    let ticket = Ticket(
      number: try db.nextTicketNumber(), agency: agency, conversation: message.conversation, requester: message.sender,
      draft: draft, state: .new, openedAt: now, updatedAt: now)
    try db.insert(ticket, conversation: conversation)
    try db.record(TicketEvent(at: now, actor: .bot, what: .opened), on: ticket.number)
    try db.record(said(draft.question, with: message.attachments), on: ticket.number)
    opened = ticket
  }

  private mutating func append(to number: Int, reopening: Bool, in db: Database) throws {
    guard let (present, place) = try db.ticket(number), place == conversation else {
      return try reportMissing(number, in: db)
    }
    var ticket = present
    let next: TicketState? =
      if reopening && !ticket.state.isActive { .open } else if ticket.state == .waitingOnAgency { .open } else { nil }
    if !touched.contains(number) {
      try db.record(said(message.text, with: message.attachments), on: number)
      touched.append(number)
    }
    if let next {
      let change = TicketEvent.What.state(from: ticket.state, to: next)
      try db.record(TicketEvent(at: now, actor: .agency(message.sender), what: change), on: number)
      if !ticket.state.isActive {
        ticket.resolvedAt = nil
        reopened.append(ticket)
      }
      ticket.state = next
    }
    ticket.updatedAt = now
    try db.update(ticket)
  }

  private func said(_ text: String, with attachments: [Attachment] = []) -> TicketEvent {
    TicketEvent(at: now, actor: .agency(message.sender), what: .message(text: text, attachments: attachments))
  }

  /// A decision cannot write onto a ticket that is not this conversation's; what the agency wrote is kept for staff.
  private func reportMissing(_ number: Int, in db: Database) throws {
    _ = try db.setAside(
      SetAsideItem(
        kind: .unreadable, at: now, channel: message.id.channel, id: message.id.id,
        reason: "It was to go onto ticket #\(number), which its conversation does not have. Read it and reply by hand.",
        text: message.text))
  }
}

extension TicketDraft {
  /// This draft, with another question of the same message on it: the higher priority, the earlier due times, all tags.
  func absorbing(_ other: TicketDraft) -> TicketDraft {
    var draft = self
    draft.priority = max(priority, other.priority)
    draft.tags += other.tags.filter { !tags.contains($0) }
    draft.slots.merge(other.slots) { mine, _ in mine }
    draft.considered += other.considered.filter { candidate in !considered.contains { $0.id == candidate.id } }
    draft.firstResponseDue = min(firstResponseDue, other.firstResponseDue)
    draft.resolutionDue = [resolutionDue, other.resolutionDue].compactMap { $0 }.min()
    return draft
  }
}
