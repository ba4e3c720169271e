import Foundation
import Support
import Testing

@testable import Ledger

/// The same ledger for callers that have a thread of their own.
@Suite struct WaitingTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  @Test func `a message's whole way is the same, and either sees what the other wrote`() async throws {
    let waiting = ledger.waiting()
    _ = try await waiting.take(message("1", text: "When?"), cursor: "c1")
    #expect(try await ledger.cursor(of: "chat") == "c1")
    #expect(try await waiting.undecidedCount(of: nil) == 1)
    let before = try await ledger.changeCounter()
    try await waiting.settle()
    #expect(try await waiting.changeCounter() == ledger.changeCounter())
    #expect(try await waiting.changeCounter() != before)
    let reply = try #require(try await waiting.sendable().first)
    #expect(try await ledger.sendable() == [reply])
    try await waiting.markSent([SentReply(id: reply.id, at: start)])
    #expect(try await ledger.sendable().isEmpty)
    #expect(try await waiting.interactions(InteractionFilter()) == ledger.interactions(InteractionFilter()))
  }

  @Test func `nothing runs on another thread than the caller's`() async throws {
    let waiting = ledger.waiting()
    let caller = UInt(pthread_self())
    #expect(try await waiting.write("look") { _ in UInt(pthread_self()) } == caller)
  }

  @Test func `a transaction that fails leaves nothing, and says what it was for`() async throws {
    let waiting = ledger.waiting()
    let error = await #expect(throws: LedgerError.self) {
      try await waiting.write("try it") { db in
        try db.run("INSERT INTO channel (name, cursor) VALUES ('x', 'y')")
        try db.run("INSERT INTO nowhere VALUES (1)")
      }
    }
    #expect(error?.description.contains("try it") == true)
    #expect(try await ledger.cursor(of: "x") == nil)
  }

  @Test func `closed or opened for reading it refuses as the other does`() async throws {
    let reader = try SQLiteLedger(folder: folder.url, mode: .readOnly).waiting()
    let refusal = await #expect(throws: LedgerError.self) { _ = try await reader.take(message("1")) }
    #expect(refusal?.code == .notWritable)
    let waiting = ledger.waiting()
    try ledger.close()
    let error = await #expect(throws: LedgerError.self) { _ = try await waiting.take(message("1")) }
    #expect(error?.code == .failed)
  }
}
