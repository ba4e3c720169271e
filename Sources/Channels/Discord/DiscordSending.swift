import Foundation
import HTTP
import JSON
import Sodium
import Support

/// Writes replies into rooms. Each message has a nonce made from the reply's key, by which Discord knows it again for "the
/// past few minutes" (Create Message, `enforce_nonce`); one minute of that is relied on. Whether an older attempt arrived is
/// seen in the room itself.
struct DiscordSending: Sendable {
  let server: DiscordServer
  let memory: DiscordMemory
  let now: @Sendable () -> Date

  /// MessageFlags.SUPPRESS_EMBEDS: no pictures of linked pages.
  private static let withoutPreviews = 4
  /// For how long a nonce is sure to be known, in seconds.
  private static let nonceHolds: TimeInterval = 60

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
    var hasLooked = false
    while ids.count < pieces.count {
      let number = ids.count
      let piece = pieces[number]
      if number < reply.replaces.count, let old = Snowflake(reply.replaces[number]),
        try await edit(old, piece, in: room)
      {
        ids.append("\(old)")
      } else if !hasLooked, isInDoubt(reply) {
        hasLooked = true
        ids = try await DiscordArrivals(server: server, memory: memory).pieces(pieces, of: reply, in: room, known: ids)
        memory.settle(reply.conversation)
        continue
      } else {
        memory.noteAttempt(at: reply.idempotencyKey, now())
        ids.append(try await write(piece, number, of: reply, in: room))
        memory.settle(reply.conversation)
      }
      memory.setPieces(ids, of: reply.idempotencyKey)
    }
    memory.setPieces(ids, of: reply.idempotencyKey)
    for old in reply.replaces.dropFirst(pieces.count) { try await delete(old, in: room) }
    if reply.conversation.thread != nil { memory.rememberOwnThread(room) }
    await offerThumbs(reply, under: ids, in: room)
    return ids
  }

  /// Whether an earlier attempt may have arrived that the nonce would not tell: the first of a conversation after a start may
  /// have been on its way when the program ended, and one that failed a while ago may have arrived all the same.
  private func isInDoubt(_ reply: OutgoingReply) -> Bool {
    guard memory.isSettled(reply.conversation) else { return true }
    guard let first = memory.firstAttempt(at: reply.idempotencyKey) else { return false }
    let age = now().timeIntervalSince(first)
    return age < 0 || age > Self.nonceHolds
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

  func delete(_ old: String, in room: Snowflake) async throws {
    guard let id = Snowflake(old) else { return }
    do {
      _ = try await server.bytes(
        DiscordCall(method: .delete, path: "channels/\(room)/messages/\(id)", purpose: .reply))
    } catch let refusal as DiscordRefusal where [403, 404].contains(refusal.status) && refusal.code != nil {
      // Somebody else has taken it away.
    }
  }

  /// Under the last message. A courtesy: the reply stands without.
  private func offerThumbs(_ reply: OutgoingReply, under ids: [String], in room: Snowflake) async {
    // Those of the reply that was edited are where its last message was.
    let before = reply.replacedOffer.asksWhetherHelped ? reply.replaces.last : nil
    if let before, ids.contains(before), before != ids.last || !reply.asksWhetherHelped {
      await setThumbs(.delete, under: before, in: room)
    }
    if reply.asksWhetherHelped, let last = ids.last, last != before { await setThumbs(.put, under: last, in: room) }
  }

  private func setThumbs(_ method: HTTPRequest.Method, under message: String, in room: Snowflake) async {
    for sign in ["%F0%9F%91%8D", "%F0%9F%91%8E"] {
      _ = try? await server.bytes(
        DiscordCall(
          method: method, path: "channels/\(room)/messages/\(message)/reactions/\(sign)/@me", purpose: .courtesy,
          timeout: .seconds(5)))
    }
  }

  /// What an edit is called by is its message's own number and more.
  static func message(_ id: String?) -> Snowflake? {
    id.flatMap { Snowflake(String($0.prefix { $0 != "/" })) }
  }

  /// Nobody is called, whatever the words look like.
  private static func words(_ piece: String) -> JSONObject {
    ["content": .string(piece), "allowed_mentions": ["parse": []]]
  }
}
