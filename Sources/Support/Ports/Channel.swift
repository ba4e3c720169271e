/// What one poll of a chat server brought.
package struct Poll: Sendable, Hashable {
  /// In the server's order.
  package var messages: [Message]
  /// What the server sent that is not a message the bot can read: kept for staff, never dropped.
  package var unreadable: [UnreadableMessage]
  /// Where to go on; nil when the server gave none.
  package var cursor: String?

  package init(messages: [Message] = [], unreadable: [UnreadableMessage] = [], cursor: String? = nil) {
    self.messages = messages
    self.unreadable = unreadable
    self.cursor = cursor
  }
}

/// A piece of a poll that could not be read as a message.
package struct UnreadableMessage: Sendable, Hashable, Codable {
  /// The server's id, where it had one.
  package var id: String?
  /// What is wrong with it, for staff.
  package var reason: String
  /// As it came, cut at 64 KiB.
  package var raw: String

  package init(id: String?, reason: String, raw: String) {
    self.id = id
    self.reason = reason
    self.raw = raw
  }
}

/// One reply on its way out.
package struct OutgoingReply: Sendable, Hashable {
  /// The outbox row.
  package var id: Int
  package var conversation: ConversationID
  /// The server's id of the message that it answers; nil for what a person wrote unasked.
  package var inReplyTo: String?
  /// Markdown.
  package var text: String
  /// "bot", or the name of the person who wrote it.
  package var author: String
  /// The same for every attempt at this reply, and for no other.
  package var idempotencyKey: String
  package var attempts: Int

  package init(
    id: Int, conversation: ConversationID, inReplyTo: String?, text: String, author: String, idempotencyKey: String,
    attempts: Int = 0
  ) {
    self.id = id
    self.conversation = conversation
    self.inReplyTo = inReplyTo
    self.text = text
    self.author = author
    self.idempotencyKey = idempotencyKey
    self.attempts = attempts
  }
}

/// A chat server: it is polled, and replies are sent to it.
package protocol Channel: Sendable {
  /// As in `greenroom.yml`; the same as in the ids of its messages.
  var name: String { get }

  /// Waits for messages after `cursor`, for as long as the channel's settings let the server hold the poll.
  /// An empty poll is an answer, not an error. Cancellation ends it at once.
  /// - Throws: `ChannelError`, or `CancellationError`.
  func poll(after cursor: String?) async throws -> Poll

  /// Sends one reply. Repeating it with the same idempotency key shows it once.
  /// - Throws: `ChannelError`, or `CancellationError`.
  func send(_ reply: OutgoingReply) async throws
}

/// A chat server that could not be polled or sent to.
package struct ChannelError: Error, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    /// No connection, a reset, a time-out, a body that ended early.
    case unreachable
    /// 429, or another request to slow down.
    case rateLimited
    /// 401 or 403: the credentials are not good (any more).
    case unauthorized
    /// 409: somebody else polls with the same name.
    case conflict
    /// 5xx.
    case serverError
    /// Any other answer that says no: repeating it will not help.
    case refused
    /// An answer that is not the protocol.
    case malformed
  }

  package var code: Code
  /// What failed, on what, and what to do: fit to show anyone, without secrets or message text.
  package var description: String
  /// Whether trying again later can help.
  package var isRetriable: Bool
  /// How long the server asked to be left alone.
  package var retryAfter: Duration?

  package init(_ code: Code, _ description: String, isRetriable: Bool, retryAfter: Duration? = nil) {
    self.code = code
    self.description = description
    self.isRetriable = isRetriable
    self.retryAfter = retryAfter
  }
}
