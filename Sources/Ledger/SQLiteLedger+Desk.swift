package import Foundation
import GRDB
package import Support

extension SQLiteLedger: TicketDesk {
  package func tickets(_ filter: TicketFilter) async throws -> [Ticket] {
    var conditions = Conditions()
    if !filter.states.isEmpty {
      conditions.add("t.state", in: filter.states.map(\.rawValue).sorted())
    }
    conditions.add("t.queue = ?", filter.queue?.stored)
    conditions.add("t.owner = ?", filter.owner?.stored)
    conditions.add("t.agency = ?", filter.agency?.stored)
    conditions.add("t.opened_at >= ?", filter.openedSince?.milliseconds)
    conditions.add("t.opened_at < ?", filter.openedUntil?.milliseconds)
    let query = conditions
    return try await read("list tickets") { db in
      try Row.fetchAll(
        db, sql: "\(Ticket.select) \(query.clause) ORDER BY t.due_at, t.number", arguments: query.arguments
      ).map(Ticket.init)
    }
  }

  package func ticket(_ number: Int) async throws -> Ticket? {
    try await read("read ticket #\(number)") { try $0.ticket(number)?.ticket }
  }

  package func history(of number: Int) async throws -> [TicketEvent] {
    try await read("read the history of ticket #\(number)") { db in
      try db.all("SELECT at, actor, what FROM ticket_event WHERE ticket = ? ORDER BY id", number).map { row in
        TicketEvent(
          at: try row.date(0), actor: try row.json(TicketEvent.Actor.self, 1),
          what: try row.json(TicketEvent.What.self, 2))
      }
    }
  }

  @discardableResult
  package func act(_ action: TicketAction, on number: Int, by person: String, at now: Date) async throws -> Ticket {
    let result: Result<Ticket, TicketActionError> = try await write("work on ticket #\(number)") { db in
      guard let (ticket, conversation) = try db.ticket(number) else {
        return .failure(TicketActionError(.noSuchTicket, "There is no ticket #\(number)."))
      }
      let transition: TicketTransition
      do throws(TicketActionError) {
        transition = try ticket.applying(action, by: person, at: now)
      } catch {
        return .failure(error)
      }
      try DeskWork(transition: transition, person: person, conversation: conversation, now: now).carryOut(in: db)
      return .success(transition.ticket)
    }
    return try result.get()
  }
}
