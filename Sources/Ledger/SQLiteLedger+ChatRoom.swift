package import Foundation
import GRDB
package import Support

extension SQLiteLedger: ChatRoomStore {
  /// A client id counts within its conversation: nobody gets another conversation's line by naming its id.
  package func post(_ draft: ChatDraft, clientID: String, at now: Date) async throws -> ChatLine {
    try await write("keep a line of the chat") { db in
      let known = try db.first(
        "\(ChatLine.select) WHERE author = 'member' AND conversation = ? AND key = ?",
        draft.conversation.stored, clientID.stored)
      if let known { return try ChatLine(known) }
      var line = ChatLine(
        id: 0, conversation: draft.conversation, author: .member(draft.sender), agency: draft.agency, text: draft.text,
        at: Date(milliseconds: now.milliseconds), language: draft.language, region: draft.region)
      line.id = try db.insert(line, key: clientID)
      return line
    }
  }

  package func reply(_ reply: ChatReply, idempotencyKey: String, at now: Date) async throws -> ChatLine {
    try await write("keep a reply in the chat") { db in
      let known = try db.first("\(ChatLine.select) WHERE author = 'desk' AND key = ?", idempotencyKey.stored)
      if let known { return try ChatLine(known) }
      var line = ChatLine(
        id: 0, conversation: reply.conversation, author: .desk(reply.author), text: reply.text,
        at: Date(milliseconds: now.milliseconds), inReplyTo: reply.inReplyTo)
      line.id = try db.insert(line, key: idempotencyKey)
      return line
    }
  }

  package func lines(of conversation: String, after: Int, limit: Int) async throws -> [ChatLine] {
    try await read("read the chat") { db in
      try db.all(
        "\(ChatLine.select) WHERE conversation = ? AND id > ? ORDER BY id LIMIT ?", conversation.stored, after,
        max(0, limit)
      ).map(ChatLine.init)
    }
  }

  package func typed(after: Int, limit: Int) async throws -> [ChatLine] {
    try await read("read what was typed in the chat") { db in
      try db.all(
        "\(ChatLine.select) WHERE author = 'member' AND id > ? ORDER BY id LIMIT ?", after, max(0, limit)
      ).map(ChatLine.init)
    }
  }
}

extension Database {
  fileprivate func insert(_ line: ChatLine, key: String) throws -> Int {
    let (author, id, name): (String, String?, String) =
      switch line.author {
      case .member(let sender): ("member", sender.id, sender.name)
      case .desk(let name): ("desk", nil, name)
      }
    try run(
      """
      INSERT INTO chat_line (conversation, author, key, sender_id, sender_name, agency, text, at, in_reply_to, language,
        region) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      line.conversation.stored, author, key.stored, id?.stored, name.stored, line.agency?.stored, line.text.stored,
      line.at.milliseconds, line.inReplyTo?.stored, line.language?.stored, line.region?.stored)
    return insertedID
  }
}

extension ChatLine {
  fileprivate static let select = """
    SELECT id, conversation, author, sender_id, sender_name, agency, text, at, in_reply_to, language, region
    FROM chat_line
    """

  fileprivate init(_ row: Row) throws {
    let name = try row.text(4)
    self.init(
      id: try row.integer(0), conversation: try row.text(1),
      author: try row.text(2) == "member" ? .member(Sender(id: try row.text(3), name: name)) : .desk(name),
      agency: try row.optionalText(5), text: try row.text(6), at: try row.date(7), inReplyTo: try row.optionalText(8),
      language: try row.optionalText(9), region: try row.optionalText(10))
  }
}
