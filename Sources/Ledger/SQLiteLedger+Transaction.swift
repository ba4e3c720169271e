import GRDB
import Support

// Work is handed to GRDB's own queues by callback: a blocking call never sits on the shared pool of threads, and a
// cancelled task does not undo what the world outside has already seen happen, such as a reply that was sent.
extension SQLiteLedger {
  /// One transaction that takes the write lock at its start, so that what it reads first is still true when it writes.
  /// - Parameter doing: what it does, to stand after "Could not" in an error.
  func write<Value: Sendable>(
    _ doing: String, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(LedgerError) -> Value {
    guard mode == .readWrite else {
      throw LedgerError(.notWritable, "Could not \(doing): \(file.path) has been opened for reading only.")
    }
    return try await onWriter(doing) { db in
      var value: Value?
      try db.inTransaction(.immediate) {
        value = try body(db)
        return .commit
      }
      guard let value else { throw LedgerError(.failed, "Could not \(doing): the transaction gave nothing.") }
      return value
    }
  }

  /// All reads in `body` see the same moment.
  func read<Value: Sendable>(
    _ doing: String, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(LedgerError) -> Value {
    let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
      file.pool.asyncRead { db in
        continuation.resume(returning: Result { try body(db.get()) })
      }
    }
    return try value(of: result, doing)
  }

  /// As `read`, for one short statement of those that are asked again after each change: on the connection that writes,
  /// which still has at hand what it has just written, where every other would read it anew from the file.
  func readLatest<Value: Sendable>(
    _ doing: String, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(LedgerError) -> Value {
    guard mode == .readWrite else { return try await read(doing, body) }
    return try await onWriter(doing, body)
  }

  private func onWriter<Value: Sendable>(
    _ doing: String, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(LedgerError) -> Value {
    if waits { return try onWriterNow(doing, body) }
    let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
      file.pool.asyncWriteWithoutTransaction { db in continuation.resume(returning: Result { try body(db) }) }
    }
    return try value(of: result, doing)
  }

  private func onWriterNow<Value>(_ doing: String, _ body: (Database) throws -> Value) throws(LedgerError) -> Value {
    try value(of: Result { try file.pool.writeWithoutTransaction(body) }, doing)
  }

  /// A number that another one follows after each commit of any connection to the file.
  func dataVersion() async throws(LedgerError) -> Int {
    if waits { return try dataVersionNow() }
    let result: Result<Int, any Error> = await withCheckedContinuation { continuation in
      file.watch.asyncUnsafeRead { db in
        continuation.resume(returning: Result { try db.get().first("PRAGMA data_version")?.integer(0) ?? 0 })
      }
    }
    return try value(of: result, "see whether the ledger has changed")
  }

  private func dataVersionNow() throws(LedgerError) -> Int {
    let result = Result {
      try file.watch.unsafeRead { try $0.first("PRAGMA data_version")?.integer(0) ?? 0 }
    }
    return try value(of: result, "see whether the ledger has changed")
  }

  private func value<Value>(of result: Result<Value, any Error>, _ doing: String) throws(LedgerError) -> Value {
    do {
      return try result.get()
    } catch {
      throw LedgerError(error, doing: doing, path: file.path)
    }
  }
}
