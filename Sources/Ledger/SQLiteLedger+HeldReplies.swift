package import Foundation
import GRDB
package import Support

extension SQLiteLedger: HeldReplies {
  @discardableResult
  package func settle(
    _ reply: Int, as verdict: HeldOutcome.Verdict, by person: String, at now: Date
  ) async throws -> HeldReply {
    let result: Result<HeldReply, HeldReplyError> = try await write("settle held reply \(reply)") { db in
      let row: Row
      switch try db.heldReply(reply) {
      case .success(let found): row = found
      case .failure(let error): return .failure(error)
      }
      let (outbox, conversation) = (try row.integer(0), try row.integer(1))
      switch verdict {
      case .released: try db.release(outbox, of: conversation, reply)
      case .dropped: break
      case .arrived: try db.noteArrival(of: outbox, reply, at: now)
      }
      try db.run(
        """
        UPDATE set_aside SET outcome = ?, outcome_by = ?, outcome_at = ?
        WHERE outbox = ? AND kind = 'held' AND outcome IS NULL
        """,
        verdict.rawValue, person.stored, now.milliseconds, outbox)
      return .success(HeldReply(id: reply, conversation: try row.conversation(2), text: try row.text(5)))
    }
    return try result.get()
  }
}

extension Database {
  /// The outbox row of a reply that waits for a person: its id, its conversation's row and place, its text.
  fileprivate func heldReply(_ reply: Int) throws -> Result<Row, HeldReplyError> {
    guard let line = try first("SELECT direction, result FROM interaction WHERE id = ?", reply) else {
      return .failure(
        HeldReplyError(
          .noSuchReply, "There is no reply \(reply) in the log; 'greenroom log --set-aside' shows those that are held.")
      )
    }
    switch try line.word(Interaction.Result.self, 1) {
    case .decided:
      return .failure(
        HeldReplyError(
          .notAReply,
          "Message \(reply) came in and is no reply; 'greenroom log --set-aside' shows the replies that are held."))
    case .queued:
      return .failure(HeldReplyError(.notHeld, "Reply \(reply) is not held: it waits to be sent."))
    case .sent:
      return .failure(HeldReplyError(.notHeld, "Reply \(reply) is not held: it was sent."))
    case .held: break
    }
    // Few are held, however many have been sent.
    let held = try first(
      """
      SELECT o.id, o.conversation, c.channel, c.room, c.thread, o.text
      FROM outbox o INDEXED BY outbox_held JOIN conversation c ON c.id = o.conversation
      WHERE o.state = 'held' AND o.interaction = ?
      """,
      reply)
    guard let held else { throw LedgerError(.damaged, "Reply \(reply) is held in the log and not in the outbox.") }
    let last = try first(
      """
      SELECT outcome, outcome_by, outcome_at FROM set_aside WHERE outbox = ? AND kind = 'held' ORDER BY id DESC LIMIT 1
      """,
      try held.integer(0))
    if let outcome = try last?.heldOutcome(0) {
      return .failure(HeldReplyError(.notHeld, "Reply \(reply) is not held any more: \(outcome.by) dropped it."))
    }
    return .success(held)
  }

  /// Its number is lower than that of whatever waits in the conversation: it goes next, or at once where nothing waits.
  fileprivate func release(_ outbox: Int, of conversation: Int, _ interaction: Int) throws {
    try run(
      """
      UPDATE outbox SET state = 'queued', attempts = 0, next_attempt_at = 0, in_flight = 0,
        head = NOT EXISTS (SELECT 1 FROM outbox WHERE conversation = ? AND state = 'queued')
      WHERE id = ?
      """,
      conversation, outbox)
    try run("UPDATE interaction SET result = 'queued' WHERE id = ?", interaction)
  }

  /// When it arrived, nobody knows: it has a time, and no latency.
  fileprivate func noteArrival(of outbox: Int, _ interaction: Int, at now: Date) throws {
    try run("UPDATE outbox SET state = 'sent', sent_at = ? WHERE id = ?", now.milliseconds, outbox)
    try run("UPDATE interaction SET result = 'sent' WHERE id = ?", interaction)
  }
}

extension Row {
  /// Three columns from `index` on: outcome, outcome_by, outcome_at.
  func heldOutcome(_ index: Int) throws -> HeldOutcome? {
    guard try optionalText(index) != nil else { return nil }
    return HeldOutcome(
      try word(HeldOutcome.Verdict.self, index), by: try text(index + 1), at: try date(index + 2))
  }
}
