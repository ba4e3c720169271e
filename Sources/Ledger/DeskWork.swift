import Foundation
import GRDB
import Support

/// Carries out what a person did with a ticket, within one transaction.
struct DeskWork {
  let transition: TicketTransition
  let person: String
  /// Its row.
  let conversation: Int
  let now: Date

  private var ticket: Ticket { transition.ticket }

  func carryOut(in db: Database) throws {
    try db.update(ticket)
    var event = 0
    for next in transition.events { event = try db.record(next, on: ticket.number) }
    let state = try db.conversationState(conversation)
    let next = try nextState(after: state, in: db)
    // A note changes nothing for the bot: decisions that are being made stay good.
    if next != state { try db.setConversation(conversation, state: next) }
    if let reply = transition.reply { try send(reply, event: event, language: state.language, in: db) }
  }

  private func nextState(after state: ConversationState, in db: Database) throws -> ConversationState {
    var state = state
    let isListed = state.openTickets.contains { $0.number == ticket.number }
    if ticket.state.isActive {
      if !isListed { state.openTickets.append(.init(number: ticket.number, queue: ticket.draft.queue)) }
      if state.lastResolved?.number == ticket.number { state.lastResolved = nil }
    } else if isListed {
      state.openTickets.removeAll { $0.number == ticket.number }
      state.lastResolved = .init(number: ticket.number, at: now)
    }
    switch transition.personHandles {
    case true?:
      state.handler = .person(ticket: ticket.number)
      state.pending = nil
    case false?:
      state.handler = try otherOwnedTicket(in: db).map { .person(ticket: $0) } ?? .bot
    case nil: break
    }
    return state
  }

  /// Another ticket of the conversation that a person has and that is not done: that person goes on talking.
  private func otherOwnedTicket(in db: Database) throws -> Int? {
    try db.first(
      """
      SELECT number FROM ticket WHERE conversation = ? AND number <> ? AND owner IS NOT NULL
        AND state NOT IN ('resolved', 'closed') ORDER BY number LIMIT 1
      """,
      conversation, ticket.number)?.integer(0)
  }

  private func send(_ text: String, event: Int, language: String?, in db: Database) throws {
    let last = try db.first(
      "SELECT id, message_id FROM inbox WHERE conversation = ? ORDER BY id DESC LIMIT 1", conversation)
    let interaction = try db.log(
      NewInteraction(
        direction: .outgoing, at: now, agency: ticket.agency, conversation: conversation, message: try last?.text(1),
        author: person, text: text, language: language, ticket: ticket.number, result: .queued))
    try db.queue(
      NewReply(
        conversation: conversation, inReplyTo: try last?.integer(0), interaction: interaction, author: person,
        text: text, idempotencyKey: IdempotencyKey.reply(ticket: ticket.number, event: event, at: now), at: now))
  }
}
