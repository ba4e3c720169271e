import Foundation
import JSON
import Support

/// What a look at the bot's side of things finds: who it is, whether it sees what people write, and what it may do in each of
/// its rooms.
struct DiscordSetUp: Sendable {
  let server: DiscordServer
  let settings: DiscordSettings

  /// GATEWAY_MESSAGE_CONTENT, and the same for bots that are in few servers.
  private static let seesContent = 1 << 18 | 1 << 19

  func findings() async throws -> [ChannelFinding] {
    let me: JSONValue
    do {
      me = try await ask("users/@me")
    } catch let refusal as DiscordRefusal where refusal.status == 401 && refusal.code != nil {
      return [
        ChannelFinding(
          isGood: false,
          text: "The token is not good (any more): make a new one in the Developer Portal, under Bot, with Reset Token."
        )
      ]
    }
    guard let bot = Snowflake(me["id"]) else {
      throw server.malformed(DiscordCall(path: "users/@me", purpose: .setUp), "names no bot")
    }
    let name = (me["username"]?.string ?? "").prefix(100).filter { !$0.isNewline }
    var findings = [ChannelFinding(isGood: true, text: "The token is good: the bot is \(name).")]
    let application = try await ask("applications/@me")
    findings.append(content(application))
    let invitation = Self.invitation(Snowflake(application["id"]) ?? bot)
    var guilds: [Snowflake: (guild: JSONValue, member: JSONValue)] = [:]
    for key in settings.rooms.keys.sorted() {
      let isRead = settings.rooms[key]?.answering ?? settings.answering != .never
      guard isRead || key == settings.canary?.room else { continue }
      guard let room = Snowflake(key) else { continue }
      findings.append(try await self.room(room, bot, &guilds, invitation))
    }
    return findings
  }

  /// Where the bot is let into a server, with all that it needs.
  static func invitation(_ application: Snowflake) -> String {
    "https://discord.com/oauth2/authorize?client_id=\(application)&scope=bot&permissions="
      + String(DiscordPermissions.invitation.rawValue)
  }

  private func ask(_ path: String) async throws -> JSONValue {
    try await server.value(DiscordCall(path: path, purpose: .setUp))
  }

  private func content(_ application: JSONValue) -> ChannelFinding {
    guard (application["flags"]?.int ?? 0) & Self.seesContent == 0 else {
      return ChannelFinding(isGood: true, text: "Message Content Intent is on: the bot sees what people write.")
    }
    return ChannelFinding(
      isGood: false,
      text:
        "The bot sees no words but those that mention it: turn Message Content Intent on, in the Developer Portal under "
        + "Bot.")
  }

  private func room(
    _ id: Snowflake, _ bot: Snowflake, _ guilds: inout [Snowflake: (guild: JSONValue, member: JSONValue)],
    _ invitation: String
  ) async throws -> ChannelFinding {
    let value: JSONValue
    do {
      value = try await ask("channels/\(id)")
    } catch let refusal as DiscordRefusal where Self.isClosed(refusal) {
      return ChannelFinding(
        isGood: false,
        text:
          "The bot cannot see the room \(id): check the id, let the bot into the server with \(invitation), and give it "
          + "View Channel there.")
    }
    let room = DiscordRoom(id, value)
    if room.kind == .category || room.kind == .directory {
      return ChannelFinding(isGood: false, text: "\(id) is a category, in which nothing is said: name its channels.")
    }
    let title = (value["name"]?.string).map { "#\($0.prefix(100).filter { !$0.isNewline }) (\(id))" } ?? "\(id)"
    if let missing = try await missing(in: room, value, bot, &guilds), !missing.isEmpty {
      return ChannelFinding(
        isGood: false,
        text: "In the room \(title) the bot lacks \(missing.joined(separator: ", ")): give it these in the channel's "
          + "permissions.")
    }
    do {
      if room.hasMessages { _ = try await ask("channels/\(id)/messages?limit=1") }
    } catch let refusal as DiscordRefusal where Self.isClosed(refusal) {
      return ChannelFinding(
        isGood: false, text: "The bot cannot read the room \(title): give it Read Message History there.")
    }
    return ChannelFinding(isGood: true, text: "The room \(title) can be read and written to.")
  }

  /// - Returns: nil where it cannot be told.
  private func missing(
    in room: DiscordRoom, _ value: JSONValue, _ bot: Snowflake,
    _ guilds: inout [Snowflake: (guild: JSONValue, member: JSONValue)]
  ) async throws -> [String]? {
    guard let home = room.guild else { return nil }
    do {
      if guilds[home] == nil {
        guilds[home] = (try await ask("guilds/\(home)"), try await ask("guilds/\(home)/members/\(bot)"))
      }
    } catch let refusal as DiscordRefusal where Self.isClosed(refusal) {
      return nil
    }
    guard let known = guilds[home] else { return nil }
    var wanted: DiscordPermissions = [.viewChannel, .readMessageHistory, .addReactions]
    if room.hasMessages { wanted.insert(.sendMessages) }
    if room.hasThreads, settings.readsThreads || !room.hasMessages { wanted.insert(.sendMessagesInThreads) }
    if room.kind == .voice || room.kind == .stage { wanted.insert(.connect) }
    return wanted.subtracting(.of(bot, guild: known.guild, member: known.member, room: value)).names
  }

  private static func isClosed(_ refusal: DiscordRefusal) -> Bool {
    [400, 403, 404].contains(refusal.status) && refusal.code != nil
  }
}
