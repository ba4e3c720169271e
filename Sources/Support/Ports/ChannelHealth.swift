package import Foundation

/// How one channel is doing, by what it has achieved and not by whether its process runs.
package struct ChannelHealth: Sendable, Hashable, Codable {
  package var channel: String
  /// When polling began.
  package var since: Date
  package var lastGoodPoll: Date?
  package var lastError: String?
  package var lastErrorAt: Date?
  /// Polls in a row that failed.
  package var failures: Int

  package init(channel: String, since: Date) {
    self.channel = channel
    self.since = since
    self.failures = 0
  }

  /// Unhealthy when no poll has succeeded for `patience` seconds.
  package func isHealthy(at now: Date, patience: TimeInterval = 90) -> Bool {
    now.timeIntervalSince(lastGoodPoll ?? since) <= patience
  }
}
