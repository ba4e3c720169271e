import Support

/// Reads a channel of the type discord.
struct DiscordReader {
  let problems: ProblemLog

  static let keys = [
    "token", "server", "answer", "rooms", "threads", "pause", "review", "ignore_senders", "typing", "thumbs", "canary",
  ]

  func read(_ map: YAMLMap) -> DiscordSettings? {
    let secrets = SecretSourceReader(
      problems: problems, sampleVariable: "GREENROOM_DISCORD_TOKEN", sampleFile: "secrets/discord")
    guard map.has("token") else {
      problems.error(
        at: map.location, "A discord channel needs 'token', such as token: {env: GREENROOM_DISCORD_TOKEN}.")
      return nil
    }
    let token = secrets.read(map, "token")
    let reader = RoomReader(problems: problems, sample: "\"1184563210987654321\"") {
      ServerID.isNumber($0, mayBeNegative: false)
    }
    let rooms = reader.read(map)
    if Self.namesNone(map) {
      problems.error(
        at: map.keyLocation("rooms") ?? map.location,
        "A discord channel needs 'rooms': the channels to read, such as rooms: [{room: \"1184563210987654321\"}].")
    }
    var settings = DiscordSettings(token: token ?? .environment(""), rooms: rooms)
    if map.holds("server") {
      guard let server = map.requiredServerAddress("server", secretKey: "token", mayHaveQuery: false) else {
        return nil
      }
      settings.server = server
    }
    if let answering = map.choice("answer", RoomSettings.Answering.allCases) { settings.answering = answering }
    if let threads = map.bool("threads") { settings.readsThreads = threads }
    if let pause = map.integer("pause", in: 1...60) { settings.pauseSeconds = pause }
    if let review = map.integer("review", in: 0...3600) { settings.reviewSeconds = review }
    settings.ignoredSenders = reader.senders(map, "people by their numbers") {
      ServerID.isNumber($0, mayBeNegative: false)
    }
    if let typing = map.bool("typing") { settings.showsTyping = typing }
    if let thumbs = map.bool("thumbs") { settings.offersThumbs = thumbs }
    settings.canary = CanaryReader(problems: problems).read(
      map, sample: reader.sample, &settings.rooms, where: reader.isRoom)
    return token == nil || rooms.isEmpty ? nil : settings
  }

  private static func namesNone(_ map: YAMLMap) -> Bool {
    guard let node = map.entryQuietly("rooms") else { return true }
    guard case .list(let items) = node.content else { return false }
    return items.isEmpty
  }
}
