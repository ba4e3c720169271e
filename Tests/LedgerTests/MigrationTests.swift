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
}
