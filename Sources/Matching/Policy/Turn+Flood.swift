import Foundation
import Support

extension Turn {
  /// Senders whose pace is kept, the latest ones.
  private static let mostPaces = 20

  /// Who writes more than anybody reads is told so once, and until the time is over only written down: what one sender
  /// pours in is not to take the time of all others.
  mutating func flooded() -> Decision.Part? {
    let limit = matcher.content.settings.flood
    guard limit.messages > 0 else {
      next.paces = nil
      return nil
    }
    // By the time of sending: what was said in an hour and comes in at once, after an outage, is no flood.
    let time = message.sentAt
    var paces = (state.paces ?? [:]).filter { abs(time.timeIntervalSince($0.value.since)) < Double(limit.seconds) }
    var pace = paces[message.sender.id] ?? SenderPace(since: time)
    pace.count += 1
    let isTooMuch = pace.count > limit.messages
    let tells = isTooMuch && !pace.isTold
    pace.isTold = isTooMuch
    paces[message.sender.id] = pace
    if paces.count > Self.mostPaces, let oldest = paces.min(by: { ($0.value.since, $0.key) < ($1.value.since, $1.key) })
    {
      paces[oldest.key] = nil
    }
    next.paces = paces
    guard isTooMuch else { return nil }
    let why = Evidence(
      .policy, "More than \(limit.messages) messages of this sender in \(limit.seconds) seconds: only the log has them."
    )
    return Decision.Part(
      text: message.text, kind: .silent, reply: tells ? Reply(phrasebook.tooMany) : nil, explanation: [why])
  }
}
