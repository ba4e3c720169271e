import Foundation
import Support

/// Where nothing is to be sent at the moment.
struct Traffic {
  /// A reply is on its way there, or its outcome is not in the ledger yet.
  var busy: Set<ConversationID> = []
  /// Channels whose servers asked to be left alone, and until when.
  private var quietUntil: [String: Date] = [:]

  func isQuiet(_ channel: String, at now: Date) -> Bool {
    quietUntil[channel].map { now < $0 } ?? false
  }

  mutating func keepQuiet(_ channel: String, for pause: Duration, from now: Date) {
    let end = now.addingTimeInterval(min(pause, BackOff.longestRetryAfter).inSeconds)
    quietUntil[channel] = max(end, quietUntil[channel] ?? end)
  }
}
