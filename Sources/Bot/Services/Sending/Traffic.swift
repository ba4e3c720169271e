import Foundation
import Support

/// Where nothing is to be sent at the moment.
struct Traffic {
  /// A reply is on its way there, or its outcome is not in the ledger yet.
  var busy: Set<ConversationID> = []
  /// Channels whose servers asked to be left alone, and until when.
  private var quietUntil: [String: Date] = [:]

  /// Channels whose servers could not be sent to, and have not been since.
  private var away: Set<String> = []
  private var backSince: [String: Date] = [:]
  /// In seconds: a server that takes one request in two is not back.
  private static let betweenReturns: TimeInterval = 5

  mutating func isAway(_ channel: String) { away.insert(channel) }

  /// After a reply that was taken.
  /// - Returns: whether the server had been away.
  mutating func isBack(_ channel: String, at now: Date) -> Bool {
    guard away.contains(channel) else { return false }
    if let last = backSince[channel], (0..<Self.betweenReturns).contains(now.timeIntervalSince(last)) { return false }
    away.remove(channel)
    backSince[channel] = now
    return true
  }

  func isQuiet(_ channel: String, at now: Date) -> Bool {
    quietUntil[channel].map { now < $0 } ?? false
  }

  mutating func keepQuiet(_ channel: String, for pause: Duration, from now: Date) {
    let end = now.addingTimeInterval(min(pause, BackOff.longestRetryAfter).inSeconds)
    quietUntil[channel] = max(end, quietUntil[channel] ?? end)
  }
}
