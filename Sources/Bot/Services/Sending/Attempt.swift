import Foundation
import Support

/// How an attempt at sending ended.
struct Attempt: Sendable {
  enum Outcome: Sendable {
    /// The server's ids of what it wrote.
    case sent(Date, [String])
    case failed(ChannelError)
    case hopeless(String)
  }

  var reply: OutgoingReply
  var outcome: Outcome

  var sent: SentReply? {
    guard case .sent(let at, let ids) = outcome else { return nil }
    return SentReply(id: reply.id, at: at, serverIDs: ids)
  }
}
