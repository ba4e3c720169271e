import Foundation
import GRDB
import Support

extension Database {
  /// - Returns: the ticket and the row of its conversation.
  func ticket(_ number: Int) throws -> (ticket: Ticket, conversation: Int)? {
    try first("\(Ticket.select) WHERE t.number = ?", number).map { (try Ticket($0), try $0.integer(14)) }
  }

  /// The next number. Two transactions never get the same one: only one of them holds the write lock, and a number
  /// whose transaction fails is given again.
  func nextTicketNumber() throws -> Int {
    try first("SELECT ifnull(max(number), 0) + 1 FROM ticket")?.integer(0) ?? 1
  }

  func insert(_ ticket: Ticket, conversation: Int) throws {
    try run(
      """
      INSERT INTO ticket (number, agency, conversation, requester_id, requester_name, draft, queue, state, owner,
        opened_at, updated_at, first_response_at, resolved_at, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      ticket.number, ticket.agency.stored, conversation, ticket.requester.id.stored, ticket.requester.name.stored,
      try JSONColumn.text(ticket.draft), ticket.draft.queue.stored, ticket.state.rawValue, ticket.owner?.stored,
      ticket.openedAt.milliseconds, ticket.updatedAt.milliseconds, ticket.firstResponseAt?.milliseconds,
      ticket.resolvedAt?.milliseconds, ticket.due.milliseconds)
  }

  func update(_ ticket: Ticket) throws {
    try run(
      """
      UPDATE ticket SET draft = ?, queue = ?, state = ?, owner = ?, updated_at = ?, first_response_at = ?,
        resolved_at = ?, due_at = ? WHERE number = ?
      """,
      try JSONColumn.text(ticket.draft), ticket.draft.queue.stored, ticket.state.rawValue, ticket.owner?.stored,
      ticket.updatedAt.milliseconds, ticket.firstResponseAt?.milliseconds, ticket.resolvedAt?.milliseconds,
      ticket.due.milliseconds, ticket.number)
  }

  /// - Returns: the row of the event.
  @discardableResult
  func record(_ event: TicketEvent, on number: Int) throws -> Int {
    try run(
      "INSERT INTO ticket_event (ticket, at, actor, what) VALUES (?, ?, ?, ?)",
      number, event.at.milliseconds, try JSONColumn.text(event.actor), try JSONColumn.text(event.what))
    return insertedID
  }
}

extension Ticket {
  static let select = """
    SELECT t.number, t.agency, c.channel, c.room, c.thread, t.requester_id, t.requester_name, t.draft, t.state, t.owner,
      t.opened_at, t.updated_at, t.first_response_at, t.resolved_at, t.conversation
    FROM ticket t JOIN conversation c ON c.id = t.conversation
    """

  init(_ row: Row) throws {
    self.init(
      number: try row.integer(0), agency: try row.text(1), conversation: try row.conversation(2),
      requester: Sender(id: try row.text(5), name: try row.text(6)), draft: try row.json(TicketDraft.self, 7),
      state: try row.word(TicketState.self, 8), owner: try row.optionalText(9), openedAt: try row.date(10),
      updatedAt: try row.date(11), firstResponseAt: try row.optionalDate(12), resolvedAt: try row.optionalDate(13))
  }

  /// When the next thing is due: a first reply until somebody has replied, the resolution from then on.
  var due: Date {
    firstResponseAt == nil ? draft.firstResponseDue : draft.resolutionDue ?? draft.firstResponseDue
  }
}
