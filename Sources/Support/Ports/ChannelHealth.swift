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

  /// Nil where there is no canary: otherwise seconds without one that was seen, after which the channel is unhealthy.
  package var canaryPatience: TimeInterval?
  /// When what the bot wrote for this was last seen in a poll.
  package var lastCanary: Date?
  /// Why the last one was not; nil when it was.
  package var canaryError: String?

  package static let usualPatience: TimeInterval = 90

  package init(channel: String, since: Date, patience: TimeInterval = usualPatience) {
    self.channel = channel
    self.since = since
    self.failures = 0
    self.patience = patience
  }

  package func isHealthy(at now: Date) -> Bool {
    guard now.timeIntervalSince(lastGoodPoll ?? since) <= patience else { return false }
    return canaryPatience.map { now.timeIntervalSince(lastCanary ?? since) <= $0 } ?? true
  }
}
