import HTTP
import JSON
import Sodium
import Support
import Text

/// Writes replies into rooms. Each event has a transaction id made from the reply's key, by which the homeserver knows it
/// again and shows it once.
struct MatrixSending: Sendable {
  let client: MatrixClient
  let rooms: MatrixRooms

  /// In bytes of JSON. An event may have 65,536 (Matrix specification, "Size limits"), of which the server's own fields
  /// take some.
  private static let mostBytes = 48 << 10
  /// How often a piece that the server finds too long is halved.
  private static let mostHalvings = 4

  /// - Returns: the ids of the events that now say it.
  func send(_ reply: OutgoingReply) async throws -> [String] {
    let kind = reply.author == "bot" ? "m.notice" : "m.text"
    let pieces = MarkdownPieces.split(reply.text) { piece in
      JSONValue.object(MatrixMarkup.content(piece, kind: kind)).serializedBytes().count
        <= (reply.replaces.isEmpty ? Self.mostBytes : Self.mostBytes / 2)
    }
    let transaction = "greenroom-" + SHA256.hexDigest(of: reply.idempotencyKey.utf8).prefix(32)
    var ids: [String] = []
    for (number, piece) in pieces.enumerated() {
      let content = MatrixMarkup.content(piece, kind: kind)
      let name = "\(transaction)-\(number)"
      if number < reply.replaces.count {
        ids.append(try await edit(reply.replaces[number], with: content, in: reply.conversation, name))
      } else {
        ids += try await write(piece, kind, to: reply, isFirst: number == 0, name, halvings: Self.mostHalvings)
      }
    }
    for (number, old) in reply.replaces.enumerated().dropFirst(pieces.count) {
      try await takeBack(old, in: reply.conversation.room, "\(transaction)-x\(number)")
    }
    if reply.asksWhetherHelped, let last = ids.last {
      try await offerThumbs(last, in: reply.conversation.room, transaction)
    }
    return ids
  }

  private func write(
    _ piece: String, _ kind: String, to reply: OutgoingReply, isFirst: Bool, _ transaction: String, halvings: Int
  ) async throws -> [String] {
    var content = MatrixMarkup.content(piece, kind: kind)
    content["m.relates_to"] = Self.relation(of: reply, isFirst: isFirst)
    do {
      let id = try await put("m.room.message", .object(content), in: reply.conversation.room, transaction)
      remember(id, reply.conversation)
      return [id]
    } catch let refusal as MatrixRefusal where refusal.isTooLarge && halvings > 0 && piece.count > 1 {
      let half = piece.count / 2 + 1
      let parts = MarkdownPieces.split(piece) { $0.count <= half }
      guard parts.count > 1 else { throw refusal }
      var ids: [String] = []
      for (number, part) in parts.enumerated() {
        ids += try await write(
          part, kind, to: reply, isFirst: isFirst && number == 0, "\(transaction).\(number)", halvings: halvings - 1)
      }
      return ids
    }
  }

  /// Beside the message it answers, in the thread it belongs to.
  private static func relation(of reply: OutgoingReply, isFirst: Bool) -> JSONValue? {
    let answered = isFirst ? reply.inReplyTo : nil
    guard let thread = reply.conversation.thread else {
      return answered.map { ["m.in_reply_to": ["event_id": .string($0)]] }
    }
    return [
      "rel_type": "m.thread", "event_id": .string(thread), "is_falling_back": .bool(answered == nil),
      "m.in_reply_to": ["event_id": .string(answered ?? thread)],
    ]
  }

  /// - Returns: the id of the edited event, by which people go on naming it.
  private func edit(
    _ event: String, with content: JSONObject, in conversation: ConversationID, _ transaction: String
  ) async throws -> String {
    var edit = content
    // For clients that know no edits.
    for key in ["body", "formatted_body"] {
      if let text = content[key]?.string { edit[key] = .string("* " + text) }
    }
    edit["m.new_content"] = .object(content)
    edit["m.relates_to"] = ["rel_type": "m.replace", "event_id": .string(event)]
    _ = try await put("m.room.message", .object(edit), in: conversation.room, transaction)
    remember(event, conversation)
    return event
  }

  private func offerThumbs(_ event: String, in room: String, _ transaction: String) async throws {
    for (name, key) in [("up", "👍"), ("down", "👎")] {
      do {
        _ = try await put(
          "m.reaction",
          ["m.relates_to": ["rel_type": "m.annotation", "event_id": .string(event), "key": .string(key)]], in: room,
          "\(transaction)-\(name)")
      } catch let refusal as MatrixRefusal where refusal.code == "M_DUPLICATE_ANNOTATION" || refusal.status == 403 {
        // There already, or not for bots: the reply itself stands.
      }
    }
  }

  func takeBack(_ event: String, in room: String, _ transaction: String) async throws {
    do {
      _ = try await client.bytes(
        MatrixCall(
          method: .put, path: ["v3", "rooms", room, "redact", event, transaction], body: [:], purpose: "a reply"))
    } catch let refusal as MatrixRefusal where [403, 404].contains(refusal.status) && refusal.code != nil {
      // Somebody else has taken it back.
    }
  }

  private func put(
    _ type: String, _ content: JSONValue, in room: String, _ transaction: String
  ) async throws -> String {
    let call = MatrixCall(
      method: .put, path: ["v3", "rooms", room, "send", type, transaction], body: content, purpose: "a reply")
    guard let id = try await client.value(call)["event_id"]?.string, !id.isEmpty else {
      throw client.server.malformed(call, "gives no event id")
    }
    return id
  }

  private func remember(_ event: String, _ conversation: ConversationID) {
    if let thread = conversation.thread { rooms.rememberThread(thread) }
    rooms.rememberOwn(event, thread: conversation.thread)
  }
}
