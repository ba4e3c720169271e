import Foundation
import GRDB
import Support

/// A line of the log, to be written. Its parts are JSON already, made before the write lock was taken.
struct NewInteraction {
  var direction: Interaction.Direction
  var at: Date
  var agency: String
  var conversation: Int
  var message: String?
  var author: String
  var text: String
  var decision: Decision.Kind?
  var parts: String?
  var matched: Set<CandidateID> = []
  var language: String?
  var ticket: Int?
  var workspaceVersion: String?
  var latencyMilliseconds: Double?
  var result: Interaction.Result
}

extension Database {
  /// - Returns: the row.
  func log(_ line: NewInteraction) throws -> Int {
    try run(
      """
      INSERT INTO interaction (direction, at, agency, conversation, message, author, text, decision, parts, language,
        ticket, workspace_version, latency_ms, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      line.direction.rawValue, line.at.milliseconds, line.agency.stored, line.conversation, line.message?.stored,
      line.author.stored, line.text.stored, line.decision?.rawValue, line.parts, line.language?.stored, line.ticket,
      line.workspaceVersion?.stored, line.latencyMilliseconds, line.result.rawValue)
    let id = insertedID
    for candidate in line.matched {
      try run(
        "INSERT INTO interaction_match (candidate, interaction) VALUES (?, ?)", candidate.description.stored, id)
    }
    return id
  }
}

extension Interaction {
  static let select = """
    SELECT i.id, i.direction, i.at, i.agency, c.channel, c.room, c.thread, i.message, i.author, i.text, i.decision,
      i.parts, i.language, i.ticket, i.workspace_version, i.latency_ms, i.result
    FROM interaction i JOIN conversation c ON c.id = i.conversation
    """

  init(_ row: Row) throws {
    let decision = try row.optionalText(10)
    let parts = try row.optionalText(11)
    self.init(
      id: try row.integer(0), direction: try row.word(Direction.self, 1), at: try row.date(2), agency: try row.text(3),
      conversation: try row.conversation(4), message: try row.optionalText(7), author: try row.text(8),
      text: try row.text(9), decision: decision.flatMap(Decision.Kind.init),
      parts: try parts.map { try JSONColumn.value([Decision.Part].self, from: $0) } ?? [],
      language: try row.optionalText(12), ticket: try row.optionalInteger(13),
      workspaceVersion: try row.optionalText(14), latencyMilliseconds: try row.optionalReal(15),
      result: try row.word(Result.self, 16))
  }
}
