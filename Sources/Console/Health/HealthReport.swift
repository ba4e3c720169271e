package import Foundation
import JSON
package import Support

/// How the program is doing, by what it achieves and not by whether it runs.
package struct HealthReport: Sendable, Hashable {
  package var channels: [ChannelHealth]
  /// Nil when the ledger could not be read, which is unhealthy.
  package var backlog: Backlog?
  /// What waits, by channel; channels that nothing waits for may be missing.
  package var queues: [ChannelQueue]
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

  package init(
    channels: [ChannelHealth], backlog: Backlog?, queues: [ChannelQueue] = [], ledgerError: String? = nil,
    workspaceVersion: String, workspaceProblems: Int, matching: MatchingHealth, startedAt: Date, at: Date
  ) {
    self.channels = channels
    self.backlog = backlog
    self.queues = queues
    self.ledgerError = ledgerError
    self.workspaceVersion = workspaceVersion
    self.workspaceProblems = workspaceProblems
    self.matching = matching
    self.startedAt = startedAt
    self.at = at
  }

  /// Every channel polls, and the ledger can be read and written. A broken workspace on disk does not count: the bot goes on.
  package var isHealthy: Bool {
    backlog != nil && ledgerError == nil && channels.allSatisfy { $0.isHealthy(at: at) }
  }
}

extension HealthReport {
  var json: JSONValue {
    [
      "status": isHealthy ? "ok" : "unhealthy",
      "channels": .array(channels.map(json)),
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

extension HealthReport {
  private func json(_ channel: ChannelHealth) -> JSONValue {
    let queue = queues.first { $0.channel == channel.channel } ?? ChannelQueue(channel: channel.channel)
    return [
      "name": .string(channel.channel),
      "status": channel.isHealthy(at: at) ? "ok" : "unhealthy",
      "since": .string(channel.since.rfc3339),
      "last_good_poll": channel.lastGoodPoll.map { .string($0.rfc3339) } ?? nil,
      "lag_seconds": .integer(Int(queue.lag(at: at))), "undecided": .integer(queue.undecided),
      "unsent": .integer(queue.unsent), "held": .integer(queue.held),
      "last_error": channel.lastError.map { .string($0) } ?? nil,
      "last_error_at": channel.lastErrorAt.map { .string($0.rfc3339) } ?? nil, "failures": .integer(channel.failures),
      "canary": channel.canaryPatience == nil
        ? nil
        : [
          "last_seen": channel.lastCanary.map { .string($0.rfc3339) } ?? nil,
          "error": channel.canaryError.map { .string($0) } ?? nil,
        ],
    ]
  }
}
