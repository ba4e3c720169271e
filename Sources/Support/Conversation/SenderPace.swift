package import Foundation

/// How much one sender has written lately in one conversation.
package struct SenderPace: Sendable, Hashable, Codable {
  /// When the first of the messages counted was sent.
  package var since: Date
  package var count: Int
  /// Whether they have been told that it is too much.
  package var isTold: Bool

  package init(since: Date, count: Int = 0, isTold: Bool = false) {
    self.since = since
    self.count = count
    self.isTold = isTold
  }
}
