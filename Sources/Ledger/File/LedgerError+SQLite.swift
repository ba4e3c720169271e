import Foundation
import GRDB
import Support

extension LedgerError {
  /// - Parameters:
  ///   - error: what SQLite, GRDB or a column's decoder threw.
  ///   - doing: what was being done, to stand after "Could not".
  ///   - path: of the ledger.
  init(_ error: any Error, doing: String, path: String) {
    switch error {
    case let error as LedgerError: self = error
    case let error as DatabaseError: self.init(error, doing: doing, path: path)
    case let error as UnreadableColumn:
      self.init(.damaged, "Could not \(doing): the column '\(error.column)' \(Self.damage(path))")
    case is DecodingError:
      self.init(.damaged, "Could not \(doing): what is stored \(Self.damage(path))")
    default:
      self.init(.failed, "Could not \(doing) in \(path): an unexpected \(type(of: error)). Please report it.")
    }
  }

  private init(_ error: DatabaseError, doing: String, path: String) {
    let code = Code(error)
    let reason =
      switch code {
      case .locked:
        "\(path) is locked by another process. It is tried again; if it stays so, look for a command, backup or "
          + "database browser that holds the file open."
      case .diskFull:
        "there is no room to write \(path), or its disk is failing. Free some space; nothing was lost, and the same "
          + "work is done again then."
      case .damaged: "what is stored \(Self.damage(path))"
      case .notWritable:
        "\(path) cannot be opened or written. Check that the folder exists on a writable disk and belongs to the user "
          + "that the bot runs as."
      case .tooNew, .alreadyRunning, .failed:
        "SQLite says \(error.extendedResultCode.rawValue) (\(error.message ?? "no message")) on \(path)."
      }
    self.init(code, "Could not \(doing): \(reason)")
  }

  static func damage(_ path: String) -> String {
    "in \(path) cannot be read: the file is damaged or is not a ledger. Stop the bot, keep a copy of the file, and put "
      + "the last backup in its place (docs/ledger.md)."
  }
}

extension LedgerError.Code {
  fileprivate init(_ error: DatabaseError) {
    switch error.extendedResultCode {
    // Where a full disk shows up late: when the file system runs out at a write-back, or for the shared-memory file.
    case .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_IOERR_TRUNCATE,
      .SQLITE_IOERR_SHMSIZE:
      self = .diskFull
      return
    case .SQLITE_IOERR_CORRUPTFS, .SQLITE_IOERR_SHORT_READ:
      self = .damaged
      return
    default: break
    }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
    case .SQLITE_FULL: self = .diskFull
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: self = .damaged
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .notWritable
    default: self = .failed
    }
  }
}
