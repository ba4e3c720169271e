package import Foundation
import JSON
package import Support

/// How the program is doing, by what it achieves and not by whether it runs.
package struct HealthReport: Sendable, Hashable {
  package var channels: [ChannelHealth]
  /// Nil when the ledger could not be read, which is unhealthy.
  package var backlog: Backlog?
  /// What the ledger said when it last refused to be written to; nil while it takes writes.
  package var ledgerError: String?
  package var workspaceVersion: String
  /// Problems in the workspace on disk; while there are any, the last good version is live.
  package var workspaceProblems: Int
  /// Nothing of it is unhealthy: without models the bot answers less, and nothing is lost.
  package var matching: MatchingHealth
  package var startedAt: Date
  /// The moment it was taken.
  package var at: Date
  /// Seconds without a good poll after which a channel is unhealthy.
  package var patience: TimeInterval

  package init(
    channels: [ChannelHealth], backlog: Backlog?, ledgerError: String? = nil, workspaceVersion: String,
    workspaceProblems: Int, matching: MatchingHealth, startedAt: Date, at: Date, patience: TimeInterval = 90
  ) {
    self.channels = channels
    self.backlog = backlog
    self.ledgerError = ledgerError
    self.workspaceVersion = workspaceVersion
    self.workspaceProblems = workspaceProblems
    self.matching = matching
    self.startedAt = startedAt
    self.at = at
    self.patience = patience
  }

  /// Every channel polls, and the ledger can be read and written. A broken workspace on disk does not count: the bot goes on.
  package var isHealthy: Bool {
    backlog != nil && ledgerError == nil && channels.allSatisfy { $0.isHealthy(at: at, patience: patience) }
  }
}

extension HealthReport {
  var json: JSONValue {
    [
      "status": isHealthy ? "ok" : "unhealthy",
      "channels": .array(channels.map { $0.json(isHealthy: $0.isHealthy(at: at, patience: patience)) }),
      "ledger": backlog == nil ? "unreadable" : ledgerError.map { .string($0) } ?? "ok",
      "backlog": backlog.map { backlog in
        [
          "undecided": .integer(backlog.undecided), "unsent": .integer(backlog.unsent), "held": .integer(backlog.held),
        ]
      } ?? nil,
      "workspace": ["version": .string(workspaceVersion), "problems": .integer(workspaceProblems)],
      "matching": matching.json,
      "started_at": .string(startedAt.rfc3339),
      "uptime_seconds": .integer(max(0, Int(at.timeIntervalSince(startedAt)))),
    ]
  }
}

extension ChannelHealth {
  fileprivate func json(isHealthy: Bool) -> JSONValue {
    [
      "name": .string(channel), "status": isHealthy ? "ok" : "unhealthy", "since": .string(since.rfc3339),
      "last_good_poll": lastGoodPoll.map { .string($0.rfc3339) } ?? nil,
      "last_error": lastError.map { .string($0) } ?? nil,
      "last_error_at": lastErrorAt.map { .string($0.rfc3339) } ?? nil, "failures": .integer(failures),
    ]
  }
}
