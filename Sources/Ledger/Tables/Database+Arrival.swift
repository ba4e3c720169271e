import Foundation
import GRDB
import Support

// What a poll brings beside plain messages. Each is written within the transaction that takes in the poll.
extension Database {
  /// - Returns: false where its id is known.
  func takeIn(_ message: Message, json: String, at now: Date) throws -> Bool {
    let known = try first(
      "SELECT 1 FROM inbox WHERE channel = ? AND message_id = ?", message.id.channel.stored, message.id.id.stored)
    guard known == nil else { return false }
    let conversation = try conversationRow(message.conversation, agency: message.agency)
    let original = try message.editOf.flatMap { try edited($0, in: message.id.channel) }
    // What has not been decided yet is decided as it reads now, and the edit is done with.
    let isDone = try original.map { try rewrite($0, as: message) } ?? false
    try run(
      """
      INSERT INTO inbox (channel, message_id, conversation, message, received_at, decided_at, edit_of)
        VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      message.id.channel.stored, message.id.id.stored, conversation, json, now.milliseconds,
      isDone ? now.milliseconds : nil, original)
    return true
  }

  /// The row of the first message of which `id` is the name or an edit.
  private func edited(_ id: String, in channel: String) throws -> Int? {
    try first(
      "SELECT ifnull(edit_of, id) FROM inbox WHERE channel = ? AND message_id = ?", channel.stored, id.stored
    )?.integer(0)
  }

  /// - Returns: false where the message has been decided.
  private func rewrite(_ row: Int, as edit: Message) throws -> Bool {
    guard let found = try first("SELECT message FROM inbox WHERE id = ? AND decided_at IS NULL", row) else {
      return false
    }
    guard var message = try? found.json(Message.self, 0), message.sender.id == edit.sender.id else { return false }
    message.text = edit.text
    message.attachments = edit.attachments
    try run("UPDATE inbox SET message = ? WHERE id = ?", try JSONColumn.text(message), row)
    return true
  }

  /// A thumb under one of the bot's or the desk's replies; others are nobody's business.
  func takeIn(_ reaction: Reaction, from channel: String) throws {
    if reaction.isRemoved { return try removeFeedback(reaction.id, from: channel, at: reaction.at) }
    try run(
      """
      INSERT OR IGNORE INTO feedback (channel, reaction_id, interaction, is_helpful, sender_id, sender_name, at)
        SELECT ?, ?, o.interaction, ?, ?, ?, ? FROM reply_event e JOIN outbox o ON o.id = e.outbox
        WHERE e.channel = ? AND e.event_id = ?
      """,
      channel.stored, reaction.id.stored, reaction.isHelpful ? 1 : 0, reaction.sender.id.stored,
      reaction.sender.name.stored, reaction.at.milliseconds, channel.stored, reaction.message.stored)
  }

  private func removeFeedback(_ id: String, from channel: String, at time: Date) throws {
    try run(
      "UPDATE feedback SET removed_at = ? WHERE channel = ? AND reaction_id = ? AND removed_at IS NULL",
      time.milliseconds, channel.stored, id.stored)
  }

  /// What was taken back before it was decided is not answered: the log says that there was something, and not what.
  func takeIn(_ redaction: Redaction, from channel: String, at now: Date) throws {
    try removeFeedback(redaction.target, from: channel, at: redaction.at)
    let waiting = """
      SELECT i.id, i.conversation, i.message, i.received_at, ifnull(c.agency, c.room)
      FROM inbox i JOIN conversation c ON c.id = i.conversation
      """
    for found in try all(
      "\(waiting) WHERE i.channel = ? AND i.message_id = ? AND i.decided_at IS NULL", channel.stored,
      redaction.target.stored)
    { try silence(found, at: now) }
    // With a message go the edits of it that wait, whether the ledger has the message or it came before the bot.
    let original = try first(
      "SELECT id FROM inbox WHERE channel = ? AND message_id = ?", channel.stored, redaction.target.stored
    )?.integer(0)
    for found in try all(
      """
      \(waiting) WHERE i.channel = ? AND i.decided_at IS NULL AND (i.edit_of = ?
        OR (i.edit_of IS NULL AND instr(i.message, '"editOf"') > 0
          AND CASE WHEN json_valid(i.message) THEN json_extract(i.message, '$.editOf') END = ?))
      ORDER BY i.id
      """,
      channel.stored, original, redaction.target)
    { try silence(found, at: now) }
  }

  /// - Parameter found: its row, its conversation's row, the message, when it came, the agency.
  private func silence(_ found: Row, at now: Date) throws {
    guard var message = try? found.json(Message.self, 2) else { return }
    message.text = ""
    message.attachments = []
    try run(
      "UPDATE inbox SET message = ?, decided_at = ? WHERE id = ?", try JSONColumn.text(message), now.milliseconds,
      try found.integer(0))
    _ = try log(
      NewInteraction(
        direction: .incoming, at: try found.date(3), agency: try message.agency ?? found.text(4),
        conversation: try found.integer(1), message: message.id.id, author: message.sender.name,
        text: "(taken back before it was answered)", decision: .silent, parts: "[]", result: .decided))
  }

  /// Said once under its key.
  func takeIn(_ notice: Notice, from channel: String, at now: Date) throws {
    let key = IdempotencyKey.notice(notice.key, channel: channel)
    guard try first("SELECT 1 FROM outbox WHERE idempotency_key = ?", key) == nil else { return }
    let conversation = try conversationRow(notice.conversation, agency: nil)
    let agency = try first("SELECT ifnull(agency, room) FROM conversation WHERE id = ?", conversation)?.text(0)
    let interaction = try log(
      NewInteraction(
        direction: .outgoing, at: now, agency: agency ?? notice.conversation.room, conversation: conversation,
        author: "bot", text: notice.text, result: .queued))
    try queue(
      NewReply(
        conversation: conversation, interaction: interaction, author: "bot", text: notice.text, idempotencyKey: key,
        at: now))
  }
}
