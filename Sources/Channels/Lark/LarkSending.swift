import Foundation
import HTTP
import JSON
import Sodium
import Support

/// Writes replies into Lark. Under one `uuid` Lark takes a message at most once within an hour; before a reply is tried
/// again later than that, or by another process, the room is searched for it.
struct LarkSending: Sendable {
  let session: LarkSession
  let now: @Sendable () -> Date

  private var server: LarkServer { session.server }

  /// In seconds, with something to spare: how long a uuid is known.
  private static let uuidLife = 3_000.0
  private static let thumbs = ["THUMBSUP", "ThumbsDown"]

  func send(_ reply: OutgoingReply) async throws -> [String] {
    let key = String(SHA256.hexDigest(of: reply.idempotencyKey.utf8).prefix(32))
    let contents = LarkContent.contents(reply.text, areInterchangeable: !reply.replaces.isEmpty)
    // What takes an earlier message's place can be said again and again.
    let new = Array(contents.dropFirst(reply.replaces.count))
    var there: [String] = []
    if !new.isEmpty, let isAnew = mayBeForgotten(reply, key) {
      there = try await search(for: new, reply, isAnew: isAnew)
    }
    session.attempts(key, at: now().timeIntervalSince1970)
    var ids: [String] = []
    for (number, content) in contents.enumerated() {
      if number < reply.replaces.count, try await edit(reply.replaces[number], content) {
        ids.append(reply.replaces[number])
      } else if there.indices.contains(number - reply.replaces.count) {
        ids.append(there[number - reply.replaces.count])
      } else {
        ids.append(try await write(content, reply, uuid: "\(key)-\(number)"))
      }
    }
    for old in reply.replaces.dropFirst(contents.count) { try await delete(old) }
    await offerThumbs(reply, under: ids)
    return ids
  }

  /// Nil where it cannot have been tried so long ago that Lark knows its uuid no more; otherwise whether this process may
  /// have done it.
  private func mayBeForgotten(_ reply: OutgoingReply, _ key: String) -> Bool? {
    let seconds = now().timeIntervalSince1970
    if let first = session.firstAttempt(key) {
      return seconds - first > Self.uuidLife || seconds < first ? true : nil
    }
    if reply.attempts == 0, reply.inReplyTo.map(session.wasNews) ?? false { return nil }
    return false
  }

  // MARK: Writing

  private func write(_ content: LarkContent, _ reply: OutgoingReply, uuid: String) async throws -> String {
    var body: JSONObject = [
      "msg_type": .string(content.kind.rawValue), "content": .string(content.json), "uuid": .string(uuid),
    ]
    var call = LarkCall(method: .post, path: ["im", "v1", "messages"], purpose: "a reply")
    if let answered = reply.inReplyTo.map(Self.message) {
      call.path += [answered, "reply"]
      if reply.conversation.thread != nil { body["reply_in_thread"] = true }
    } else {
      call.query = [("receive_id_type", "chat_id")]
      body["receive_id"] = .string(reply.conversation.room)
    }
    call.body = .object(body)
    do {
      return try await id(of: call)
    } catch let refusal as LarkRefusal where refusal.isTargetGone && reply.inReplyTo != nil {
      // What was asked has been taken back; what was to be said may still be of use.
      call.path = ["im", "v1", "messages"]
      call.query = [("receive_id_type", "chat_id")]
      body["reply_in_thread"] = nil
      body["receive_id"] = .string(reply.conversation.room)
      call.body = .object(body)
      return try await id(of: call)
    }
  }

  private func id(of call: LarkCall) async throws -> String {
    guard let id = try await session.value(call)["data"]?["message_id"]?.string, !id.isEmpty else {
      throw server.malformed(call, "gives no message id")
    }
    return id
  }

  func delete(_ id: String) async throws {
    do {
      _ = try await session.value(
        LarkCall(method: .delete, path: ["im", "v1", "messages", id], purpose: "an edited reply"))
    } catch let refusal as LarkRefusal where refusal.isTargetGone {
      // Somebody else has taken it back.
    }
  }

  /// A text stays a text and a card a card: Lark does not change one into the other.
  /// - Returns: whether there was something to edit.
  private func edit(_ id: String, _ content: LarkContent) async throws -> Bool {
    do {
      let found = try await session.value(
        LarkCall(path: ["im", "v1", "messages", id], purpose: "the question for an earlier reply"))
      let item = found["data"]?["items"]?[0]
      guard item?["deleted"]?.bool != true else { return false }
      var call = LarkCall(method: .put, path: ["im", "v1", "messages", id], purpose: "an edited reply")
      if item?["msg_type"]?.string == LarkContent.Kind.card.rawValue {
        call.method = .patch
        call.body = ["content": .string(content.as(.card).json)]
      } else {
        call.body = [
          "msg_type": .string(LarkContent.Kind.text.rawValue), "content": .string(content.as(.text).json),
        ]
      }
      _ = try await session.value(call)
      return true
    } catch let refusal as LarkRefusal where refusal.isTargetGone {
      return false
    }
  }

  /// What can be clicked on, under the last message. The reply stands without it.
  private func offerThumbs(_ reply: OutgoingReply, under ids: [String]) async {
    // Those of the reply that was edited are where its last message was.
    let before = reply.replacedOffer.asksWhetherHelped ? reply.replaces.last : nil
    if let before, ids.contains(before), before != ids.last || !reply.asksWhetherHelped {
      try? await withdrawThumbs(before)
    }
    guard reply.asksWhetherHelped, let last = ids.last, last != before else { return }
    for emoji in Self.thumbs {
      let call = LarkCall(
        method: .post, path: ["im", "v1", "messages", last, "reactions"],
        body: ["reaction_type": ["emoji_type": .string(emoji)]], purpose: "an offer of reactions")
      guard (try? await session.value(call)) != nil else { return }
    }
  }

  /// Lark takes a reaction away by its own id, which only a look tells.
  private func withdrawThumbs(_ message: String) async throws {
    let path = ["im", "v1", "messages", message, "reactions"]
    for emoji in Self.thumbs {
      let found = try await session.value(
        LarkCall(
          path: path, query: [("reaction_type", emoji), ("page_size", "50")], purpose: "the question for reactions"))
      for item in found["data"]?["items"]?.array ?? [] {
        guard item["operator"]?["operator_type"]?.string == "app", let id = item["reaction_id"]?.string,
          !id.isEmpty, id.utf8.count <= 256
        else { continue }
        // Another app's is refused, and stays.
        _ = try? await session.value(
          LarkCall(method: .delete, path: path + [id], purpose: "an offer of reactions"))
      }
    }
  }

  // MARK: Finding again

  /// - Returns: the ids of the pieces that are there, from the first on.
  private func search(
    for contents: [LarkContent], _ reply: OutgoingReply, isAnew: Bool
  ) async throws -> [String] {
    let answered = reply.inReplyTo.map(Self.message)
    let own =
      if let thread = reply.conversation.thread {
        try await session.recall.replies(to: answered, inThread: thread)
      } else {
        try await session.recall.replies(to: answered, in: reply.conversation.room, isAnew: isAnew)
      }
    var found: [String] = []
    for message in own where found.count < contents.count && message.words == contents[found.count].words {
      // What stands there as the answer that is edited is not the new one.
      if !reply.replaces.contains(message.id) { found.append(message.id) }
    }
    return found
  }

  /// `om_…`, and what stands behind it in the ids of edits.
  static func message(_ id: String) -> String { String(id.prefix { $0 != ":" }) }
}
