import Foundation
import GRDB
package import Support

extension SQLiteLedger: InteractionLog {
  package func interactions(_ filter: InteractionFilter) async throws -> [Interaction] {
    var conditions = Conditions()
    conditions.add("i.id = ?", filter.id)
    conditions.add("i.at >= ?", filter.since?.milliseconds)
    conditions.add("i.at < ?", filter.until?.milliseconds)
    conditions.add("i.agency = ?", filter.agency?.stored)
    conditions.add("i.decision = ?", filter.decision?.rawValue)
    conditions.add("i.ticket = ?", filter.ticket)
    conditions.add("i.direction = ?", filter.direction?.rawValue)
    conditions.add(
      "i.id IN (SELECT interaction FROM interaction_match WHERE candidate = ?)", filter.matched?.description.stored)
    let query = conditions
    return try await read("read the log") { db in
      guard let limit = filter.limit else {
        return try Row.fetchAll(
          db, sql: "\(Interaction.select) \(query.clause) ORDER BY i.id", arguments: query.arguments
        ).map(Interaction.init)
      }
      return try Row.fetchAll(
        db, sql: "\(Interaction.select) \(query.clause) ORDER BY i.id DESC LIMIT \(max(0, limit))",
        arguments: query.arguments
      ).reversed().map(Interaction.init)
    }
  }

  package func setAside(limit: Int) async throws -> [SetAsideItem] {
    try await read("read what was set aside") { db in
      try db.all(
        """
        SELECT s.kind, s.at, s.channel, s.item_id, s.reason, s.text, o.interaction, s.outcome, s.outcome_by, s.outcome_at
        FROM set_aside s LEFT JOIN outbox o ON o.id = s.outbox ORDER BY s.id DESC LIMIT ?
        """, max(0, limit)
      ).map { row in
        SetAsideItem(
          kind: try row.word(SetAsideItem.Kind.self, 0), at: try row.date(1), channel: try row.text(2),
          id: try row.optionalText(3), reason: try row.text(4), text: try row.text(5),
          reply: try row.optionalInteger(6), outcome: try row.heldOutcome(7))
      }
    }
  }

  package func backlog() async throws -> Backlog {
    try await read("count what waits") { db in
      let row = try db.first(
        """
        SELECT (SELECT count(*) FROM inbox WHERE decided_at IS NULL),
          (SELECT count(*) FROM outbox WHERE state = 'queued'),
          (SELECT count(DISTINCT outbox) FROM set_aside WHERE kind = 'held' AND outcome IS NULL)
        """)
      return Backlog(
        undecided: try row?.integer(0) ?? 0, unsent: try row?.integer(1) ?? 0, held: try row?.integer(2) ?? 0)
    }
  }

  package func queues() async throws -> [ChannelQueue] {
    try await read("count what waits for each channel") { db in
      try db.all(
        """
        SELECT channel, sum(undecided), sum(unsent), sum(held), min(oldest) FROM (
          SELECT channel, count(*) AS undecided, 0 AS unsent, 0 AS held, min(received_at) AS oldest
            FROM inbox WHERE decided_at IS NULL GROUP BY channel
          UNION ALL
          SELECT c.channel, 0, count(*), 0, min(o.created_at)
            FROM outbox o JOIN conversation c ON c.id = o.conversation WHERE o.state = 'queued' GROUP BY c.channel
          UNION ALL
          SELECT channel, 0, 0, count(DISTINCT outbox), NULL
            FROM set_aside WHERE kind = 'held' AND outcome IS NULL GROUP BY channel
        ) GROUP BY channel ORDER BY channel
        """
      ).map { row in
        ChannelQueue(
          channel: try row.text(0), undecided: try row.integer(1), unsent: try row.integer(2),
          held: try row.integer(3), oldest: try row.optionalInteger(4).map { Date(milliseconds: $0) })
      }
    }
  }
}
