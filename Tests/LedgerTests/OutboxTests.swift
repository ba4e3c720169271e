import Foundation
import GRDB
import Support
import Testing

@testable import Ledger

@Suite struct OutboxTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  @Test func `the first unsent reply of each conversation, oldest first`() async throws {
    _ = try await ledger.take(message("1"), message("2"), message("3", in: "other"), message("4", in: "third"))
    try await ledger.settle()
    #expect(try await ledger.sendable().map(\.text) == ["re: 1", "re: 3", "re: 4"])
    #expect(try await ledger.sendable(at: start, limit: 2, leavingOut: []).map(\.text) == ["re: 1", "re: 3"])
    #expect(try await ledger.sendable(at: start, limit: 0, leavingOut: []).isEmpty)
    let busy: Set = [ConversationID(channel: "chat", room: "room"), ConversationID(channel: "chat", room: "third")]
    #expect(try await ledger.sendable(at: start, limit: 9, leavingOut: busy).map(\.text) == ["re: 3"])
  }

  @Test func `a reply that was sent lets the next go, and its latency counts from the message's arrival`() async throws
  {
    _ = try await ledger.take(message("1"), message("2"))
    try await ledger.settle(at: minutes(1))
    let first = try #require(try await ledger.sendable().first)
    try await ledger.markSent([SentReply(id: first.id, at: start.addingTimeInterval(1.5))])
    #expect(try await ledger.sendable().map(\.text) == ["re: 2"])
    let sent = try await ledger.interactions(InteractionFilter(direction: .outgoing))
    #expect(sent.map(\.result) == [.sent, .queued])
    #expect(sent.map(\.latencyMilliseconds) == [1500, nil])
  }

  @Test func `a reply marked sent twice, and one that is not there, change nothing more`() async throws {
    _ = try await ledger.take(message("1"), message("2"))
    try await ledger.settle()
    let first = try #require(try await ledger.sendable().first)
    try await ledger.markSent([SentReply(id: first.id, at: start), SentReply(id: 999, at: start)])
    try await ledger.markSent([SentReply(id: first.id, at: minutes(5))])
    try await ledger.markFailed(first.id, error: "late", nextAttempt: minutes(9))
    try await ledger.hold(first.id, reason: "late", at: minutes(9))
    #expect(try await ledger.interactions(InteractionFilter(direction: .outgoing)).first?.latencyMilliseconds == 0)
    #expect(try await ledger.backlog() == Backlog(undecided: 0, unsent: 1, held: 0))
    #expect(try await ledger.setAside(limit: 5).isEmpty)
  }

  @Test func `a conversation that waits for another attempt is not skipped ahead`() async throws {
    _ = try await ledger.take(message("1"), message("2"), message("3", in: "other"))
    try await ledger.settle()
    #expect(try await ledger.nextAttempt() == nil)
    let first = try #require(try await ledger.sendable().first)
    try await ledger.markFailed(first.id, error: "503", nextAttempt: minutes(10))
    #expect(try await ledger.sendable(at: minutes(9)).map(\.text) == ["re: 3"])
    #expect(try await ledger.nextAttempt() == minutes(10))
    let again = try await ledger.sendable(at: minutes(10))
    #expect(again.map(\.text) == ["re: 1", "re: 3"])
    #expect(again.map(\.attempts) == [1, 0])
    #expect(again.first?.idempotencyKey == first.idempotencyKey)
    try await ledger.markSent([SentReply(id: first.id, at: minutes(10))])
    #expect(try await ledger.nextAttempt() == nil)
  }

  @Test func `replies that waited for a server wait no longer, and others as long as they were told`() async throws {
    _ = try await ledger.take(message("1"), message("2", in: "other"), message("3", in: "third"))
    try await ledger.settle()
    let replies = try await ledger.sendable()
    for reply in replies { try await ledger.markFailed(reply.id, error: "503", nextAttempt: minutes(10)) }
    let waiting = replies.prefix(2).map(\.id)
    try await ledger.hasten(waiting, at: minutes(1))
    let due = try await ledger.sendable(at: minutes(1))
    #expect(due.map(\.text) == ["re: 1", "re: 2"])
    #expect(due.map(\.attempts) == [1, 1])
    // What is due already is not made later.
    try await ledger.hasten(waiting, at: minutes(5))
    #expect(try await ledger.nextAttempt() == minutes(1))
  }

  @Test func `a reply that is given up is shown to staff, and the ones behind it go on`() async throws {
    _ = try await ledger.take(message("1"), message("2"))
    try await ledger.settle()
    let first = try #require(try await ledger.sendable().first)
    try await ledger.hold(first.id, reason: "The server refuses it.", at: minutes(3))
    try await ledger.hold(first.id, reason: "again", at: minutes(4))
    #expect(try await ledger.sendable().map(\.text) == ["re: 2"])
    #expect(
      try await ledger.setAside(limit: 5) == [
        SetAsideItem(
          kind: .held, at: minutes(3), channel: "chat", id: "1", reason: "The server refuses it.", text: "re: 1",
          reply: 2)
      ])
    #expect(try await ledger.interactions(InteractionFilter(direction: .outgoing)).map(\.result) == [.held, .queued])
    #expect(try await ledger.backlog() == Backlog(undecided: 0, unsent: 1, held: 1))
  }

  @Test func `what has been sent costs nothing: the queue is found among 100 000 sent rows at once`()
    async throws
  {
    _ = try await ledger.take(message("1"))
    try await ledger.settle()
    try await ledger.sendAll()
    try await ledger.file.pool.write { db in
      try db.execute(
        sql: """
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
          INSERT INTO outbox (conversation, interaction, author, text, idempotency_key, state, head, created_at)
          SELECT 1, 1, 'bot', 'old', 'old:' || i, 'sent', 0, 0 FROM n
          """)
    }
    _ = try await ledger.take(message("2"), message("3", in: "other"))
    try await ledger.settle()
    // SQLite counts the steps of each prepared statement of a connection in the table `sqlite_stmt`.
    let (texts, steps) = try await ledger.file.pool.write { db in
      let replies = try db.sendable(at: start, limit: 10, leavingOut: [])
      let steps = try Int.fetchAll(db, sql: "SELECT nstep FROM sqlite_stmt WHERE sql LIKE '%o.head = 1%' AND nstep > 0")
      return (replies.map(\.text), steps)
    }
    #expect(texts == ["re: 2", "re: 3"])
    #expect(steps.count == 1)
    #expect(steps.allSatisfy { $0 < 200 }, "\(steps)")
  }

  @Test func `the change counter sees writes of this ledger and of others, and no reads`() async throws {
    let other = try SQLiteLedger(folder: folder.url)
    let first = try await ledger.changeCounter()
    #expect(try await ledger.changeCounter() == first)
    _ = try await ledger.take(message("1"))
    let second = try await ledger.changeCounter()
    #expect(second != first)
    _ = try await other.take(message("2"))
    let third = try await ledger.changeCounter()
    #expect(third != second)
    _ = try await ledger.backlog()
    #expect(try await ledger.changeCounter() == third)
  }
}
