import Foundation
import Support

/// Where nothing is to be sent at the moment.
struct Traffic {
  /// A reply is on its way there, or its outcome is not in the ledger yet.
  var busy: Set<ConversationID> = []
  /// Channels whose servers asked to be left alone, and until when.
  private var quietUntil: [String: Date] = [:]

  /// Replies that could not be sent because of their channel's server, by channel: those of servers that are back are
  /// taken out.
  private var waiting: [String: Set<Int>] = [:]
  private var backSince: [String: Date] = [:]
  /// In seconds: a server that takes one request in two is not back.
  private static let betweenReturns: TimeInterval = 5

  /// After an attempt that failed.
  /// - Parameter isAboutServer: the server failed, and not this reply or its room.
  mutating func waits(_ reply: Int, for channel: String, isAboutServer: Bool) {
    if isAboutServer { waiting[channel, default: []].insert(reply) } else { waiting[channel]?.remove(reply) }
  }

  /// After a reply that was taken: the server is there, again if it was away.
  /// - Returns: the replies that waited for it.
  mutating func isBack(_ channel: String, at now: Date) -> [Int] {
    guard let waiting = waiting[channel], !waiting.isEmpty else { return [] }
    if let last = backSince[channel], (0..<Self.betweenReturns).contains(now.timeIntervalSince(last)) { return [] }
    self.waiting[channel] = nil
    backSince[channel] = now
    return waiting.sorted()
  }

  func isQuiet(_ channel: String, at now: Date) -> Bool {
    quietUntil[channel].map { now < $0 } ?? false
  }

  mutating func keepQuiet(_ channel: String, for pause: Duration, from now: Date) {
    let end = now.addingTimeInterval(min(pause, BackOff.longestRetryAfter).inSeconds)
    quietUntil[channel] = max(end, quietUntil[channel] ?? end)
  }
}
