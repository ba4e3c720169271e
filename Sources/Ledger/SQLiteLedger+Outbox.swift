package import Foundation
import GRDB
package import Support

extension SQLiteLedger {
  package func sendable(
    at now: Date, limit: Int, leavingOut busy: Set<ConversationID>
  ) async throws -> [OutgoingReply] {
    try await readLatest("read the replies to send") { try $0.sendable(at: now, limit: limit, leavingOut: busy) }
  }

  package func nextAttempt() async throws -> Date? {
    try await readLatest("see when to try again to send") { db in
      // In this form, not as min(): the planner walks the index and stops at its first row.
      try db.first(
        "SELECT next_attempt_at FROM outbox WHERE head = 1 AND attempts > 0 ORDER BY next_attempt_at LIMIT 1"
      )?.date(0)
    }
  }

  package func markSent(_ replies: [SentReply]) async throws {
    guard !replies.isEmpty else { return }
    try await write("note that replies were sent") { db in
      for reply in replies {
        let row = try db.first(
          """
          UPDATE outbox SET state = 'sent', head = 0, in_flight = 0, sent_at = ? WHERE id = ? AND state <> 'sent'
          RETURNING conversation, interaction, in_reply_to
          """,
          reply.at.milliseconds, reply.id)
        guard let row else { continue }
        try db.run(
          """
          UPDATE interaction SET result = 'sent',
            latency_ms = (SELECT max(0.0, ? - received_at) FROM inbox WHERE id = ?)
          WHERE id = ?
          """,
          reply.at.milliseconds, try row.optionalInteger(2), try row.integer(1))
        let conversation = try row.integer(0)
        for (position, event) in reply.serverIDs.enumerated() {
          try db.run(
            """
            INSERT INTO reply_event (channel, event_id, outbox, position)
              SELECT channel, ?, ?, ? FROM conversation WHERE id = ?
            ON CONFLICT (channel, event_id) DO UPDATE SET outbox = excluded.outbox, position = excluded.position
            """,
            event.stored, reply.id, position, conversation)
        }
        try db.advanceOutbox(of: conversation)
      }
    }
  }

  package func markFailed(_ id: Int, error: String, nextAttempt: Date) async throws {
    try await write("note that a reply could not be sent") { db in
      try db.run(
        """
        UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ?, last_error = ?, in_flight = 0
        WHERE id = ? AND state = 'queued'
        """,
        nextAttempt.milliseconds, error.stored, id)
    }
  }

  package func hasten(_ ids: [Int], at now: Date) async throws {
    try await write("let replies go that wait for another attempt") { db in
      for id in ids {
        try db.run(
          "UPDATE outbox SET next_attempt_at = ? WHERE id = ? AND state = 'queued' AND next_attempt_at > ?",
          now.milliseconds, id, now.milliseconds)
      }
    }
  }

  package func hold(_ id: Int, reason: String, at now: Date) async throws {
    try await write("hold a reply back") { db in
      let row = try db.first(
        """
        UPDATE outbox SET state = 'held', head = 0, in_flight = 0, last_error = ? WHERE id = ? AND state = 'queued'
        RETURNING conversation, interaction, text, in_reply_to
        """,
        reason.stored, id)
      guard let row else { return }
      let conversation = try row.integer(0)
      try db.run("UPDATE interaction SET result = 'held' WHERE id = ?", try row.integer(1))
      try db.advanceOutbox(of: conversation)
      let place = try db.first("SELECT channel FROM conversation WHERE id = ?", conversation)
      let answered = try db.first("SELECT message_id FROM inbox WHERE id = ?", try row.optionalInteger(3))
      _ = try db.setAside(
        SetAsideItem(
          kind: .held, at: now, channel: try place?.text(0) ?? "", id: try answered?.text(0), reason: reason,
          text: try row.text(2)), outbox: id)
    }
  }

  package func beginSending(_ ids: [Int]) async throws {
    guard !ids.isEmpty else { return }
    try await write("note that replies are being sent") { db in
      for id in ids { try db.run("UPDATE outbox SET in_flight = 1 WHERE id = ? AND state = 'queued'", id) }
    }
  }

  package func interruptedSends() async throws -> [OutgoingReply] {
    try await read("read the replies that were being sent") { db in
      let rows = try db.all(
        """
        \(OutgoingReply.select) WHERE o.in_flight = 1 ORDER BY o.id
        """)
      return try rows.map { try db.reply($0) }
    }
  }

  package func changeCounter() async throws -> Int {
    try await dataVersion()
  }
}

extension Database {
  /// Looks at no row but those of conversations' first unsent replies.
  func sendable(at now: Date, limit: Int, leavingOut busy: Set<ConversationID>) throws -> [OutgoingReply] {
    let rows = try Row.fetchCursor(
      cachedStatement(
        sql: """
          \(OutgoingReply.select)
          WHERE o.head = 1 AND o.next_attempt_at <= ? ORDER BY o.id
          """),
      arguments: [now.milliseconds])
    var replies: [OutgoingReply] = []
    while replies.count < limit, let row = try rows.next() {
      let conversation = try row.conversation(1)
      guard !busy.contains(conversation) else { continue }
      replies.append(try reply(row))
    }
    return replies
  }

  func reply(_ row: Row) throws -> OutgoingReply {
    let replaced = try row.optionalInteger(9)
    let events = try replaced.map { replaced in
      try all("SELECT event_id FROM reply_event WHERE outbox = ? ORDER BY position", replaced).map { try $0.text(0) }
    }
    let offer = try row.offer(10)
    return OutgoingReply(
      id: try row.integer(0), conversation: try row.conversation(1), inReplyTo: try row.optionalText(4),
      text: try row.text(5), author: try row.text(6), idempotencyKey: try row.text(7), attempts: try row.integer(8),
      replaces: events ?? [], choices: offer.choices, asksWhetherHelped: offer.asksWhetherHelped,
      replacedOffer: try row.offer(12))
  }
}

extension OutgoingReply {
  fileprivate static let select = """
    SELECT o.id, c.channel, c.room, c.thread, ifnull(json_extract(i.message, '$.editOf'), i.message_id), o.text,
      o.author, o.idempotency_key, o.attempts, o.replaces, o.choices, o.asks_helped, r.choices, r.asks_helped
    FROM outbox o JOIN conversation c ON c.id = o.conversation LEFT JOIN inbox i ON i.id = o.in_reply_to
      LEFT JOIN outbox r ON r.id = o.replaces
    """
}
