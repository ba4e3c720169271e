import Foundation
import Ledger
import Support
import Testing

@Suite struct TicketEffectTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  @Test func `a ticket opens with its history, its number in the reply and in the state`() async throws {
    let file = Attachment(name: "proof.png")
    _ = try await ledger.take(message("1", text: "Help!", attachments: [file]))
    try await ledger.settle(at: minutes(1), escalate)
    let ticket = try #require(try await ledger.ticket(1))
    #expect(ticket.state == .new)
    #expect(ticket.requester == Sender(id: "u1", name: "Dana"))
    #expect(ticket.openedAt == minutes(1))
    #expect(ticket.draft == draft("Help!"))
    #expect(ticket.conversation == ConversationID(channel: "chat", room: "room"))
    let history = try await ledger.history(of: 1)
    #expect(history.map(\.what) == [.opened, .message(text: "Help!", attachments: [file])])
    #expect(history.map(\.actor.name) == ["bot", "Dana"])
    #expect(try await ledger.sendAll() == ["Ticket #1"])
    #expect(try await ledger.interactions(InteractionFilter(ticket: 1)).count == 2)
    #expect(try await ledger.state().openTickets == [.init(number: 1, queue: "payouts")])
  }

  @Test func `later messages of a conversation whose ticket number was not known yet are decided again`() async throws {
    _ = try await ledger.take(message("1"), message("2"), message("3", in: "other"))
    let outcomes = try await ledger.undecided(limit: 10).decided(escalate)
    try await ledger.commit(outcomes, at: start)
    let batch = try await ledger.undecided(limit: 10)
    #expect(batch.entries.map(\.message.id.id) == ["2"])
    #expect(batch.states.values.first?.openTickets.map(\.number) == [1])
    #expect(try await ledger.tickets(TicketFilter()).map(\.number) == [1, 2])
  }

  @Test func `a message opens one ticket, whatever it asks; the rest goes onto it and makes it no less urgent`()
    async throws
  {
    _ = try await ledger.take(message("1"))
    try await ledger.settle { _, state in
      decision(
        .escalate,
        effects: [
          .open(draft("first", tags: ["money"], due: minutes(100))),
          .open(draft("second", priority: .urgent, tags: ["ban", "money"], due: minutes(50), resolution: minutes(70))),
        ], state: state)
    }
    let ticket = try #require(try await ledger.ticket(1))
    #expect(try await ledger.ticket(2) == nil)
    #expect(ticket.draft.priority == .urgent)
    #expect(ticket.draft.tags == ["money", "ban"])
    #expect(ticket.draft.firstResponseDue == minutes(50))
    #expect(ticket.draft.resolutionDue == minutes(70))
    #expect(
      try await ledger.history(of: 1).map(\.what) == [
        .opened, .message(text: "first", attachments: []), .message(text: "second", attachments: []),
      ])
    #expect(try await ledger.state().openTickets.map(\.number) == [1])
  }

  @Test func `a further message goes onto its ticket once, and wakes one that waited for it`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle(escalate)
    try await ledger.act(.take, on: 1, by: "Ira", at: minutes(1))
    try await ledger.act(.setState(.waitingOnAgency), on: 1, by: "Ira", at: minutes(2))
    _ = try await ledger.take(message("2", text: "Here it is"))
    try await ledger.settle(at: minutes(3)) { _, state in
      decision(.silent, effects: [.append(ticket: 1), .append(ticket: 1)], state: state)
    }
    let ticket = try #require(try await ledger.ticket(1))
    #expect(ticket.state == .open)
    #expect(ticket.owner == "Ira")
    #expect(ticket.updatedAt == minutes(3))
    #expect(
      try await ledger.history(of: 1).suffix(2).map(\.what) == [
        .message(text: "Here it is", attachments: []), .state(from: .waitingOnAgency, to: .open),
      ])
    #expect(try await ledger.interactions(InteractionFilter(ticket: 1)).last?.text == "Here it is")
  }

  @Test func `a ticket on hold stays on hold when the agency writes`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle(escalate)
    try await ledger.act(.setState(.onHold), on: 1, by: "Ira", at: minutes(2))
    _ = try await ledger.take(message("2"))
    try await ledger.settle { _, state in decision(.silent, effects: [.append(ticket: 1)], state: state) }
    #expect(try await ledger.ticket(1)?.state == .onHold)
  }

  @Test func `a resolved ticket is opened again, with its owner, and is open in the state`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle(escalate)
    try await ledger.act(.take, on: 1, by: "Ira", at: minutes(1))
    try await ledger.act(.resolve, on: 1, by: "Ira", at: minutes(2))
    #expect(try await ledger.state().lastResolved == .init(number: 1, at: minutes(2)))
    _ = try await ledger.take(message("2", text: "It did not help"), message("3"))
    let outcomes = try await ledger.undecided(limit: 10).decided { _, state in
      decision(.escalate, reply: Reply(pieces: [.ticketNumber]), effects: [.reopen(ticket: 1)], state: state)
    }
    try await ledger.commit(outcomes, at: minutes(3))
    let ticket = try #require(try await ledger.ticket(1))
    #expect(ticket.state == .open)
    #expect(ticket.owner == "Ira")
    #expect(ticket.resolvedAt == nil)
    #expect(
      try await ledger.history(of: 1).suffix(2).map(\.what) == [
        .message(text: "It did not help", attachments: []), .state(from: .resolved, to: .open),
      ])
    let next = try await ledger.undecided(limit: 10)
    #expect(next.entries.map(\.message.id.id) == ["3"])
    let state = try #require(next.states.values.first)
    #expect(state.openTickets.map(\.number) == [1])
    #expect(state.lastResolved == nil)
    #expect(try await ledger.sendAll().last == "#1")
  }

  @Test func `no conversation writes onto another's ticket, and what it wrote is kept for staff`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle(escalate)
    _ = try await ledger.take(message("2", in: "other", text: "psst"), message("3", in: "third"))
    try await ledger.settle { message, state in
      decision(.silent, effects: [message.id.id == "2" ? .append(ticket: 1) : .reopen(ticket: 77)], state: state)
    }
    #expect(try await ledger.history(of: 1).count == 2)
    let items = try await ledger.setAside(limit: 10)
    #expect(items.map(\.id) == ["3", "2"])
    #expect(items.last?.text == "psst")
  }

  @Test func `a person who takes the ticket while the bot decides wins`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle(escalate)
    _ = try await ledger.take(message("2"), message("3"), message("4", in: "other"))
    let outcomes = try await ledger.undecided(limit: 10).decided(answer)
    let desk = try SQLiteLedger(folder: folder.url)
    try await desk.act(.take, on: 1, by: "Ira", at: minutes(1))
    try await ledger.commit(outcomes, at: minutes(2))
    let batch = try await ledger.undecided(limit: 10)
    #expect(batch.entries.map(\.message.id.id) == ["2", "3"])
    #expect(batch.states.values.first?.handler == .person(ticket: 1))
    #expect(try await ledger.sendAll().sorted() == ["Ticket #1", "re: 4"])
  }

  @Test func `a note that a person writes while the bot decides keeps nothing back`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle(escalate)
    _ = try await ledger.take(message("2"))
    let outcomes = try await ledger.undecided(limit: 10).decided(answer)
    try await ledger.act(.note(CaseNote(text: "hm")), on: 1, by: "Ira", at: minutes(1))
    try await ledger.commit(outcomes, at: minutes(2))
    #expect(try await ledger.undecided(limit: 10).entries.isEmpty)
  }

  @Test func `two processes that open tickets leave no gap and no double`() async throws {
    let other = try SQLiteLedger(folder: folder.url)
    for index in 0..<6 {
      let ledger = index.isMultiple(of: 2) ? ledger : other
      _ = try await ledger.take(message("\(index)", in: "room \(index)"))
      try await ledger.settle(escalate)
    }
    #expect(try await ledger.tickets(TicketFilter()).map(\.number) == Array(1...6))
  }
}
