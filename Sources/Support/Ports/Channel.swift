package import Foundation

/// A chat server: it is polled, and replies are sent to it.
package protocol Channel: Sendable {
  /// As in `greenroom.yml`; the same as in the ids of its messages.
  var name: String { get }

  /// The longest that a poll may wait for messages where all is well, in seconds.
  var longestPoll: TimeInterval { get }

  /// Waits for messages after `cursor`, for as long as the channel's settings let the server hold the poll.
  /// An empty poll is an answer, not an error. Cancellation ends it at once.
  /// - Throws: `ChannelError`, or `CancellationError`.
  func poll(after cursor: String?) async throws -> Poll

  /// Whether a reply that may have arrived can be sent again under its idempotency key and is shown once all the same.
  /// Where it is not, what was on its way when the process died is held and shown to staff.
  var repeatsSafely: Bool { get }

  /// Sends one reply, or edits the one it replaces.
  /// - Returns: the server's ids of what now says it, in order, unique in the channel and of the form that messages and
  ///   reactions name them by: several where the text had to be split, none where the server gives none.
  /// - Throws: `ChannelError`, or `CancellationError`. A failure half way through several pieces is a failure; the next
  ///   attempt shows no piece twice where `repeatsSafely`.
  func send(_ reply: OutgoingReply) async throws -> [String]

  /// Takes messages of the bot's own back, by the ids that `send` gave. A courtesy: its failure is nobody's concern.
  func takeBack(_ messages: [String], in conversation: ConversationID) async

  /// Tests the credentials and says what is missing, in the order in which it is to be put right. Credentials that are not
  /// good are a finding. Nothing is written to any room.
  /// - Throws: `ChannelError` where the server could not be asked, or `CancellationError`.
  func findings() async throws -> [ChannelFinding]

  /// Whether `seen` and `typing` do anything.
  var isCourteous: Bool { get }

  /// Shows people that their messages, up to this one, have been taken in. A courtesy: its failure is nobody's concern.
  func seen(_ message: MessageID, in conversation: ConversationID) async

  /// Shows people that a reply is being written, for a few seconds or until it comes. A courtesy as well.
  func typing(in conversation: ConversationID) async
}

extension Channel {
  package var longestPoll: TimeInterval { 60 }
  package var repeatsSafely: Bool { true }
  package var isCourteous: Bool { false }
  package func takeBack(_ messages: [String], in conversation: ConversationID) async {}
  package func seen(_ message: MessageID, in conversation: ConversationID) async {}
  package func typing(in conversation: ConversationID) async {}
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
  /// Whether that is about one room only, and others can be written to meanwhile.
  package var concernsOneRoom: Bool

  /// Whether the server itself is in trouble, and not the request.
  package var isAboutServer: Bool { [.unreachable, .serverError].contains(code) && !concernsOneRoom }

  package init(
    _ code: Code, _ description: String, isRetriable: Bool, retryAfter: Duration? = nil, concernsOneRoom: Bool = false
  ) {
    self.code = code
    self.description = description
    self.isRetriable = isRetriable
    self.retryAfter = retryAfter
    self.concernsOneRoom = concernsOneRoom
  }
}
