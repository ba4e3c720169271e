package import Foundation
import GRDB
package import Support
import Synchronization

extension SQLiteLedger {
  package func commit(_ outcomes: [DecidedMessage], at now: Date) async throws {
    guard !outcomes.isEmpty else { return }
    let decided: [DecidedRow]
    do {
      decided = try outcomes.map(DecidedRow.init)
    } catch {
      throw LedgerError(error, doing: "carry out decisions", path: file.path)
    }
    let versions = handedOut.withLock { $0 }
    let after = try await write("carry out decisions") { db in
      var batch = DecisionBatch(versions: versions, now: now)
      for outcome in decided { try batch.carryOut(outcome, in: db) }
      try batch.finish(db)
      return batch.versions
    }
    // Only once it is on disk: after a failure the same decisions can be committed again.
    handedOut.withLock { $0 = after }
  }
}

/// A decided message with its JSON, which is made before the write lock is taken.
struct DecidedRow: Sendable {
  var entry: UndecidedBatch.Entry
  var decision: Decision
  var parts: String

  init(_ outcome: DecidedMessage) throws {
    entry = outcome.entry
    decision = outcome.decision
    parts = try JSONColumn.text(outcome.decision.parts)
  }
}
