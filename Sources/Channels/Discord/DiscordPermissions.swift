import JSON

/// What somebody may do in a room (Discord, "Permissions"): the rights of everyone and of their roles, changed by the room's
/// own for everyone, for roles, and for the person.
struct DiscordPermissions: OptionSet, Sendable, Hashable {
  let rawValue: UInt64

  static let administrator = DiscordPermissions(rawValue: 1 << 3)
  static let addReactions = DiscordPermissions(rawValue: 1 << 6)
  static let viewChannel = DiscordPermissions(rawValue: 1 << 10)
  static let sendMessages = DiscordPermissions(rawValue: 1 << 11)
  static let readMessageHistory = DiscordPermissions(rawValue: 1 << 16)
  static let connect = DiscordPermissions(rawValue: 1 << 20)
  static let sendMessagesInThreads = DiscordPermissions(rawValue: 1 << 38)

  /// What the bot asks for when it is invited.
  static let invitation: DiscordPermissions = [
    .viewChannel, .sendMessages, .readMessageHistory, .addReactions, .sendMessagesInThreads,
  ]

  /// As Discord's settings name them.
  private static let names: [(permission: DiscordPermissions, name: String)] = [
    (.viewChannel, "View Channel"), (.readMessageHistory, "Read Message History"), (.sendMessages, "Send Messages"),
    (.sendMessagesInThreads, "Send Messages in Threads"), (.addReactions, "Add Reactions"), (.connect, "Connect"),
  ]

  init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Written as digits in a string.
  private init(_ value: JSONValue?) {
    rawValue = (value?.string ?? value?.int.map(String.init)).flatMap { UInt64($0) } ?? 0
  }

  /// - Parameters:
  ///   - guild: its roles, and who owns it.
  ///   - member: the person's roles there.
  ///   - room: with `permission_overwrites`.
  static func of(_ person: Snowflake, guild: JSONValue, member: JSONValue, room: JSONValue) -> DiscordPermissions {
    let everything = DiscordPermissions(rawValue: .max)
    guard let home = Snowflake(guild["id"]), Snowflake(guild["owner_id"]) != person else { return everything }
    let roles = Set((member["roles"]?.array ?? []).compactMap { Snowflake($0) })
    var permissions: DiscordPermissions = []
    for role in guild["roles"]?.array ?? [] {
      guard let id = Snowflake(role["id"]), id == home || roles.contains(id) else { continue }
      permissions.formUnion(DiscordPermissions(role["permissions"]))
    }
    if permissions.contains(.administrator) { return everything }
    let changes = room["permission_overwrites"]?.array ?? []
    func apply(_ isMeant: (Snowflake) -> Bool) {
      let meant = changes.filter { change in Snowflake(change["id"]).map(isMeant) ?? false }
      for change in meant { permissions.subtract(DiscordPermissions(change["deny"])) }
      for change in meant { permissions.formUnion(DiscordPermissions(change["allow"])) }
    }
    apply { $0 == home }
    apply { roles.contains($0) }
    apply { $0 == person }
    return permissions.contains(.viewChannel) ? permissions : []
  }

  var names: [String] { Self.names.filter { contains($0.permission) }.map(\.name) }
}
