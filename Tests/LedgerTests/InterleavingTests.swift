import Foundation
import Support
import TestSupport
import Testing

@testable import Ledger

/// Polls, decisions, sends and desk work in any order, the ledger closed and opened again in between, held against a
/// model after every step.
@Suite struct InterleavingTests {
  @Test(arguments: 1...12)
  func `whatever the order, every message is decided once and nothing is lost`(seed: UInt64) async throws {
    var run = try Run(seed: seed)
    for _ in 0..<60 { try await run.step() }
    try await run.finish()
  }
}

private struct Run {
  let folder: TemporaryFolder
  var ledger: SQLiteLedger
  /// Another process, as a desk command is.
  var desk: SQLiteLedger
  var model = ModelLedger()
  var random: SeededGenerator
  var now = start
  /// By idempotency key: what reached the server.
  var delivered: [String: String] = [:]

  init(seed: UInt64) throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
    desk = try SQLiteLedger(folder: folder.url)
    random = SeededGenerator(seed: seed)
  }

  mutating func step() async throws {
    now += 1
    switch Int.random(in: 0..<12, using: &random) {
    case 0...3: try await receive()
    case 4...6: try await decide(interruptedBy: Int.random(in: 0..<3, using: &random))
    case 7...8: try await send()
    case 9...10: _ = try await act()
    default: try reopen()
    }
    try await compare()
  }

  mutating func finish() async throws {
    // Bounded, so that a ledger that never finishes fails instead of running on.
    for _ in 0..<200 where model.inbox.contains(where: { !$0.isDecided }) { try await decide(interruptedBy: 0) }
    for _ in 0..<200 where model.outbox.contains(where: { $0.state == .queued }) {
      now += 10
      try await send()
    }
    try await compare()
    #expect(try await ledger.backlog().undecided == 0)
    #expect(try await ledger.backlog().unsent == 0)
    let incoming = try await ledger.interactions(InteractionFilter(direction: .incoming)).compactMap(\.message)
    #expect(incoming.sorted() == model.inbox.map(\.message.id.id).sorted())
    #expect(model.tickets.map(\.number) == Array(1..<(model.tickets.count + 1)))
  }

  private mutating func receive() async throws {
    let messages = (0..<Int.random(in: 0...5, using: &random)).map { _ in
      // Few ids, so that many come twice.
      let id = Int.random(in: 0..<80, using: &random)
      let words = ["answer", "open", "append", "silent", "reopen", "take in hand"]
      return message("\(id)", in: "room \(id % 4)", text: words[id % words.count])
    }
    let poll = Poll(messages: messages, cursor: Bool.random(using: &random) ? "\(now)" : nil)
    let known = model.inbox.count
    model.receive(poll)
    let intake = try await ledger.receive(poll, from: "chat", at: now)
    #expect(intake.new == model.inbox.count - known)
  }

  private mutating func decide(interruptedBy actions: Int) async throws {
    let limit = Int.random(in: 1...6, using: &random)
    let batch = try await ledger.undecided(limit: limit)
    #expect(batch.entries.map(\.message) == model.waiting.prefix(limit).map { model.inbox[$0].message })
    for (place, state) in batch.states { #expect(state == model.states[place] ?? ConversationState()) }
    let outcomes = batch.decided(Self.decision)
    var changed: Set<ConversationID> = []
    for _ in 0..<actions { if let place = try await act() { changed.insert(place) } }
    try await ledger.commit(outcomes, at: now)
    if Bool.random(using: &random) { try await ledger.commit(outcomes, at: now) }
    model.decide(limit, at: now, leaving: changed, Self.decision)
  }

  private static func decision(_ message: Message, _ state: ConversationState) -> Decision {
    var next = state
    next.misses += 1
    let reply = Reply(pieces: [.text("\(message.id.id) "), .ticketNumber])
    switch message.text {
    case "open":
      return LedgerTests.decision(.escalate, reply: reply, effects: [.open(draft(message.id.id))], state: next)
    case "append":
      let effects = state.openTickets.last.map { [TicketEffect.append(ticket: $0.number)] } ?? []
      return LedgerTests.decision(.silent, effects: effects, state: next)
    case "reopen":
      let effects = state.lastResolved.map { [TicketEffect.reopen(ticket: $0.number)] } ?? []
      return LedgerTests.decision(.escalate, reply: reply, effects: effects, state: next)
    case "silent": return LedgerTests.decision(.silent, state: next)
    default: return LedgerTests.decision(reply: reply, state: next)
    }
  }

  /// - Returns: the conversation whose state it has changed.
  private mutating func act() async throws -> ConversationID? {
    guard let ticket = model.tickets.randomElement(using: &random) else { return nil }
    let actions: [TicketAction] = [
      .take, .note(CaseNote(text: "n")), .reply(text: "by hand \(now)"), .setState(.waitingOnAgency),
      .setState(.onHold), .resolve, .reopen,
    ]
    let action = actions.randomElement(using: &random) ?? .take
    let person = ["Ira", "Noor"].randomElement(using: &random) ?? "Ira"
    let changed: Bool
    do {
      changed = try model.act(action, on: ticket.number, by: person, at: now)
    } catch let refused as TicketActionError {
      do {
        try await desk.act(action, on: ticket.number, by: person, at: now)
        Issue.record("\(action) by \(person) went through; the model says: \(refused)")
      } catch let error as TicketActionError {
        #expect(error == refused)
      }
      return nil
    }
    try await desk.act(action, on: ticket.number, by: person, at: now)
    return changed ? ticket.conversation : nil
  }

  private mutating func send() async throws {
    let places = model.sendable(at: now)
    let replies = try await ledger.sendable(at: now)
    #expect(replies.map(\.text) == places.map { model.outbox[$0].text })
    #expect(replies.map(\.author) == places.map { model.outbox[$0].author })
    var sent: [SentReply] = []
    for (place, reply) in zip(places, replies) {
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        try await ledger.markFailed(reply.id, error: "503", nextAttempt: now + 5)
        model.outbox[place].notBefore = now + 5
      case 1:
        try await ledger.hold(reply.id, reason: "refused", at: now)
        model.outbox[place].state = .held
      default:
        // The same key again only ever for the same reply: one that was delivered and not marked.
        #expect(delivered[reply.idempotencyKey, default: reply.text] == reply.text)
        delivered[reply.idempotencyKey] = reply.text
        if Int.random(in: 0..<8, using: &random) == 0 { continue }
        sent.append(SentReply(id: reply.id, at: now))
        model.outbox[place].state = .sent
      }
    }
    try await ledger.markSent(sent)
  }

  private mutating func reopen() throws {
    if Bool.random(using: &random) { try ledger.close() }
    ledger = try SQLiteLedger(folder: folder.url)
  }

  private func compare() async throws {
    #expect(try await ledger.cursor(of: "chat") == model.cursor)
    let tickets = try await ledger.tickets(TicketFilter()).sorted { $0.number < $1.number }
    #expect(tickets == model.tickets)
    for ticket in model.tickets {
      #expect(try await ledger.history(of: ticket.number) == model.events[ticket.number - 1])
    }
    let replies = try await ledger.interactions(InteractionFilter(direction: .outgoing))
    #expect(replies.map(\.text) == model.outbox.map(\.text))
    #expect(replies.map(\.result) == model.outbox.map(\.state))
    #expect(try await ledger.setAside(limit: 1000).count == model.outbox.count { $0.state == .held })
  }
}
