import Foundation
import Support
import Testing

@Suite struct ConversationTransitionTests {
  typealias Desk = TicketTransitionTests

  static func transition(_ ticket: Ticket, _ action: TicketAction) throws -> TicketTransition {
    try ticket.applying(action, by: "amira", at: Desk.now)
  }

  let waiting = ConversationState(
    pending: .choice(question: "payout", candidates: [.intent("a"), .article("b")]),
    openTickets: [.init(number: 7, queue: "payouts")], language: "en", region: "EU", lastMatched: .intent("a"),
    misses: 2)

  @Test func `who takes a ticket has the conversation, and the bot waits for no answer any more`() throws {
    let next = waiting.after(try Self.transition(Desk.ticket(.new), .take), others: [])
    #expect(next.handler == .person(ticket: 7) && next.pending == nil)
    #expect(next.openTickets == waiting.openTickets && next.language == "en" && next.region == "EU")
  }

  @Test func `a note leaves the bot's own question open`() throws {
    let note = try Self.transition(Desk.ticket(.new), .note(CaseNote(text: "seen")))
    #expect(waiting.after(note, others: []) == waiting)
  }

  @Test func `who waits for the agency keeps the conversation`() throws {
    var state = waiting
    state.handler = .person(ticket: 7)
    let next = state.after(
      try Self.transition(Desk.ticket(.open, owner: "amira"), .setState(.waitingOnAgency)), others: [])
    #expect(next.handler == .person(ticket: 7))
  }

  @Test func `a resolved ticket is remembered, and the bot begins anew`() throws {
    var state = waiting
    state.handler = .person(ticket: 7)
    let ticket = Desk.ticket(.open, owner: "amira")
    let next = state.after(try Self.transition(ticket, .resolve), others: [ticket])
    #expect(next.handler == .bot && next.misses == 0 && next.openTickets.isEmpty)
    #expect(next.lastResolved == .init(number: 7, at: Desk.now))
  }

  @Test func `another ticket that a person has keeps the bot silent, and one that nobody has does not`() throws {
    let resolve = try Self.transition(Desk.ticket(.open, owner: "amira"), .resolve)
    let bens = Desk.ticket(.onHold, owner: "ben", number: 8)
    #expect(waiting.after(resolve, others: [bens]).handler == .person(ticket: 8))
    #expect(waiting.after(resolve, others: [Desk.ticket(.new, number: 8)]).handler == .bot)
    #expect(waiting.after(resolve, others: [Desk.ticket(.resolved, owner: "ben", number: 8)]).handler == .bot)
    // The ticket itself, as it was before, is nobody else's.
    #expect(waiting.after(resolve, others: [Desk.ticket(.open, owner: "amira")]).handler == .bot)
  }

  @Test func `a reopened ticket is open again, once, and no more the one resolved last`() throws {
    let state = ConversationState(lastResolved: .init(number: 7, at: Desk.opened))
    let reopen = try Self.transition(Desk.ticket(.resolved), .reopen)
    let next = state.after(reopen, others: [])
    #expect(next.openTickets == [.init(number: 7, queue: "payouts")] && next.lastResolved == nil)
    #expect(next.after(reopen, others: []).openTickets.count == 1)
  }

  @Test func `a note on a ticket of long ago does not make it the one resolved last`() throws {
    let state = ConversationState(lastResolved: .init(number: 9, at: Desk.opened))
    let note = try Self.transition(Desk.ticket(.resolved), .note(CaseNote(text: "seen")))
    #expect(state.after(note, others: []) == state)
  }
}
