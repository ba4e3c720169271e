import JSON

/// A channel of Discord, as far as it matters how it is read (Discord, "Channel Object").
struct DiscordRoom: Sendable, Hashable {
  /// The numbers of the API.
  enum Kind: Int, Sendable, Hashable {
    case text = 0
    case direct = 1
    case voice = 2
    case directGroup = 3
    case category = 4
    case announcement = 5
    case stage = 13
    case directory = 14
    /// Nothing is said in these but in threads.
    case forum = 15
    case media = 16
  }

  let id: Snowflake
  /// Nil for one that is not known here; it is read like a text channel.
  let kind: Kind?
  /// Nil for direct messages.
  let guild: Snowflake?
  let newest: Snowflake?

  init(_ id: Snowflake, _ value: JSONValue) {
    self.id = id
    kind = value["type"]?.int.flatMap { Kind(rawValue: $0) }
    guild = Snowflake(value["guild_id"])
    newest = Snowflake(value["last_message_id"])
  }

  var isDirect: Bool { kind == .direct || kind == .directGroup }

  var hasMessages: Bool { kind != .forum && kind != .media }

  var hasThreads: Bool { guild != nil && (kind == .text || kind == .announcement || !hasMessages) }
}

/// A thread below a room.
struct DiscordThread: Sendable, Hashable {
  let id: Snowflake
  let room: Snowflake
  let newest: Snowflake
  let owner: Snowflake?
  /// Whether the bot is one of its members.
  let isJoined: Bool
  /// Of those that are archived; as the server wrote it.
  let archived: JSONValue?

  init?(_ value: JSONValue) {
    guard let id = Snowflake(value["id"]), let room = Snowflake(value["parent_id"]) else { return nil }
    self.id = id
    self.room = room
    newest = Snowflake(value["last_message_id"]) ?? id
    owner = Snowflake(value["owner_id"])
    isJoined = value["member"]?.object != nil
    archived = value["thread_metadata"]?["archive_timestamp"]
  }
}
