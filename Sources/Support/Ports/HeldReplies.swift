package import Foundation

/// What people do about replies that the bot holds because it cannot know whether they arrived, or because they could not
/// be sent. Works beside a running bot. All calls throw `LedgerError`.
package protocol HeldReplies: Sendable {
  /// Ends the wait of a held reply, once. A released one is sent right after the one that may be on its way in its
  /// conversation, before all others that wait there.
  /// - Parameter reply: its line of the log, as `SetAsideItem.reply` names it.
  /// - Throws: also `HeldReplyError`.
  @discardableResult
  func settle(
    _ reply: Int, as verdict: HeldOutcome.Verdict, by person: String, at now: Date
  ) async throws -> HeldReply
}

/// A reply that was held.
package struct HeldReply: Sendable, Hashable {
  /// Its line of the log.
  package var id: Int
  package var conversation: ConversationID
  /// Markdown.
  package var text: String

  package init(id: Int, conversation: ConversationID, text: String) {
    self.id = id
    self.conversation = conversation
    self.text = text
  }
}

/// What became of a held reply.
package struct HeldOutcome: Sendable, Hashable, Codable {
  package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
    /// It is sent, again if it was before.
    case released
    /// It is not sent.
    case dropped
    /// It is not sent, because it had arrived.
    case arrived
  }

  package var verdict: Verdict
  /// Who said so, and when.
  package var by: String
  package var at: Date

  package init(_ verdict: Verdict, by: String, at: Date) {
    self.verdict = verdict
    self.by = by
    self.at = at
  }
}

/// There is nothing there that could be released or dropped.
package struct HeldReplyError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    case noSuchReply
    /// A line of what came in.
    case notAReply
    /// It waits to be sent, was sent, or somebody has settled it before.
    case notHeld
  }

  package var code: Code
  /// What is wrong and what to do.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
