import Foundation
import GRDB
import Support
import Testing

@testable import Ledger

@Suite struct FailingDiskTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url, mode: .readWrite, busyTimeout: 0.05)
  }

  /// - Parameter pages: that the file may grow by; nil lifts the limit.
  private func limitDisk(to pages: Int?) async throws {
    try await ledger.file.pool.writeWithoutTransaction { db in
      let used = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages.map { used + $0 } ?? 1_000_000)")
    }
  }

  @Test func `a full disk while taking in a poll loses nothing: neither messages nor cursor move`() async throws {
    _ = try await ledger.take(message("0"), cursor: "a")
    try await limitDisk(to: 2)
    let poll = Poll(
      messages: (1...20).map { message("\($0)", text: String(repeating: "x", count: 5000)) },
      unreadable: [UnreadableMessage(id: "bad", reason: "no text", raw: "{}")], cursor: "b")
    let full = try await ledgerError { _ = try await ledger.receive(poll, from: "chat", at: start) }
    #expect(full?.code == .diskFull)
    #expect(full?.isRetriable == true)
    #expect(try await ledger.cursor(of: "chat") == "a")
    #expect(try await ledger.backlog().undecided == 1)
    #expect(try await ledger.setAside(limit: 5).isEmpty)
    try await limitDisk(to: nil)
    let intake = try await ledger.receive(poll, from: "chat", at: start)
    #expect(intake == Intake(new: 20, known: 0, setAside: 1))
    #expect(try await ledger.cursor(of: "chat") == "b")
  }

  @Test func `a full disk while deciding: the same decisions go through once there is room, without a gap`()
    async throws
  {
    let long = String(repeating: "y", count: 9000)
    for index in 0..<10 { _ = try await ledger.take(message("\(index)", in: "room \(index)", text: long)) }
    let outcomes = try await ledger.undecided(limit: 100).decided(escalate)
    try await limitDisk(to: 3)
    let full = try await ledgerError { try await ledger.commit(outcomes, at: start) }
    #expect(full?.code == .diskFull)
    #expect(try await ledger.tickets(TicketFilter()).isEmpty)
    #expect(try await ledger.interactions(InteractionFilter()).isEmpty)
    try await limitDisk(to: nil)
    try await ledger.commit(outcomes, at: start)
    #expect(try await ledger.tickets(TicketFilter()).map(\.number) == Array(1...10))
    #expect(try await ledger.sendAll().count == 10)
    #expect(try await ledger.undecided(limit: 10).entries.isEmpty)
  }

  @Test func `a full disk at the desk: the reply is neither sent nor in the history`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle(escalate)
    try await limitDisk(to: 0)
    let reply = TicketAction.reply(text: String(repeating: "z", count: 50_000))
    let full = try await ledgerError { try await ledger.act(reply, on: 1, by: "Ira", at: start) }
    #expect(full?.code == .diskFull)
    #expect(try await ledger.history(of: 1).count == 2)
    #expect(try await ledger.ticket(1)?.owner == nil)
    try await limitDisk(to: nil)
    try await ledger.act(reply, on: 1, by: "Ira", at: start)
    #expect(try await ledger.sendAll().count == 2)
  }

  @Test func `a ledger that another process locks: writes say so and go through later, reads go on`() async throws {
    _ = try await ledger.take(message("1"), cursor: "a")
    let outcomes = try await ledger.undecided(limit: 10).decided(answer)
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: folder.ledger.path(percentEncoded: false), configuration: configuration)
    try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let locked = try await ledgerError { try await ledger.commit(outcomes, at: start) }
    #expect(locked?.code == .locked)
    #expect(locked?.isRetriable == true)
    #expect(try await ledgerError { _ = try await ledger.take(message("2"), cursor: "b") }?.code == .locked)
    #expect(try await ledger.backlog().undecided == 1)
    #expect(try await ledger.cursor(of: "chat") == "a")
    try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    try await ledger.commit(outcomes, at: start)
    #expect(try await ledger.sendAll() == ["re: 1"])
  }

  @Test func `a task that is cancelled does not undo what has happened outside`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle()
    let reply = try #require(try await ledger.sendable().first)
    let sending = Task { [ledger] in
      withUnsafeCurrentTask { $0?.cancel() }
      try await ledger.markSent([SentReply(id: reply.id, at: start)])
    }
    try await sending.value
    #expect(try await ledger.sendable().isEmpty)
  }

  @Test(arguments: [
    (ResultCode.SQLITE_BUSY, LedgerError.Code.locked), (.SQLITE_BUSY_SNAPSHOT, .locked), (.SQLITE_LOCKED, .locked),
    (.SQLITE_FULL, .diskFull), (.SQLITE_IOERR_FSYNC, .diskFull), (.SQLITE_IOERR_WRITE, .diskFull),
    (.SQLITE_IOERR_READ, .failed), (.SQLITE_CORRUPT, .damaged), (.SQLITE_CORRUPT_INDEX, .damaged),
    (.SQLITE_NOTADB, .damaged), (.SQLITE_READONLY, .notWritable), (.SQLITE_READONLY_DBMOVED, .notWritable),
    (.SQLITE_CANTOPEN, .notWritable), (.SQLITE_PERM, .notWritable), (.SQLITE_CONSTRAINT_UNIQUE, .failed),
  ])
  func `what SQLite says, as the desk reads it`(result: ResultCode, code: LedgerError.Code) {
    let cause = DatabaseError(resultCode: result, message: "m", sql: "SELECT 'secret'", arguments: ["secret"])
    let error = LedgerError(cause, doing: "take in messages", path: "var/ledger.sqlite")
    #expect(error.code == code)
    #expect(error.description.hasPrefix("Could not take in messages: "))
    #expect(error.description.contains("var/ledger.sqlite"))
    #expect(!error.description.contains("secret"))
  }
}
