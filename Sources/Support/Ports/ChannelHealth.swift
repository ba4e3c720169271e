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
  /// Seconds without a good poll after which the channel is unhealthy.
  package var patience: TimeInterval

  package static let usualPatience: TimeInterval = 90

  package init(channel: String, since: Date, patience: TimeInterval = usualPatience) {
    self.channel = channel
    self.since = since
    self.failures = 0
    self.patience = patience
  }

  package func isHealthy(at now: Date) -> Bool { now.timeIntervalSince(lastGoodPoll ?? since) <= patience }
}
