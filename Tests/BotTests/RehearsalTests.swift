import Bot
import Foundation
import Support
import Testing

@Suite struct RehearsalTests {
  static let now = Date(timeIntervalSince1970: 1_795_428_000)
  var rehearsal = Rehearsal(SmallProgramme.matcher, at: now)

  @Test mutating func `an answer opens no ticket`() {
    let exchange = rehearsal.say("what is the smallest withdrawal?")
    #expect(exchange.decision.kind == .answer && exchange.reply == "You can withdraw from 50 USD.")
    #expect(exchange.opened == nil && rehearsal.tickets.isEmpty)
  }

  @Test mutating func `from the ticket to the person and back to the bot`() throws {
    let opened = rehearsal.say("I want to talk to a human")
    #expect(opened.opened?.number == 1 && opened.reply?.contains("#1") == true)
    #expect(rehearsal.state.openTickets.map(\.number) == [1])

    _ = try rehearsal.act(.take, by: "amira")
    let silent = rehearsal.say("what is the smallest withdrawal?")
    #expect(silent.decision.kind == .silent && silent.reply == nil)

    _ = try rehearsal.act(.resolve, by: "amira")
    #expect(rehearsal.say("what is the smallest withdrawal?").decision.kind == .answer)
    #expect(rehearsal.state.openTickets.isEmpty && rehearsal.state.lastResolved?.number == 1)

    _ = try rehearsal.act(.reopen, by: "amira")
    #expect(rehearsal.say("what is the smallest withdrawal?").decision.kind == .silent)
  }

  @Test mutating func `an agency that writes again reopens its ticket, as in the ledger`() throws {
    _ = rehearsal.say("I want to talk to a human")
    _ = try rehearsal.act(.resolve, by: "amira")
    rehearsal.now += 3600
    let exchange = rehearsal.say("the strange blue thing blinks and hums all over")
    try #require(exchange.decision.ticketEffects == [.reopen(ticket: 1)])
    let ticket = try #require(rehearsal.tickets.first)
    #expect(ticket.state == .open && ticket.resolvedAt == nil && ticket.updatedAt == rehearsal.now)
    #expect(rehearsal.state.openTickets.map(\.number) == [1] && rehearsal.state.lastResolved == nil)
  }

  @Test mutating func `a ticket that waits for the agency is open again when it writes, as in the ledger`() throws {
    _ = rehearsal.say("I want to talk to a human")
    _ = try rehearsal.act(.take, by: "amira")
    _ = try rehearsal.act(.setState(.waitingOnAgency), by: "amira")
    rehearsal.now += 60
    _ = rehearsal.say("here is what you asked for")
    #expect(rehearsal.tickets.first?.state == .open && rehearsal.tickets.first?.updatedAt == rehearsal.now)
  }

  @Test mutating func `without a ticket there is nothing to take`() {
    let error = #expect(throws: TicketActionError.self) { _ = try rehearsal.act(.take, by: "amira") }
    #expect(error?.code == .noSuchTicket)
  }

  @Test mutating func `a second matter of the same queue goes onto the open ticket`() {
    _ = rehearsal.say("I want to talk to a human")
    let second = rehearsal.say("let me talk to a person now")
    #expect(second.decision.ticketEffects == [.append(ticket: 1)] && second.opened == nil)
    #expect(rehearsal.tickets.count == 1)
  }
}
