import Support

/// Reads a channel of the type slack.
struct SlackReader {
  let problems: ProblemLog

  static let keys = [
    "token", "api", "groups", "rooms", "find_rooms", "threads", "requests_per_minute", "ignore_senders",
    "thumbs", "canary",
  ]

  func read(_ map: YAMLMap) -> SlackSettings? {
    let secrets = SecretSourceReader(
      problems: problems, sampleVariable: "GREENROOM_SLACK_TOKEN", sampleFile: "secrets/slack")
    var token: SecretSource?
    if map.has("token") {
      token = secrets.read(map, "token")
    } else {
      map.reportMissing("token", " It is the bot's own, such as {env: GREENROOM_SLACK_TOKEN}.")
    }
    var settings = SlackSettings(token: token ?? .environment(""))
    if map.holds("api") {
      guard let api = map.requiredServerAddress("api", secretKey: "token", mayHaveQuery: false) else { return nil }
      settings.api = api
    }
    if let groups = map.choice("groups", RoomSettings.Answering.allCases) { settings.groups = groups }
    let rooms = RoomReader(problems: problems, sample: "C0123456789") {
      ServerID.isWord($0, behind: ["C", "D", "G"])
    }
    settings.rooms = rooms.read(map)
    if let finds = map.bool("find_rooms") { settings.findsRooms = finds }
    if let threads = map.bool("threads") { settings.repliesInThreads = threads }
    if let requests = map.integer("requests_per_minute", in: 1...6000) { settings.requestsPerMinute = requests }
    settings.ignoredSenders = rooms.senders(map, "members such as U0123456789") {
      ServerID.isWord($0, behind: ["U", "W"])
    }
    if let thumbs = map.bool("thumbs") { settings.offersThumbs = thumbs }
    rooms.check(settings.findsRooms, settings.rooms, map)
    settings.canary = CanaryReader(problems: problems).read(
      map, sample: rooms.sample, &settings.rooms, where: rooms.isRoom)
    return token == nil ? nil : settings
  }
}
