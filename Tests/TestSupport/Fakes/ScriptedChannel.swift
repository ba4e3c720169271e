package import Support
import Synchronization

/// A chat server that does what a test wrote down for it.
package final class ScriptedChannel: Channel {
  /// What one poll does; it is told the cursor.
  package typealias PollStep = @Sendable (String?) async throws -> Poll
  /// What sending does; it is told how many attempts at this reply came before.
  package typealias Sending = @Sendable (OutgoingReply, Int) async throws -> Void

  private struct State {
    var script: ArraySlice<PollStep>
    var cursors: [String?] = []
    var attempts: [OutgoingReply] = []
    var accepted: [OutgoingReply] = []
    var courtesies: [String] = []
  }

  package let name: String
  package let repeatsSafely: Bool
  package let isCourteous: Bool
  private let state: Mutex<State>
  private let sending: Sending
  /// Polls begun, replies attempted, replies accepted.
  package let polls = Tally()
  package let attempted = Tally()
  package let sent = Tally()
  /// Receipts given.
  package let courteous = Tally()

  /// - Parameters:
  ///   - script: one step a poll; after the last one a poll lasts until it is cancelled.
  ///   - sending: returns for a reply that is accepted, throws for one that is not.
  package init(
    _ name: String = "scripted", script: [PollStep] = [], repeatsSafely: Bool = true, isCourteous: Bool = false,
    sending: @escaping Sending = { _, _ in }
  ) {
    self.name = name
    self.repeatsSafely = repeatsSafely
    self.isCourteous = isCourteous
    self.sending = sending
    state = Mutex(State(script: script[...]))
  }

  /// The cursors it was polled with, in order.
  package var cursors: [String?] { state.withLock { $0.cursors } }
  /// Every attempt at sending, in the order in which they began.
  package var attempts: [OutgoingReply] { state.withLock { $0.attempts } }
  /// What was accepted, in that order.
  package var accepted: [OutgoingReply] { state.withLock { $0.accepted } }

  /// "seen", "typing" and "back", each with what it was about, in order.
  package var courtesies: [String] { state.withLock { $0.courtesies } }

  package func seen(_ message: MessageID, in conversation: ConversationID) async {
    state.withLock { $0.courtesies.append("seen \(message.id)") }
    courteous.add()
  }

  package func takeBack(_ messages: [String], in conversation: ConversationID) async {
    state.withLock { $0.courtesies += messages.map { "back \($0)" } }
  }

  package func typing(in conversation: ConversationID) async {
    state.withLock { $0.courtesies.append("typing \(conversation.room)") }
  }

  package func poll(after cursor: String?) async throws -> Poll {
    let step = state.withLock { state in
      state.cursors.append(cursor)
      return state.script.popFirst()
    }
    polls.add()
    guard let step else {
      try await Tally().reachedOrCancelled(1)
      return Poll()
    }
    return try await step(cursor)
  }

  package func send(_ reply: OutgoingReply) async throws -> [String] {
    let before = state.withLock { state in
      state.attempts.append(reply)
      return state.attempts.count { $0.idempotencyKey == reply.idempotencyKey } - 1
    }
    attempted.add()
    try await sending(reply, before)
    state.withLock { $0.accepted.append(reply) }
    sent.add()
    return ["sent:\(reply.idempotencyKey)"]
  }
}
