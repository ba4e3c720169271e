import Foundation
import GRDB
import Support

/// Carries out decisions within one transaction.
///
/// A decision holds only for the state it was made on. So a message is left undecided, to be decided again, where its
/// conversation has changed since `undecided` read it, and where an earlier message of the batch opened or reopened a
/// ticket in its conversation, whose number the decision could not know. So are all later ones of that conversation.
struct DecisionBatch {
  let now: Date
  /// By conversation row: the version that further decisions must have been made on. A conversation that is missing
  /// takes no more decisions until it has been read again.
  private(set) var versions: [Int: Int]
  /// By conversation row: what is written at the end, once for all of its messages.
  private var ends: [Int: End] = [:]

  private struct End {
    var state: ConversationState
    var agency: String?
    var takesMore: Bool
  }

  init(versions: [Int: Int], now: Date) {
    self.versions = versions
    self.now = now
  }

  mutating func carryOut(_ decided: DecidedRow, in db: Database) throws {
    guard
      let row = try db.first(
        """
        SELECT i.conversation, i.decided_at, c.version, c.agency, i.edit_of
        FROM inbox i JOIN conversation c ON c.id = i.conversation WHERE i.id = ?
        """,
        decided.entry.id)
    else {
      throw LedgerError(
        .failed, "Could not carry out a decision: there is no message \(decided.entry.id) in the inbox.")
    }
    let conversation = try row.integer(0)
    guard try row.optionalInteger(1) == nil, ends[conversation]?.takesMore != false else { return }
    guard try row.integer(2) == versions[conversation] else {
      versions[conversation] = nil
      return
    }
    let message = decided.entry.message
    // Where the channel does not know the agency, its room stands for it: one agency, one room, more often than not.
    let agency = try message.agency ?? ends[conversation]?.agency ?? row.optionalText(3) ?? message.conversation.room
    var tickets = TicketWork(message: message, agency: agency, conversation: conversation, now: now)
    try tickets.carryOut(decided.decision.ticketEffects, in: db)
    ends[conversation] = End(
      state: tickets.amended(decided.decision.nextState), agency: message.agency ?? ends[conversation]?.agency,
      takesMore: tickets.opened == nil && tickets.reopened.isEmpty)
    try db.run("UPDATE inbox SET decided_at = ? WHERE id = ?", now.milliseconds, decided.entry.id)
    try log(decided, agency: agency, conversation: conversation, ticket: tickets.number, in: db)
    try reply(
      decided, agency: agency, conversation: conversation, ticket: tickets.number,
      original: try row.optionalInteger(4), in: db)
  }

  /// Writes the conversations' states. Call it last.
  mutating func finish(_ db: Database) throws {
    for (conversation, end) in ends {
      try db.setConversation(conversation, state: end.state, agency: end.agency)
      versions[conversation] = end.takesMore ? versions[conversation].map { $0 + 1 } : nil
    }
  }

  private func log(
    _ decided: DecidedRow, agency: String, conversation: Int, ticket: Int?, in db: Database
  ) throws {
    let (message, decision) = (decided.entry.message, decided.decision)
    _ = try db.log(
      NewInteraction(
        direction: .incoming, at: decided.entry.receivedAt, agency: agency, conversation: conversation,
        message: message.id.id, author: message.sender.name, text: message.text, decision: decision.kind,
        parts: decided.parts, matched: Set(decision.parts.compactMap(\.matched)), language: decision.language,
        ticket: ticket, workspaceVersion: decision.workspaceVersion,
        // A clock that was set back makes no negative latency.
        latencyMilliseconds: max(0, now.timeIntervalSince(decided.entry.receivedAt) * 1000), result: .decided))
  }

  /// - Parameter original: the message that this one is an edit of, whose answer is edited then.
  private func reply(
    _ decided: DecidedRow, agency: String, conversation: Int, ticket: Int?, original: Int?, in db: Database
  ) throws {
    guard let text = decided.decision.reply?.markdown(ticket: ticket), !text.isEmpty else { return }
    let earlier = try original.flatMap { try db.latestAnswer(to: $0) }
    // Nothing is new: an edit of the same words would only ring people up.
    if let earlier, earlier.text == text, earlier.offer == decided.decision.offer { return }
    let interaction = try db.log(
      NewInteraction(
        direction: .outgoing, at: now, agency: agency, conversation: conversation,
        message: decided.entry.message.id.id, author: "bot", text: text, language: decided.decision.language,
        ticket: ticket, workspaceVersion: decided.decision.workspaceVersion, result: .queued))
    try db.queue(
      NewReply(
        conversation: conversation, inReplyTo: decided.entry.id, interaction: interaction, author: "bot", text: text,
        offer: decided.decision.offer,
        idempotencyKey: IdempotencyKey.reply(to: decided.entry.message.id, row: decided.entry.id),
        replaces: earlier?.row, at: now))
  }
}
