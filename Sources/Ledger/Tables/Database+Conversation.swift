import Foundation
import GRDB
import Support

extension Database {
  /// The row of a conversation; made where there is none.
  func conversationRow(_ conversation: ConversationID, agency: String?) throws -> Int {
    let present = try first(
      "SELECT id FROM conversation WHERE channel = ? AND room = ? AND ifnull(thread, x'') = ?",
      conversation.channel.stored, conversation.room.stored, conversation.thread?.stored ?? Data().databaseValue)
    if let present { return try present.integer(0) }
    try run(
      "INSERT INTO conversation (channel, room, thread, state, agency) VALUES (?, ?, ?, ?, ?)",
      conversation.channel.stored, conversation.room.stored, conversation.thread?.stored,
      try JSONColumn.text(ConversationState()), agency?.stored)
    return insertedID
  }

  func conversationState(_ row: Int) throws -> ConversationState {
    guard let found = try first("SELECT state FROM conversation WHERE id = ?", row) else {
      throw UnreadableColumn(column: "conversation")
    }
    return try found.json(ConversationState.self, 0)
  }

  /// Whoever has read an earlier version knows by it that a decision made on that no longer holds.
  /// - Parameter agency: nil leaves the one that is known.
  func setConversation(_ row: Int, state: ConversationState, agency: String? = nil) throws {
    try run(
      "UPDATE conversation SET state = ?, version = version + 1, agency = ifnull(?, agency) WHERE id = ?",
      try JSONColumn.text(state), agency?.stored, row)
  }
}

extension Row {
  /// Three columns from `index` on: channel, room, thread.
  func conversation(_ index: Int) throws -> ConversationID {
    ConversationID(channel: try text(index), room: try text(index + 1), thread: try optionalText(index + 2))
  }
}
