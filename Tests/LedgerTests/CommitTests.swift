import Foundation
import Ledger
import Support
import Testing

@Suite struct CommitTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  @Test func `a decision leaves a reply, two lines of the log and the next state`() async throws {
    _ = try await ledger.take(message("1"))
    let article = CandidateID.article("payouts/late")
    try await ledger.settle(at: start.addingTimeInterval(0.25)) { _, state in
      var next = state
      next.language = "de"
      return decision(reply: Reply("Soon."), matched: article, state: next)
    }
    let log = try await ledger.interactions(InteractionFilter())
    #expect(log.map(\.direction) == [.incoming, .outgoing])
    #expect(log.map(\.result) == [.decided, .queued])
    #expect(log.map(\.author) == ["Dana", "bot"])
    #expect(log.map(\.message) == ["1", "1"])
    #expect(log.first?.latencyMilliseconds == 250)
    #expect(log.first?.parts.first?.matched == article)
    #expect(log.first?.decision == .answer)
    #expect(log.first?.workspaceVersion == "w1")
    let reply = try #require(try await ledger.sendable().first)
    #expect(reply.text == "Soon.")
    #expect(reply.inReplyTo == "1")
    #expect(reply.author == "bot")
    #expect(reply.idempotencyKey == "chat:1:reply")
    #expect(try await ledger.state().language == "de")
  }

  @Test func `silence is logged and nothing is sent`() async throws {
    _ = try await ledger.take(message("1"), message("2"))
    try await ledger.settle { message, state in
      decision(.silent, reply: message.id.id == "2" ? Reply("") : nil, state: state)
    }
    #expect(try await ledger.interactions(InteractionFilter()).map(\.decision) == [.silent, .silent])
    #expect(try await ledger.sendable().isEmpty)
  }

  @Test func `the same decisions committed twice are carried out once`() async throws {
    _ = try await ledger.take(message("1"), message("2"), message("3", in: "other"))
    let outcomes = try await ledger.undecided(limit: 10).decided(answer)
    try await ledger.commit(outcomes, at: start)
    try await ledger.commit(outcomes, at: start)
    try await ledger.commit([], at: start)
    #expect(try await ledger.sendAll().sorted() == ["re: 1", "re: 2", "re: 3"])
  }

  @Test func `a batch may be committed in pieces`() async throws {
    _ = try await ledger.take(message("1"), message("2"), message("3"))
    let outcomes = try await ledger.undecided(limit: 10).decided(answer)
    for outcome in outcomes { try await ledger.commit([outcome], at: start) }
    #expect(try await ledger.undecided(limit: 10).entries.isEmpty)
    #expect(try await ledger.sendAll() == ["re: 1", "re: 2", "re: 3"])
  }

  @Test func `a decision that was made before the ledger was opened again is made again`() async throws {
    _ = try await ledger.take(message("1"))
    let outcomes = try await ledger.undecided(limit: 10).decided(answer)
    let again = try SQLiteLedger(folder: folder.url)
    try await again.commit(outcomes, at: start)
    #expect(try await again.backlog() == Backlog(undecided: 1, unsent: 0, held: 0))
    try await again.settle()
    #expect(try await again.sendAll() == ["re: 1"])
  }

  @Test func `a decision on a message that is not there is refused, and the batch with it`() async throws {
    _ = try await ledger.take(message("1"))
    var outcomes = try await ledger.undecided(limit: 1).decided(answer)
    outcomes.append(
      DecidedMessage(
        entry: UndecidedBatch.Entry(id: 99, message: message("99"), receivedAt: start), decision: decision()))
    let refused = try await ledgerError { try await ledger.commit(outcomes, at: start) }
    #expect(refused?.code == .failed)
    #expect(try await ledger.backlog().undecided == 1)
    try await ledger.settle()
    #expect(try await ledger.sendAll() == ["re: 1"])
  }

  @Test func `a conversation without a known agency takes the one it had, or its room`() async throws {
    _ = try await ledger.take(message("1", agency: nil))
    try await ledger.settle()
    _ = try await ledger.take(message("2", agency: "Northlight"))
    try await ledger.settle()
    _ = try await ledger.take(message("3", agency: nil))
    try await ledger.settle(escalate)
    let agencies = try await ledger.interactions(InteractionFilter(direction: .incoming)).map(\.agency)
    #expect(agencies == [message("1").conversation.room, "Northlight", "Northlight"])
    #expect(try await ledger.ticket(1)?.agency == "Northlight")
  }
}
