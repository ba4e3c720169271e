import Foundation
import Support

/// How an attempt at sending ended.
struct Attempt: Sendable {
  enum Outcome: Sendable {
    case sent(Date)
    case failed(ChannelError)
    case hopeless(String)
  }

  var reply: OutgoingReply
  var outcome: Outcome

  var sent: SentReply? {
    if case .sent(let at) = outcome { SentReply(id: reply.id, at: at) } else { nil }
  }
}
