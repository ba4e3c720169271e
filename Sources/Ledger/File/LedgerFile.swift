import Foundation
import GRDB
import Support

/// The open file: its connections, set up and checked.
struct LedgerFile {
  let path: String
  /// One writer, several readers.
  let pool: DatabasePool
  /// A connection that does nothing but see whether others, this process' writer among them, have written.
  let watch: DatabaseQueue

  /// - Parameter trace: is given each statement that any connection runs, without its values.
  init(
    folder: DataFolder, mode: SQLiteLedger.Mode, busyTimeout: TimeInterval,
    trace: (@Sendable (String) -> Void)? = nil
  ) throws(LedgerError) {
    path = folder.ledger.path(percentEncoded: false)
    let opening = LedgerOpening(path: path, mode: mode, busyTimeout: busyTimeout, trace: trace)
    switch mode {
    case .readWrite:
      try folder.make()
      (pool, watch) = try folder.alone { () throws(LedgerError) in
        close(try folder.open(opening.path))
        return try opening.connections()
      }
    case .readOnly:
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { throw opening.nothingThere }
      guard !isDirectory.boolValue else { throw folder.isFolder(path) }
      (pool, watch) = try opening.connections()
    }
  }
}

/// The steps of opening a ledger. Nothing is changed in a file before it is known to be one.
private struct LedgerOpening {
  var path: String
  var mode: SQLiteLedger.Mode
  var busyTimeout: TimeInterval
  var trace: (@Sendable (String) -> Void)?

  /// Up to this size a file is looked through at every start; a larger one would make the start wait.
  private static let sizeToCheck = 16 << 20

  var nothingThere: LedgerError {
    LedgerError(.failed, "There is no ledger at \(path) yet. Start the bot once, or name its data folder.")
  }

  func connections() throws(LedgerError) -> (DatabasePool, DatabaseQueue) {
    do {
      try check()
      let pool = try DatabasePool(path: path, configuration: configuration(readOnly: mode == .readOnly))
      if mode == .readWrite {
        try pool.writeWithoutTransaction { db in
          // GRDB sets NORMAL, with which a power cut could undo the note that a reply was sent.
          try db.execute(sql: "PRAGMA synchronous = FULL")
          try db.execute(sql: "PRAGMA wal_autocheckpoint = 2000")
          try db.execute(sql: "PRAGMA journal_size_limit = \(64 << 20)")
          try Schema.migrate(db)
        }
      }
      return (pool, try DatabaseQueue(path: path, configuration: configuration(readOnly: true)))
    } catch {
      throw LedgerError(error, doing: "open the ledger", path: path)
    }
  }

  private func check() throws {
    let probe = try DatabaseQueue(path: path, configuration: configuration(readOnly: mode == .readOnly))
    defer { try? probe.close() }
    try probe.unsafeRead { db in
      let mark = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
      let version = try Schema.userVersion(db)
      let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
      if isEmpty && mark == 0 && version == 0 {
        if mode == .readOnly { throw nothingThere }
        return
      }
      guard mark == Schema.applicationID else {
        throw LedgerError(
          .damaged, "\(path) is a database of another program. Move it away, or name another data folder.")
      }
      guard version <= Schema.latest else {
        throw LedgerError(
          .tooNew,
          "\(path) was written by a newer version of Greenroom (format \(version); this one knows up to "
            + "\(Schema.latest)). Run the newer version.")
      }
      guard mode == .readWrite || version == Schema.latest else {
        throw LedgerError(
          .failed, "\(path) was written by an older version of Greenroom. Start the bot once to bring it up to date.")
      }
      try lookThrough(db)
    }
  }

  private func lookThrough(_ db: Database) throws {
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    guard size <= Self.sizeToCheck else { return }
    guard try String.fetchOne(db, sql: "PRAGMA quick_check(1)") == "ok" else {
      throw LedgerError(.damaged, "Could not open the ledger: a page \(LedgerError.damage(path))")
    }
  }

  private func configuration(readOnly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.label = "greenroom.ledger"
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(busyTimeout)
    configuration.prepareDatabase { [trace] db in
      // In KiB, for each connection. The system keeps the file's pages as well; these are those of the last few writes.
      try db.execute(sql: "PRAGMA cache_size = \(db.configuration.readonly ? -500 : -2000)")
      if let trace {
        db.trace { event in
          if case .statement(let statement) = event { trace(statement.sql) }
        }
      }
    }
    return configuration
  }
}
