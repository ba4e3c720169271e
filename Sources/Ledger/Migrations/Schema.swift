import GRDB

/// The tables, and how an older file comes to have them.
enum Schema {
  /// "GRNR": marks the file as a ledger in its header.
  static let applicationID = 0x4752_4E52

  /// In order; each takes the file from the version before. Only ever added to: what has been released stays as it is.
  static let migrations: [@Sendable (Database) throws -> Void] = [V1.apply, V2.apply, V3.apply]

  static var latest: Int { migrations.count }

  /// Brings the file to `version`: all steps or none. Two processes that open an old file at once do it once.
  static func migrate(_ db: Database, to version: Int = latest) throws {
    guard try userVersion(db) < version else { return }
    // Tables are rebuilt with foreign keys off, and checked before the commit (sqlite.org/lang_altertable.html).
    try db.execute(sql: "PRAGMA foreign_keys = OFF")
    defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
    try db.inTransaction(.immediate) {
      let present = try userVersion(db)
      for next in migrations.indices where next >= present && next < version {
        try migrations[next](db)
      }
      if present < version {
        try db.checkForeignKeys()
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(version)")
      }
      return .commit
    }
  }

  static func userVersion(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }
}
