import Foundation
import GRDB
package import Support

extension SQLiteLedger {
  /// What people think of replies, oldest first.
  package func feedback() async throws -> [Feedback] {
    try await read("read what people think of replies") { db in
      try db.all(
        """
        SELECT f.interaction, f.is_helpful, f.sender_id, f.sender_name, f.at, f.removed_at, o.workspace_version, i.parts
        FROM feedback f JOIN interaction o ON o.id = f.interaction
          LEFT JOIN interaction i ON i.conversation = o.conversation AND i.message = o.message AND i.direction = 'in'
        ORDER BY f.id
        """
      ).map { row in
        let parts = try row.optionalText(7).map { try JSONColumn.value([Decision.Part].self, from: $0) } ?? []
        return Feedback(
          interaction: try row.integer(0), matched: parts.compactMap(\.matched),
          workspaceVersion: try row.optionalText(6), isHelpful: try row.integer(1) == 1,
          sender: Sender(id: try row.text(2), name: try row.text(3)), at: try row.date(4),
          removedAt: try row.optionalDate(5))
      }
    }
  }
}
