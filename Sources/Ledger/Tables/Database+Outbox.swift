import Foundation
import GRDB
import Support

/// A reply to be put into the outbox.
struct NewReply {
  var conversation: Int
  /// The inbox row that it answers.
  var inReplyTo: Int?
  var interaction: Int
  var author: String
  var text: String
  var offer = ReplyOffer()
  var idempotencyKey: String
  /// The outbox row of the reply that it takes the place of.
  var replaces: Int?
  var at: Date
}

extension Database {
  /// Puts a reply behind those of its conversation that are still to be sent.
  func queue(_ reply: NewReply) throws {
    try run(
      """
      INSERT INTO outbox (conversation, in_reply_to, interaction, author, text, idempotency_key, replaces, choices, asks_helped,
        state, head, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued',
        NOT EXISTS (SELECT 1 FROM outbox WHERE conversation = ? AND state = 'queued'), ?)
      """,
      reply.conversation, reply.inReplyTo, reply.interaction, reply.author.stored, reply.text.stored,
      reply.idempotencyKey, reply.replaces,
      reply.offer.choices.isEmpty ? nil : try JSONColumn.text(reply.offer.choices),
      reply.offer.asksWhetherHelped ? 1 : 0, reply.conversation, reply.at.milliseconds)
  }

  /// The newest of the bot's answers to a message or its edits.
  func latestAnswer(to original: Int) throws -> (row: Int, text: String, offer: ReplyOffer)? {
    let found = try first(
      """
      SELECT o.id, o.text, o.choices, o.asks_helped FROM outbox o
      WHERE o.in_reply_to IN (SELECT ? UNION ALL SELECT id FROM inbox WHERE edit_of = ?) AND o.author = 'bot'
        AND o.state <> 'held'
      ORDER BY o.id DESC LIMIT 1
      """,
      original, original)
    return try found.map { (try $0.integer(0), try $0.text(1), try $0.offer(2)) }
  }

  /// Lets the next reply of a conversation go, after its first was sent or given up.
  func advanceOutbox(of conversation: Int) throws {
    try run(
      """
      UPDATE outbox SET head = 1 WHERE id =
        (SELECT id FROM outbox WHERE conversation = ? AND state = 'queued' ORDER BY id LIMIT 1)
      """,
      conversation)
  }

  /// - Parameter outbox: of a held reply, its row.
  /// - Returns: false where it is there already.
  func setAside(_ item: SetAsideItem, outbox: Int? = nil) throws -> Bool {
    try run(
      "INSERT OR IGNORE INTO set_aside (kind, at, channel, item_id, reason, text, outbox) VALUES (?, ?, ?, ?, ?, ?, ?)",
      item.kind.rawValue, item.at.milliseconds, item.channel.stored, item.id?.stored, item.reason.stored,
      item.text.stored, outbox)
    return changesCount > 0
  }
}

extension Row {
  /// Two columns from `index` on: choices, asks_helped. A reply goes out without its buttons rather than not at all.
  func offer(_ index: Int) throws -> ReplyOffer {
    let choices = try optionalText(index).flatMap { try? JSONColumn.value([String].self, from: $0) }
    return ReplyOffer(choices: choices ?? [], asksWhetherHelped: try optionalInteger(index + 1) == 1)
  }
}
