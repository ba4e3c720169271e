import JSON
import Support

/// Whether a reply stands in its room already, of which nobody knows: replies of a conversation go out one after the other,
/// so that it would be the last that the bot has written there.
struct DiscordArrivals: Sendable {
  let server: DiscordServer
  let memory: DiscordMemory

  private static let pageSize = 100
  /// Ten thousand messages of others since the question.
  private static let mostPages = 100
  /// Where there is no question.
  private static let mostPagesUnasked = 10

  /// - Parameters:
  ///   - pieces: the messages that the reply is made of.
  ///   - known: the ids of those of which it is known that they stand there, the first ones.
  /// - Returns: the ids of those that stand there, the first ones.
  /// - Throws: `ChannelError`, not to be repeated, where it cannot be told.
  func pieces(
    _ pieces: [String], of reply: OutgoingReply, in room: Snowflake, known: [String]
  ) async throws -> [String] {
    let answered = DiscordSending.message(reply.inReplyTo)
    let bot = try await memory.identity(server)
    let floor = max(answered ?? .zero, known.last.flatMap { Snowflake($0) } ?? .zero)
    let rest = pieces[min(known.count, pieces.count)...].map(Self.letters)
    let last = try await lastOwn(in: room, by: bot, above: floor, atMost: rest.count)
    // The longest beginning of what is left of the reply that the bot's last messages are.
    for count in stride(from: min(last.count, rest.count), through: 1, by: -1) {
      let found = Array(last.suffix(count))
      guard zip(found, rest).allSatisfy({ Self.letters($0["content"]?.string ?? "") == $1 }) else { continue }
      let ids = found.compactMap { Snowflake($0["id"]) }.map { "\($0)" }
      if known.isEmpty, let first = found.first {
        let reference = Snowflake(first["message_reference"]?["message_id"])
        // An answer to something else in the same words.
        if reference != nil, reference != answered { continue }
        // Unasked for, and in words that the bot has used before, perhaps: then nobody can tell.
        if answered == nil, reference == nil { throw uncertain(reply) }
      }
      return known + ids
    }
    return known
  }

  private func uncertain(_ reply: OutgoingReply) -> ChannelError {
    ChannelError(
      .refused,
      "channel '\(server.channel)': the same words stand in the room already, and nobody knows whether they are this reply; "
        + "look into the room \(reply.conversation.room)", isRetriable: false)
  }

  /// The bot's last messages, in order. What others have written since is passed over, page by page.
  private func lastOwn(
    in room: Snowflake, by bot: Snowflake, above floor: Snowflake, atMost count: Int
  ) async throws -> [JSONValue] {
    var own: [JSONValue] = []
    var before: Snowflake?
    for _ in 0..<(floor == .zero ? Self.mostPagesUnasked : Self.mostPages) {
      var path = "channels/\(room)/messages?limit=\(Self.pageSize)"
      if let before { path += "&before=\(before)" }
      var setAside: [UnreadableMessage] = []
      let page = try await server.list(DiscordCall(path: path, purpose: .reply), setAside: &setAside)
      let messages = page.compactMap { value in Snowflake(value["id"]).map { (id: $0, value: value) } }
        .sorted { $0.id > $1.id }
      for message in messages {
        guard message.id > floor, own.count < count else { return own.reversed() }
        let isOwn = Snowflake(message.value["author"]?["id"]) == bot
        // Between the pieces of a reply others may have written, but the bot has not.
        if isOwn { own.append(message.value) }
      }
      guard let oldest = messages.last?.id, page.count + setAside.count >= Self.pageSize, oldest != before else {
        return own.reversed()
      }
      before = oldest
    }
    // What was written unasked was written lately, or somebody would have written again.
    if own.isEmpty, floor != .zero {
      throw ChannelError(
        .refused,
        "channel '\(server.channel)': so much has been written in the room \(room) that nobody knows whether the reply is "
          + "there; look into the room", isRetriable: false)
    }
    return own.reversed()
  }

  /// What is left of a text when Discord has taken away what it does not like: blanks at the ends, odd characters.
  private static func letters(_ text: String) -> String {
    let letters = String.UnicodeScalarView(
      text.unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil })
    return letters.isEmpty ? text.filter { !$0.isWhitespace } : String(letters)
  }
}
