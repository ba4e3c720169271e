import Foundation
import GRDB
import Support
import Testing

@testable import Ledger

@Suite struct MigrationTests {
  private func schema(_ db: Database) throws -> [String] {
    try String.fetchAll(db, sql: "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
  }

  @Test func `every version comes from the one before, and one by one gives the same as all at once`() throws {
    let atOnce = try DatabaseQueue()
    try atOnce.inDatabase { try Schema.migrate($0) }
    let stepwise = try DatabaseQueue()
    try stepwise.inDatabase { db in
      for version in 1...Schema.latest {
        try Schema.migrate(db, to: version)
        #expect(try Schema.userVersion(db) == version)
        #expect(try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID)
      }
    }
    let (one, other) = (try atOnce.inDatabase(schema), try stepwise.inDatabase(schema))
    #expect(one == other)
    #expect(one.count > 20)
  }

  @Test func `migrating again changes nothing, and a newer file is not taken back`() throws {
    let queue = try DatabaseQueue()
    try queue.inDatabase { db in
      try Schema.migrate(db)
      let before = try schema(db)
      try Schema.migrate(db)
      try Schema.migrate(db, to: 0)
      #expect(try schema(db) == before)
      #expect(try Int.fetchOne(db, sql: "PRAGMA foreign_keys") == 1)
    }
  }

  @Test func `every table is strict`() throws {
    let queue = try DatabaseQueue()
    try queue.inDatabase { db in
      try Schema.migrate(db)
      let lax = try String.fetchAll(
        db, sql: "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'")
      #expect(lax.isEmpty)
    }
  }

  @Test func `a ledger of the second version keeps its replies, and those that are held can be acted on`() async throws
  {
    let folder = try TemporaryFolder()
    let file = try DatabaseQueue(path: folder.url.appending(path: "ledger.sqlite").path)
    try await file.writeWithoutTransaction { db in
      try Schema.migrate(db, to: 2)
      try db.execute(sql: Self.secondVersion)
    }
    try file.close()
    let ledger = try SQLiteLedger(folder: folder.url)
    #expect(try await ledger.sendable().map(\.text) == ["waits"])
    #expect(try await ledger.sendable().allSatisfy { $0.choices.isEmpty && !$0.asksWhetherHelped })
    #expect(
      try await ledger.interactions(InteractionFilter()).map(\.text) == ["q", "waits", "held", "held", "unlisted"])
    #expect(try await ledger.backlog() == Backlog(undecided: 0, unsent: 1, held: 3))
    let aside = try await ledger.setAside(limit: 10)
    // The one of which there was no word on the list is on it now.
    #expect(aside.map(\.text) == ["unlisted", "held", "held", "{}"])
    #expect(aside.map(\.reply) == [5, 4, 3, nil])
    #expect(aside.first?.reason == "503" && aside.allSatisfy { $0.outcome == nil })
    for (id, verdict) in zip([3, 4, 5], HeldOutcome.Verdict.allCases) {
      try await ledger.settle(id, as: verdict, by: "Ines", at: start)
    }
    #expect(try await ledger.backlog() == Backlog(undecided: 0, unsent: 2, held: 0))
    #expect(try await ledger.sendAll() == ["waits", "held"])
    try ledger.close()
  }

  /// A question, a reply that waits, and three that are held: two of the same words, which are on the list, and one that
  /// is not.
  private static let secondVersion = """
    INSERT INTO conversation (id, channel, room, state) VALUES (1, 'chat', 'room', '{}'), (2, 'chat', 'other', '{}');
    INSERT INTO inbox (id, channel, message_id, conversation, message, received_at, decided_at)
      VALUES (1, 'chat', 'm1', 1, '{}', 0, 0), (2, 'chat', 'm2', 2, '{}', 0, 0);
    INSERT INTO interaction (id, direction, at, agency, conversation, author, text, result) VALUES
      (1, 'in', 0, 'a', 1, 'Ana', 'q', 'decided'), (2, 'out', 0, 'a', 1, 'bot', 'waits', 'queued'),
      (3, 'out', 0, 'a', 1, 'bot', 'held', 'held'), (4, 'out', 0, 'a', 2, 'bot', 'held', 'held'),
      (5, 'out', 0, 'a', 2, 'bot', 'unlisted', 'held');
    INSERT INTO outbox (id, conversation, in_reply_to, interaction, author, text, idempotency_key, state, head,
        last_error, created_at) VALUES
      (1, 1, 1, 3, 'bot', 'held', 'k1', 'held', 0, NULL, 0), (2, 2, 2, 4, 'bot', 'held', 'k2', 'held', 0, NULL, 0),
      (3, 2, NULL, 5, 'bot', 'unlisted', 'k3', 'held', 0, '503', 0), (4, 1, 1, 2, 'bot', 'waits', 'k4', 'queued', 1, NULL, 0);
    INSERT INTO set_aside (kind, at, channel, item_id, reason, text) VALUES
      ('unreadable', 0, 'chat', 'x', 'r', '{}'), ('held', 0, 'chat', 'm1', 'r', 'held'),
      ('held', 0, 'chat', 'm2', 'r', 'held');
    """
}
