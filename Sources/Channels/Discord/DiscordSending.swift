import HTTP
import JSON
import Sodium
import Support

/// Writes replies into rooms. Each message has a nonce made from the reply's key, by which Discord knows it again for some
/// minutes. Whether an older attempt arrived is seen in the room itself.
struct DiscordSending: Sendable {
  let server: DiscordServer
  let memory: DiscordMemory

  /// MessageFlags.SUPPRESS_EMBEDS: no pictures of linked pages.
  private static let withoutPreviews = 4

  /// - Returns: the ids of the messages that now say it.
  func send(_ reply: OutgoingReply) async throws -> [String] {
    guard let room = Snowflake(reply.conversation.thread ?? reply.conversation.room) else {
      throw ChannelError(
        .refused, "channel '\(server.channel)': '\(reply.conversation.room)' is no room of Discord", isRetriable: false)
    }
    let pieces = DiscordMarkup.pieces(reply.text)
    guard !pieces.isEmpty else {
      throw ChannelError(
        .refused, "channel '\(server.channel)': a reply without words cannot be sent to Discord", isRetriable: false)
    }
    var ids = memory.pieces(of: reply.idempotencyKey)
    // Whatever was on its way when the program ended was the first of its conversation to go out again.
    let isFirst = memory.beginWriting(to: reply.conversation)
    if ids.count < pieces.count, isFirst || reply.attempts > 0, reply.replaces.isEmpty {
      ids = try await arrived(pieces, of: reply, in: room, known: ids)
    }
    for (number, piece) in pieces.enumerated().dropFirst(ids.count) {
      if number < reply.replaces.count, let old = Snowflake(reply.replaces[number]),
        try await edit(old, piece, in: room)
      {
        ids.append("\(old)")
      } else {
        ids.append(try await write(piece, number, of: reply, in: room))
      }
      memory.setPieces(ids, of: reply.idempotencyKey)
    }
    for old in reply.replaces.dropFirst(pieces.count) { try await delete(old, in: room) }
    if reply.conversation.thread != nil { memory.rememberOwnThread(room) }
    if reply.asksWhetherHelped, let last = ids.last { await offerThumbs(last, in: room) }
    return ids
  }

  private func write(_ piece: String, _ number: Int, of reply: OutgoingReply, in room: Snowflake) async throws -> String
  {
    var body = Self.words(piece)
    // At most 25 characters.
    body["nonce"] = .string(String(SHA256.hexDigest(of: "\(reply.idempotencyKey)/\(number)".utf8).prefix(24)))
    body["enforce_nonce"] = true
    body["flags"] = .integer(Self.withoutPreviews)
    if number == 0, let answered = Self.message(reply.inReplyTo) {
      body["message_reference"] = ["message_id": .string("\(answered)"), "fail_if_not_exists": false]
    }
    let call = DiscordCall(method: .post, path: "channels/\(room)/messages", body: body, purpose: .reply)
    guard let id = Snowflake(try await server.value(call)["id"]) else { throw server.malformed(call, "gives no id") }
    return "\(id)"
  }

  /// - Returns: false where there is nothing to edit, and a new message has to say it.
  private func edit(_ old: Snowflake, _ piece: String, in room: Snowflake) async throws -> Bool {
    do {
      _ = try await server.bytes(
        DiscordCall(
          method: .patch, path: "channels/\(room)/messages/\(old)", body: Self.words(piece), purpose: .reply))
      return true
    } catch let refusal as DiscordRefusal
      where refusal.code == DiscordRefusal.unknownMessage || refusal.code == DiscordRefusal.cannotEditOthers
    {
      return false
    }
  }

  private func delete(_ old: String, in room: Snowflake) async throws {
    guard let id = Snowflake(old) else { return }
    do {
      _ = try await server.bytes(
        DiscordCall(method: .delete, path: "channels/\(room)/messages/\(id)", purpose: .reply))
    } catch let refusal as DiscordRefusal where [403, 404].contains(refusal.status) && refusal.code != nil {
      // Somebody else has taken it away.
    }
  }

  /// The pieces of the reply that stand behind the message it answers: in their order, by the bot, word for word.
  private func arrived(
    _ pieces: [String], of reply: OutgoingReply, in room: Snowflake, known: [String]
  ) async throws -> [String] {
    guard let answered = Self.message(reply.inReplyTo) else { return known }
    let bot = try await memory.identity(server)
    var setAside: [UnreadableMessage] = []
    let page = try await server.list(
      DiscordCall(path: "channels/\(room)/messages?after=\(answered)&limit=100", purpose: .reply), setAside: &setAside)
    let own = page.filter { Snowflake($0["author"]?["id"]) == bot && Snowflake($0["id"]) != nil }
      .sorted { (Snowflake($0["id"]) ?? .zero) < (Snowflake($1["id"]) ?? .zero) }
    var ids = known
    // Only behind the first, which names what it answers, are the others known to be of this reply.
    var last = known.last.flatMap { Snowflake($0) } ?? .zero
    for message in own {
      guard ids.count < pieces.count, let id = Snowflake(message["id"]), id > last,
        message["content"]?.string == pieces[ids.count]
      else { continue }
      if ids.isEmpty, Snowflake(message["message_reference"]?["message_id"]) != answered { continue }
      ids.append("\(id)")
      last = id
    }
    return ids
  }

  /// A courtesy: the reply stands without.
  private func offerThumbs(_ message: String, in room: Snowflake) async {
    for sign in ["%F0%9F%91%8D", "%F0%9F%91%8E"] {
      _ = try? await server.bytes(
        DiscordCall(
          method: .put, path: "channels/\(room)/messages/\(message)/reactions/\(sign)/@me", purpose: .courtesy,
          timeout: .seconds(5)))
    }
  }

  /// What an edit is called by is its message's own number and more.
  private static func message(_ id: String?) -> Snowflake? {
    id.flatMap { Snowflake(String($0.prefix { $0 != "/" })) }
  }

  /// Nobody is called, whatever the words look like.
  private static func words(_ piece: String) -> JSONObject {
    ["content": .string(piece), "allowed_mentions": ["parse": []]]
  }
}
