import Foundation
import GRDB
import Support
import Testing

@testable import Ledger

@Suite struct OpeningTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// A ledger with something in it, closed.
  private func written() async throws {
    let ledger = try SQLiteLedger(folder: folder.url)
    for index in 0..<50 { _ = try await ledger.take(message("\(index)", text: String(repeating: "x", count: 500))) }
    try await ledger.settle(escalate)
    // Something of the ledger's is still open, as when a reader lets go late.
    let late = try DatabaseQueue(path: folder.ledger.path(percentEncoded: false))
    _ = try await late.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM inbox") }
    try ledger.close()
    let left = (try? Data(contentsOf: URL(filePath: folder.ledger.path(percentEncoded: false) + "-wal")))?.count ?? 0
    #expect(left == 0, "closing moves all into the one file")
    try late.close()
  }

  private func opening(_ mode: SQLiteLedger.Mode = .readWrite, in url: URL? = nil) -> LedgerError? {
    do {
      try SQLiteLedger(folder: url ?? folder.url, mode: mode).close()
      return nil
    } catch {
      return error
    }
  }

  private func overwrite(at offset: UInt64, with bytes: [UInt8]) throws {
    let file = try FileHandle(forUpdating: folder.ledger)
    defer { try? file.close() }
    try file.seek(toOffset: offset)
    try file.write(contentsOf: Data(bytes))
  }

  private func permissions(_ url: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))[.posixPermissions] as? Int
  }

  @Test func `a new ledger is its owner's alone`() throws {
    let url = folder.url.appending(path: "a/b")
    #expect(SQLiteLedger.file(in: url) == url.appending(path: "ledger.sqlite"))
    let ledger = try SQLiteLedger(folder: url)
    #expect(try permissions(url) == 0o700)
    for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"] {
      #expect(try permissions(url.appending(path: name)) == 0o600)
    }
    try ledger.close()
  }

  @Test func `the connection is set up to survive a power cut`() async throws {
    let ledger = try SQLiteLedger(folder: folder.url)
    let (mode, synchronous, keys, wait) = try await ledger.file.pool.write { db in
      (
        try String.fetchOne(db, sql: "PRAGMA journal_mode"), try Int.fetchOne(db, sql: "PRAGMA synchronous"),
        try Int.fetchOne(db, sql: "PRAGMA foreign_keys"), try Int.fetchOne(db, sql: "PRAGMA busy_timeout")
      )
    }
    #expect(mode == "wal")
    #expect(synchronous == 2)
    #expect(keys == 1)
    #expect(wait == 5000)
  }

  @Test func `what was written is there after opening again, in both modes`() async throws {
    try await written()
    // All of it in the one file: nothing is left beside it that a copy would miss.
    let wal = folder.url.appending(path: "ledger.sqlite-wal")
    #expect(!FileManager.default.fileExists(atPath: wal.path(percentEncoded: false)))
    for mode in [SQLiteLedger.Mode.readWrite, .readOnly] {
      let ledger = try SQLiteLedger(folder: folder.url, mode: mode)
      #expect(try await ledger.tickets(TicketFilter()).count == 50)
      try ledger.close()
    }
  }

  @Test(arguments: [
    "VACUUM INTO", "backup",
  ])
  func `a backup taken while the ledger is open and written to is a ledger`(way: String) async throws {
    let ledger = try SQLiteLedger(folder: folder.url)
    _ = try await ledger.take(message("1"), cursor: "7")
    try await ledger.settle(escalate)
    let copies = folder.url.appending(path: "copies")
    try FileManager.default.createDirectory(at: copies, withIntermediateDirectories: true)
    let path = copies.appending(path: "ledger.sqlite").path(percentEncoded: false)
    let browser = try DatabaseQueue(path: folder.ledger.path(percentEncoded: false))
    if way == "backup" {
      try browser.backup(to: DatabaseQueue(path: path))
    } else {
      try await browser.vacuum(into: path)
    }
    _ = try await ledger.take(message("2"))
    let restored = try SQLiteLedger(folder: copies)
    #expect(try await restored.cursor(of: "chat") == "7")
    #expect(try await restored.tickets(TicketFilter()).map(\.number) == [1])
    #expect(try await restored.sendable() == ledger.sendable())
    _ = try await restored.take(message("2"))
    try await restored.settle()
  }

  @Test func `after closing, a call says so`() async throws {
    let ledger = try SQLiteLedger(folder: folder.url)
    try ledger.close()
    #expect(try await ledgerError { _ = try await ledger.backlog() }?.code == .failed)
    #expect(try await ledgerError { _ = try await ledger.take(message("1")) }?.code == .failed)
    #expect(try await ledgerError { _ = try await ledger.changeCounter() }?.code == .failed)
  }

  @Test func `reading where there is no ledger says so and makes none`() throws {
    #expect(opening(.readOnly)?.code == .failed)
    #expect(!FileManager.default.fileExists(atPath: folder.ledger.path(percentEncoded: false)))
  }

  @Test func `an empty file, as a crash at the first start leaves it, becomes a ledger`() async throws {
    try Data().write(to: folder.ledger)
    #expect(opening(.readOnly)?.code == .failed)
    #expect(opening() == nil)
  }

  @Test func `a file that is no database`() throws {
    try Data(String(repeating: "these are my notes\n", count: 500).utf8).write(to: folder.ledger)
    let before = try Data(contentsOf: folder.ledger)
    for mode in [SQLiteLedger.Mode.readWrite, .readOnly] {
      let error = opening(mode)
      #expect(error?.code == .damaged)
      #expect(error?.description.contains(folder.ledger.path(percentEncoded: false)) == true)
    }
    #expect(try Data(contentsOf: folder.ledger) == before)
  }

  @Test func `a database of another program is left alone`() throws {
    let other = try DatabaseQueue(path: folder.ledger.path(percentEncoded: false))
    try other.write { try $0.execute(sql: "CREATE TABLE photo (id INTEGER); INSERT INTO photo VALUES (1)") }
    try other.close()
    let before = try Data(contentsOf: folder.ledger)
    #expect(opening()?.code == .damaged)
    #expect(opening(.readOnly)?.code == .damaged)
    #expect(try Data(contentsOf: folder.ledger) == before)
  }

  @Test func `a ledger of a newer version`() async throws {
    try await written()
    let newer = try DatabaseQueue(path: folder.ledger.path(percentEncoded: false))
    try await newer.write { try $0.execute(sql: "PRAGMA user_version = 999") }
    try newer.close()
    #expect(opening()?.code == .tooNew)
    #expect(opening(.readOnly)?.code == .tooNew)
  }

  @Test func `a damaged header`() async throws {
    try await written()
    try overwrite(at: 0, with: [UInt8](repeating: 0xAA, count: 100))
    #expect(opening()?.code == .damaged)
  }

  @Test func `a damaged page is found at the start`() async throws {
    try await written()
    let size = try Data(contentsOf: folder.ledger).count
    for page in stride(from: 4096, to: size, by: 4096) {
      try overwrite(at: UInt64(page), with: [UInt8](repeating: 0xAA, count: 64))
    }
    #expect(opening()?.code == .damaged)
    #expect(opening(.readOnly)?.code == .damaged)
  }

  @Test func `a truncated file`() async throws {
    try await written()
    let whole = try Data(contentsOf: folder.ledger)
    try whole.prefix(whole.count / 2 / 4096 * 4096).write(to: folder.ledger)
    #expect(opening()?.code == .damaged)
  }

  @Test func `damage that shows up while running is an error, not the end of the process`() async throws {
    let ledger = try SQLiteLedger(folder: folder.url)
    _ = try await ledger.take(message("1"))
    try await ledger.settle(escalate)
    try await ledger.file.pool.write { db in
      try db.execute(sql: "UPDATE ticket SET draft = '{'")
      try db.execute(sql: "UPDATE interaction SET agency = 5")
    }
    #expect(try await ledgerError { _ = try await ledger.ticket(1) }?.code == .damaged)
    let log = try await ledgerError { _ = try await ledger.interactions(InteractionFilter()) }
    #expect(log?.code == .damaged)
    #expect(log?.description.contains("'agency'") == true)
  }

  @Test func `a stored message or state that cannot be read is set aside, and the others are answered`() async throws {
    let ledger = try SQLiteLedger(folder: folder.url)
    _ = try await ledger.take(message("1"), message("2"), message("3", in: "other"), message("4", in: "third"))
    try await ledger.file.pool.write { db in
      try db.execute(sql: "UPDATE inbox SET message = '{\"half' WHERE message_id = '1'")
      try db.execute(sql: "UPDATE conversation SET state = '[]' WHERE room = 'other'")
    }
    // Also where the first batch holds nothing else: an empty batch would say that nothing waits.
    #expect(try await ledger.undecided(limit: 1).entries.map(\.message.id.id) == ["2"])
    try await ledger.settle()
    #expect(try await ledger.sendAll() == ["re: 2", "re: 4"])
    #expect(try await ledger.setAside(limit: 9).map(\.id) == ["3", "1"])
    #expect(try await ledger.backlog() == Backlog(undecided: 0, unsent: 0, held: 0))
  }

  @Test func `a data folder that is a file, lies under a file, or whose ledger is a folder`() throws {
    let file = folder.url.appending(path: "file")
    try Data().write(to: file)
    #expect(opening(in: file)?.code == .notWritable)
    #expect(opening(in: file.appending(path: "data"))?.code == .notWritable)
    let blocked = folder.url.appending(path: "blocked")
    try FileManager.default.createDirectory(
      at: blocked.appending(path: "ledger.sqlite"), withIntermediateDirectories: true)
    #expect(opening(in: blocked)?.code == .notWritable)
    #expect(opening(.readOnly, in: blocked)?.code == .notWritable)
  }

  @Test func `a disk without write permission`() throws {
    // Always read-only, for whoever runs the tests.
    let url = URL(filePath: "/proc/greenroom-data")
    #expect(opening(in: url)?.code == .notWritable)
    #expect(throws: LedgerError.self) { try DataFolderLock(folder: url) }
  }

  @Test func `several open a new ledger at once`() async throws {
    let url = folder.url
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<4 {
        group.addTask {
          let ledger = try SQLiteLedger(folder: url)
          _ = try await ledger.take(message("\(index)"))
        }
      }
      try await group.waitForAll()
    }
    let ledger = try SQLiteLedger(folder: url)
    #expect(try await ledger.backlog().undecided == 4)
  }
}
