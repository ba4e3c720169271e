package import Foundation

/// What waits in the ledger for one channel.
package struct ChannelQueue: Sendable, Hashable, Codable {
  package var channel: String
  /// Messages without a decision.
  package var undecided: Int
  /// Replies on their way, those that are tried again among them.
  package var unsent: Int
  /// Replies that only a person can do something about.
  package var held: Int
  /// When the message came in, or the reply was written, that has waited longest; held ones do not count.
  package var oldest: Date?

  package init(channel: String, undecided: Int = 0, unsent: Int = 0, held: Int = 0, oldest: Date? = nil) {
    self.channel = channel
    self.undecided = undecided
    self.unsent = unsent
    self.held = held
    self.oldest = oldest
  }

  /// How far behind the channel is, in seconds; 0 where nothing waits.
  package func lag(at now: Date) -> TimeInterval { oldest.map { max(0, now.timeIntervalSince($0)) } ?? 0 }
}
