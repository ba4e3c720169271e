import Foundation
import Ledger
import Support

let start = Date(timeIntervalSince1970: 1_800_000_000)

func minutes(_ count: Double) -> Date { start.addingTimeInterval(count * 60) }

func message(
  _ id: String, in room: String = "room", thread: String? = nil, text: String? = nil, channel: String = "chat",
  agency: String? = "Northlight", sentAt: Date = start, attachments: [Attachment] = []
) -> Message {
  Message(
    id: MessageID(channel: channel, id: id),
    conversation: ConversationID(channel: channel, room: room, thread: thread), agency: agency,
    sender: Sender(id: "u1", name: "Dana"), text: text ?? "text of \(id)", sentAt: sentAt, attachments: attachments)
}

func draft(
  _ question: String = "Where is my payout?", queue: String = "payouts", priority: TicketPriority = .normal,
  tags: [String] = [], due: Date = minutes(480), resolution: Date? = nil
) -> TicketDraft {
  TicketDraft(
    queue: queue, priority: priority, tags: tags, question: question, firstResponseDue: due, resolutionDue: resolution)
}

func decision(
  _ kind: Decision.Kind = .answer, reply: Reply? = nil, effects: [TicketEffect] = [], matched: CandidateID? = nil,
  state: ConversationState = ConversationState()
) -> Decision {
  var parts = effects.map { Decision.Part(text: "part", kind: kind, reply: reply, matched: matched, ticket: $0) }
  if parts.isEmpty { parts = [Decision.Part(text: "part", kind: kind, reply: reply, matched: matched)] }
  return Decision(parts: parts, reply: reply, language: "en", nextState: state, workspaceVersion: "w1")
}

/// Answers everything, by naming what was asked.
func answer(_ message: Message, _ state: ConversationState) -> Decision {
  decision(reply: Reply("re: \(message.id.id)"), state: state)
}

func escalate(_ message: Message, _ state: ConversationState) -> Decision {
  decision(
    .escalate, reply: Reply(pieces: [.text("Ticket "), .ticketNumber]), effects: [.open(draft(message.text))],
    state: state)
}

extension UndecidedBatch {
  /// Decides as the bot does: the state that one decision gives is what the conversation's next is made on.
  func decided(_ decide: (Message, ConversationState) -> Decision) -> [DecidedMessage] {
    var states = states
    return entries.map { entry in
      let made = decide(entry.message, states[entry.message.conversation] ?? ConversationState())
      states[entry.message.conversation] = made.nextState
      return DecidedMessage(entry: entry, decision: made)
    }
  }
}

extension SQLiteLedger {
  /// Decides all that waits.
  /// - Returns: in how many rounds.
  @discardableResult
  func settle(
    at now: Date = start, limit: Int = 100, _ decide: (Message, ConversationState) -> Decision = answer
  ) async throws -> Int {
    for round in 0..<1000 {
      let batch = try await undecided(limit: limit)
      if batch.entries.isEmpty { return round }
      try await commit(batch.decided(decide), at: now)
    }
    throw LedgerError(.failed, "messages are never decided")
  }

  func take(_ messages: Message..., cursor: String? = nil, at now: Date = start) async throws -> Intake {
    try await receive(Poll(messages: messages, cursor: cursor), from: "chat", at: now)
  }

  func sendable(at now: Date = minutes(1000)) async throws -> [OutgoingReply] {
    try await sendable(at: now, limit: 100, leavingOut: [])
  }

  /// Sends all that may be sent.
  /// - Returns: the texts, in the order in which they went out.
  @discardableResult
  func sendAll(at now: Date = minutes(1000)) async throws -> [String] {
    var sent: [String] = []
    for _ in 0..<10_000 {
      let replies = try await sendable(at: now)
      if replies.isEmpty { return sent }
      sent += replies.map(\.text)
      try await markSent(replies.map { SentReply(id: $0.id, at: now) })
    }
    throw LedgerError(.failed, "replies are never sent")
  }

  func state(of room: String = "room") async throws -> ConversationState {
    // A message is what shows a conversation's state to the outside.
    _ = try await take(message("probe-\(UUID().uuidString)", in: room))
    let batch = try await undecided(limit: 1000)
    let id = ConversationID(channel: "chat", room: room)
    try await commit(
      batch.entries.map { entry in
        DecidedMessage(
          entry: entry,
          decision: decision(.silent, state: batch.states[entry.message.conversation] ?? ConversationState()))
      }, at: start)
    return batch.states[id] ?? ConversationState()
  }
}

/// The code of the `LedgerError` that `work` throws; nil where it throws none.
func ledgerError(_ work: () async throws -> Void) async throws -> LedgerError? {
  do {
    try await work()
    return nil
  } catch let error as LedgerError {
    return error
  }
}
