import Foundation
import GRDB
import Support
import Testing

@testable import Ledger

@Suite struct DeskTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() async throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
    _ = try await ledger.take(message("1"))
    try await ledger.settle(escalate)
  }

  private func refusal(_ action: TicketAction, on number: Int = 1, by person: String = "Ira") async throws
    -> TicketActionError.Code?
  {
    do {
      try await ledger.act(action, on: number, by: person, at: minutes(9))
      return nil
    } catch let error as TicketActionError {
      return error.code
    }
  }

  @Test func `who takes a ticket has the conversation, and what the bot had asked is dropped`() async throws {
    _ = try await ledger.take(message("2"))
    try await ledger.settle { _, state in
      var next = state
      next.pending = .region(question: "Where?", candidate: .article("a"))
      return decision(.clarify, state: next)
    }
    let ticket = try await ledger.act(.take, on: 1, by: "Ira", at: minutes(1))
    #expect(ticket.owner == "Ira")
    #expect(try await ledger.ticket(1) == ticket)
    let state = try await ledger.state()
    #expect(state.handler == .person(ticket: 1))
    #expect(state.pending == nil)
    #expect(state.openTickets.map(\.number) == [1])
    let what = try await ledger.history(of: 1).suffix(2).map(\.what)
    #expect(what == [.taken, .state(from: .new, to: .open)])
  }

  @Test func `a person's reply goes out behind the bot's, under the person's name`() async throws {
    try await ledger.act(.reply(text: "I am on it."), on: 1, by: "Ira", at: minutes(5))
    let replies = try await ledger.sendable()
    #expect(replies.map(\.text) == ["Ticket #1"])
    try await ledger.markSent(replies.map { SentReply(id: $0.id, at: minutes(6)) })
    let reply = try #require(try await ledger.sendable().first)
    #expect(reply.text == "I am on it.")
    #expect(reply.author == "Ira")
    #expect(reply.inReplyTo == "1")
    #expect(reply.idempotencyKey.hasPrefix("ticket:1:"))
    let line = try #require(try await ledger.interactions(InteractionFilter()).last)
    #expect(line.author == "Ira")
    #expect(line.ticket == 1)
    #expect(line.agency == "Northlight")
    #expect(line.result == .queued)
    #expect(try await ledger.ticket(1)?.firstResponseAt == minutes(5))
    try await ledger.act(.reply(text: "I am on it."), on: 1, by: "Ira", at: minutes(5))
    #expect(
      Set(try await ledger.file.pool.read { try String.fetchAll($0, sql: "SELECT idempotency_key FROM outbox") }).count
        == 3)
  }

  @Test func `resolving hands the conversation back`() async throws {
    try await ledger.act(.take, on: 1, by: "Ira", at: minutes(1))
    try await ledger.act(.resolve, on: 1, by: "Ira", at: minutes(2))
    let state = try await ledger.state()
    #expect(state.handler == .bot)
    #expect(state.openTickets.isEmpty)
    #expect(state.lastResolved == .init(number: 1, at: minutes(2)))
    #expect(try await ledger.ticket(1)?.resolvedAt == minutes(2))
  }

  @Test func `resolving one of two taken tickets leaves the conversation with the other's owner`() async throws {
    _ = try await ledger.take(message("2"))
    try await ledger.settle(escalate)
    try await ledger.act(.take, on: 1, by: "Ira", at: minutes(1))
    try await ledger.act(.take, on: 2, by: "Noor", at: minutes(2))
    try await ledger.act(.resolve, on: 2, by: "Noor", at: minutes(3))
    #expect(try await ledger.state().handler == .person(ticket: 1))
    try await ledger.act(.resolve, on: 1, by: "Ira", at: minutes(4))
    #expect(try await ledger.state().handler == .bot)
  }

  @Test func `a note on a ticket of long ago does not make it the one resolved last`() async throws {
    _ = try await ledger.take(message("2"))
    try await ledger.settle(escalate)
    for (ticket, time) in [(1, 1.0), (2, 2.0)] {
      try await ledger.act(.resolve, on: ticket, by: "Ira", at: minutes(time))
    }
    try await ledger.act(.note(CaseNote(text: "for the record")), on: 1, by: "Ira", at: minutes(3))
    #expect(try await ledger.state().lastResolved == .init(number: 2, at: minutes(2)))
  }

  @Test func `a ticket reopened at the desk is open in the state, and its owner's again`() async throws {
    try await ledger.act(.resolve, on: 1, by: "Ira", at: minutes(1))
    try await ledger.act(.reopen, on: 1, by: "Ira", at: minutes(2))
    #expect(try await ledger.state().handler == .bot)
    try await ledger.act(.take, on: 1, by: "Ira", at: minutes(3))
    try await ledger.act(.resolve, on: 1, by: "Ira", at: minutes(4))
    try await ledger.act(.reopen, on: 1, by: "Noor", at: minutes(5))
    let state = try await ledger.state()
    #expect(state.handler == .person(ticket: 1))
    #expect(state.openTickets.map(\.number) == [1])
    #expect(state.lastResolved == nil)
  }

  @Test func `an action that the ticket does not allow says why and changes nothing`() async throws {
    try await ledger.act(.take, on: 1, by: "Noor", at: minutes(1))
    let before = (try await ledger.ticket(1), try await ledger.history(of: 1))
    #expect(try await refusal(.take, on: 99) == .noSuchTicket)
    #expect(try await refusal(.take, on: -1) == .noSuchTicket)
    #expect(try await refusal(.take) == .takenBySomeoneElse)
    #expect(try await refusal(.reply(text: "hi")) == .takenBySomeoneElse)
    #expect(try await refusal(.reply(text: " \n"), by: "Noor") == .emptyText)
    #expect(try await refusal(.note(CaseNote())) == .emptyText)
    #expect(try await refusal(.setState(.closed)) == .noSuchMove)
    #expect(try await refusal(.reopen) == .notResolved)
    #expect(try await ledger.ticket(1) == before.0)
    #expect(try await ledger.history(of: 1) == before.1)
    try await ledger.act(.resolve, on: 1, by: "Noor", at: minutes(2))
    #expect(try await refusal(.resolve) == .alreadyResolved)
  }

  @Test func `a case note keeps all its fields`() async throws {
    let note = CaseNote(
      text: "t", tried: "bank letter", evidence: "screenshot", nextStep: "ask finance", owner: "Noor", due: minutes(60))
    try await ledger.act(.note(note), on: 1, by: "Ira", at: minutes(1))
    let event = TicketEvent(at: minutes(1), actor: .person("Ira"), what: .note(note))
    #expect(try await ledger.history(of: 1).last == event)
  }

  @Test func `tickets are listed by what is due next, and filtered`() async throws {
    let due: [(room: String, due: Double, queue: String)] = [
      ("a", 30, "bans"), ("b", 10, "payouts"), ("c", 20, "bans"),
    ]
    for (room, due, queue) in due {
      _ = try await ledger.take(message(room, in: room, agency: "Agency \(room)"), at: minutes(due))
      try await ledger.settle(at: minutes(due)) { _, state in
        decision(
          .escalate, effects: [.open(draft(queue: queue, due: minutes(due), resolution: minutes(5000)))], state: state)
      }
    }
    #expect(try await ledger.tickets(TicketFilter()).map(\.number) == [3, 4, 2, 1])
    try await ledger.act(.reply(text: "hi"), on: 3, by: "Ira", at: minutes(40))
    try await ledger.act(.resolve, on: 4, by: "Noor", at: minutes(41))
    func numbers(_ filter: TicketFilter) async throws -> [Int] { try await ledger.tickets(filter).map(\.number) }
    #expect(try await numbers(TicketFilter()) == [4, 2, 1, 3])
    #expect(try await numbers(TicketFilter(states: [.new, .open])) == [2, 1, 3])
    #expect(try await numbers(TicketFilter(states: [.resolved])) == [4])
    #expect(try await numbers(TicketFilter(queue: "bans")) == [4, 2])
    #expect(try await numbers(TicketFilter(owner: "Ira")) == [3])
    #expect(try await numbers(TicketFilter(agency: "Agency a")) == [2])
    #expect(try await numbers(TicketFilter(openedSince: minutes(10), openedUntil: minutes(30))) == [4, 3])
    #expect(try await numbers(TicketFilter(agency: "' OR 1=1 --")).isEmpty)
  }

  @Test func `the history cannot be rewritten, nor a ticket deleted, by whatever means`() async throws {
    for sql in [
      "UPDATE ticket_event SET at = 0", "DELETE FROM ticket_event", "DELETE FROM ticket",
      "REPLACE INTO ticket_event SELECT id, ticket, 0, actor, what FROM ticket_event",
      "REPLACE INTO ticket SELECT * FROM ticket",
    ] {
      await #expect(throws: DatabaseError.self, "\(sql)") {
        try await ledger.file.pool.write { try $0.execute(sql: sql) }
      }
    }
    #expect(try await ledger.history(of: 1).count == 2)
  }

  @Test func `a ledger opened for reading lists tickets and refuses to change them`() async throws {
    let reading = try SQLiteLedger(folder: folder.url, mode: .readOnly)
    #expect(try await reading.tickets(TicketFilter()).count == 1)
    let refused = try await ledgerError { try await reading.act(.take, on: 1, by: "Ira", at: start) }
    #expect(refused?.code == .notWritable)
    _ = try await ledger.take(message("2"))
    #expect(try await reading.backlog().undecided == 1)
  }
}
