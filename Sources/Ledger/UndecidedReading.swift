import Foundation
import GRDB
import Support

/// One reading of the messages that wait for a decision.
struct UndecidedReading: Sendable {
  /// A row that cannot be read.
  struct Damaged: Sendable {
    var row: Int
    var receivedAt: Int
    var channel: String
    var message: String?
    var reason: String
    var json: String
  }

  var batch = UndecidedBatch(entries: [], states: [:])
  /// Version of each conversation's state, by conversation row.
  var versions: [Int: Int] = [:]
  var damaged: [Damaged] = []

  init(_ db: Database, limit: Int) throws {
    let rows = try db.all(
      """
      -- First what each conversation has waited with longest, then the next of each: a flood in one delays itself.
      WITH waiting AS (
        SELECT id, row_number() OVER (PARTITION BY conversation ORDER BY id) AS turn
        FROM inbox INDEXED BY inbox_waiting WHERE decided_at IS NULL
      )
      SELECT i.id, i.conversation, i.received_at, i.channel, i.message_id, i.message, c.version, c.state
      FROM (SELECT id, turn FROM waiting ORDER BY turn, id LIMIT ?) AS w
        JOIN inbox i ON i.id = w.id JOIN conversation c ON c.id = i.conversation
      ORDER BY w.turn, w.id
      """,
      max(0, limit))
    var rowOf: [ConversationID: Int] = [:]
    for row in rows {
      let conversation = try row.integer(1)
      do {
        let message = try row.json(Message.self, 5)
        // Two names that differ in bytes only, as composed and decomposed letters do, are one key to Swift:
        // the second conversation waits until the first has been dealt with.
        guard rowOf[message.conversation, default: conversation] == conversation else { continue }
        if versions[conversation] == nil {
          batch.states[message.conversation] = try row.json(ConversationState.self, 7)
          versions[conversation] = try row.integer(6)
          rowOf[message.conversation] = conversation
        }
        batch.entries.append(
          UndecidedBatch.Entry(id: try row.integer(0), message: message, receivedAt: try row.date(2)))
      } catch is DecodingError {
        damaged.append(
          Damaged(
            row: try row.integer(0), receivedAt: try row.integer(2), channel: try row.text(3),
            message: try row.optionalText(4),
            reason: "What the ledger holds of this message or its conversation cannot be read. Answer it by hand.",
            json: try row.text(5)))
      }
    }
  }
}
