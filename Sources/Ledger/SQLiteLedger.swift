package import Foundation
import GRDB
package import Support
import Synchronization

/// The ledger in one SQLite file, `ledger.sqlite`, in write-ahead mode. One bot decides and sends; any number of other
/// processes may read, post and work on tickets at the same time. docs/ledger.md says what each transaction keeps.
///
/// A call goes through whole or not at all, also when the task that makes it is cancelled.
package final class SQLiteLedger: Sendable {
  package enum Mode: Sendable, Hashable {
    /// Makes the file where there is none, and brings an older one up to date.
    case readWrite
    /// Changes nothing; the file must be there.
    case readOnly
  }

  let file: LedgerFile
  let mode: Mode
  /// Whether a call is carried out on the caller's thread, which waits for it.
  let waits: Bool

  /// Versions of the conversations that the last `undecided` gave out, by conversation row: what a commit's decisions
  /// were made on.
  let handedOut = Mutex<[Int: Int]>([:])

  /// - Parameter folder: holds the file; made, mode 0700, where there is none.
  /// - Throws: `LedgerError`: `notWritable`, `diskFull`, `locked`, `damaged` (also: not a ledger), `tooNew`, `failed`.
  package convenience init(folder: URL, mode: Mode = .readWrite) throws(LedgerError) {
    try self.init(folder: folder, mode: mode, busyTimeout: 5)
  }

  /// - Parameter busyTimeout: how long to wait for another process' transaction, in seconds.
  init(
    folder: URL, mode: Mode, busyTimeout: TimeInterval, trace: (@Sendable (String) -> Void)? = nil
  ) throws(LedgerError) {
    self.mode = mode
    waits = false
    file = try LedgerFile(folder: DataFolder(url: folder), mode: mode, busyTimeout: busyTimeout, trace: trace)
  }

  private init(_ other: SQLiteLedger, waits: Bool) {
    file = other.file
    mode = other.mode
    self.waits = waits
  }

  /// The same ledger for callers with a thread of their own: it waits for each call, where any other caller's work is
  /// handed to a thread of the ledger's and back, which costs more than most calls do. `undecided` and `commit` belong
  /// together: both of one or both of the other.
  package func waiting() -> SQLiteLedger { SQLiteLedger(self, waits: true) }

  /// Where the ledger of a data folder is, whether there is one or not.
  package static func file(in folder: URL) -> URL {
    DataFolder(url: folder).ledger
  }

  /// Closes the file, after what is under way has ended. Calls made later throw.
  package func close() throws(LedgerError) {
    do {
      try file.watch.close()
      fold()
      // Readers first: SQLite moves what is in the write-ahead file into the ledger when its last connection closes,
      // and only a connection that may write can do that.
      file.pool.releaseMemory()
      try file.pool.close()
    } catch {
      throw LedgerError(error, doing: "close the ledger", path: file.path)
    }
  }

  /// Moves the write-ahead file into the ledger while it is sure to work: a reader that lets go late would leave it behind.
  /// Best effort: what stays in the write-ahead file is safe there, and another process that reads is not waited for.
  private func fold() {
    try? file.pool.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA busy_timeout = 200")
      try db.checkpoint(.truncate)
    }
  }
}
