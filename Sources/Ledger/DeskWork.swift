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
    let next = state.after(transition, others: transition.personHandles == false ? try ownedTickets(in: db) : [])
    // A note changes nothing for the bot: decisions that are being made stay good.
    if next != state { try db.setConversation(conversation, state: next) }
    if let reply = transition.reply { try send(reply, event: event, language: state.language, in: db) }
  }

  /// Tickets of the conversation that people have and that are not done: of them, somebody may go on talking.
  private func ownedTickets(in db: Database) throws -> [Ticket] {
    try db.all(
      """
      \(Ticket.select) WHERE t.conversation = ? AND t.owner IS NOT NULL AND t.state NOT IN ('resolved', 'closed')
      ORDER BY t.number
      """,
      conversation
    ).map(Ticket.init)
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
