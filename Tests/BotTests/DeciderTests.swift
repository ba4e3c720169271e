import Bot
import Foundation
import Ledger
import Support
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct DeciderTests {
  func decideAll(_ bench: Workbench) async throws {
    while try await bench.decider().decideBatch() > 0 {}
  }

  func decisions(_ bench: Workbench) async throws -> [Decision.Kind] {
    try await bench.sqlite.interactions(InteractionFilter(direction: .incoming)).compactMap(\.decision)
  }

  @Test func `messages are decided in order, and each decision is the ground for the next`() async throws {
    let bench = try Workbench()
    try await bench.take(
      bench.message("You paid me too little"), bench.message("what is the smallest withdrawal?", room: "r2"),
      bench.message("@lucia.live"))
    try await decideAll(bench)
    #expect(try await decisions(bench) == [.collect, .answer, .escalate])
    let ticket = try #require(try await bench.sqlite.ticket(1))
    #expect(ticket.draft.slots == ["handle": "@lucia.live"] && ticket.draft.queue == "payouts")
    let outgoing = try await bench.sqlite.interactions(InteractionFilter(direction: .outgoing))
    #expect(outgoing.count == 3 && outgoing.last?.text.contains("#1") == true)
    await bench.replies.wait()
  }

  @Test func `a person who takes the ticket while the bot decides has the word`() async throws {
    let commits = Tally()
    let bench = try Workbench { call, ledger in
      guard call == .commit else { return }
      commits.add()
      if commits.count == 2 { _ = try await ledger.act(.take, on: 1, by: "amira", at: .now) }
    }
    try await bench.take(bench.message("I want to talk to a human"))
    try await decideAll(bench)
    try await bench.take(bench.message("what is the smallest withdrawal?"))
    let decider = bench.decider()
    #expect(try await decider.decideBatch() == 1)
    #expect(try await bench.sqlite.undecidedCount(of: nil) == 1, "It was decided on a state that was no more.")
    try await decideAll(bench)
    #expect(try await decisions(bench) == [.escalate, .silent])
    let history = try await bench.sqlite.history(of: 1)
    #expect(
      history.last?.what == .message(text: "what is the smallest withdrawal?", attachments: []),
      "The person sees what was written.")
    #expect(try await bench.sqlite.interactions(InteractionFilter(direction: .outgoing)).count == 1)
  }

  @Test func `what an earlier run left undecided is decided without news`() async throws {
    let bench = try Workbench()
    try await bench.take(bench.message("what is the smallest withdrawal?"))
    let decider = bench.decider()
    try await bench.run({ try await decider.run() }) { await bench.ledger.answered(.commit, 1) }
    #expect(try await decisions(bench) == [.answer])
  }

  @Test func `news wakes it, and without news it rests`() async throws {
    let bench = try Workbench()
    let decider = bench.decider()
    try await bench.run({ try await decider.run() }) {
      await bench.ledger.answered(.undecided, 1)
      try await bench.take(bench.message("what is the smallest withdrawal?"))
      bench.arrivals.raise()
      await bench.ledger.answered(.commit, 1)
      // Nothing was left: it looks again only when it is told.
      bench.arrivals.raise()
      await bench.ledger.answered(.undecided, 3)
    }
    #expect(bench.ledger.calls(.undecided) == 3)
  }

  @Test func `a flood is decided whole, oldest first`() async throws {
    let bench = try Workbench()
    let flood = (0..<300).map { bench.message("what is the smallest withdrawal?", room: "r\($0 % 7)") }
    _ = try await bench.sqlite.receive(Poll(messages: flood), from: "scripted", at: bench.time.now)
    try await decideAll(bench)
    let log = try await bench.sqlite.interactions(InteractionFilter(direction: .incoming))
    #expect(log.compactMap(\.message) == flood.map(\.id.id))
    #expect(bench.ledger.calls(.commit) == 3)
  }

  @Test func `a batch that takes long is committed as far as it is decided, and the rest comes again in order`()
    async throws
  {
    let bench = try Workbench()
    let questions = (0..<9).map { bench.message("what is the smallest withdrawal?", room: "r\($0 % 2)") }
    _ = try await bench.sqlite.receive(Poll(messages: questions), from: "scripted", at: bench.time.now)
    // As if each decision took 0.3 seconds.
    let slow = Bot.Environment(
      now: { [time = bench.time] in
        time.advance(by: 0.3)
        return time.now
      }, sleep: bench.environment.sleep)
    let decider = Decider(
      ledger: bench.ledger, workspace: LiveWorkspace(SmallProgramme.matcher, problems: []), arrivals: bench.arrivals,
      replies: bench.replies, health: bench.health, environment: slow, logger: bench.logger)
    let first = try await decider.decideBatch()
    #expect(first > 0 && first < 4)
    await bench.replies.wait()
    while try await decider.decideBatch() > 0 {}
    let log = try await bench.sqlite.interactions(InteractionFilter(direction: .incoming))
    #expect(log.compactMap(\.message) == questions.map(\.id.id))
  }

  @Test func `a ledger that is locked for a while costs nothing but time`() async throws {
    let bench = try Workbench()
    try await bench.take(bench.message("what is the smallest withdrawal?"))
    bench.ledger.fail(.undecided, with: [.locked])
    bench.ledger.fail(.commit, with: [.locked, .full, .locked])
    let decider = bench.decider()
    try await bench.run({ try await decider.run() }) {
      await bench.ledger.answered(.commit, 1)
    }
    #expect(bench.time.slept.count == 4 && bench.health.ledgerError == nil)
    #expect(try await decisions(bench) == [.answer])
  }

  @Test func `a ledger that was only locked for reading is well again though nothing waits`() async throws {
    let bench = try Workbench()
    bench.ledger.fail(.undecided, with: [.locked])
    let decider = bench.decider()
    try await bench.run({ try await decider.run() }) {
      await bench.ledger.answered(.undecided, 1)
      bench.arrivals.raise()
      await bench.ledger.answered(.undecided, 2)
    }
    #expect(bench.health.ledgerError == nil)
  }

  @Test func `a damaged ledger ends the service with the reason`() async throws {
    let bench = try Workbench()
    bench.ledger.fail(.undecided, with: [.damaged])
    let error = await #expect(throws: LedgerError.self) { try await bench.decider().run() }
    #expect(error?.code == .damaged)
  }
}
