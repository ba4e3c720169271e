import Support

/// Reads a channel of the type lark.
struct LarkReader {
  let problems: ProblemLog

  static let keys = [
    "app_id", "app_secret", "domain", "api", "groups", "rooms", "find_rooms", "requests_per_minute", "ignore_senders",
    "thumbs", "canary",
  ]

  private enum Domain: String, CaseIterable {
    case lark, feishu
  }

  func read(_ map: YAMLMap) -> LarkSettings? {
    let app = readApp(map)
    let secrets = SecretSourceReader(
      problems: problems, sampleVariable: "GREENROOM_LARK_SECRET", sampleFile: "secrets/lark")
    var secret: SecretSource?
    if map.has("app_secret") {
      secret = secrets.read(map, "app_secret")
    } else {
      map.reportMissing("app_secret", " Write app_secret: {env: GREENROOM_LARK_SECRET}.")
    }
    var settings = LarkSettings(appID: app ?? "", appSecret: secret ?? .environment(""))
    if map.choice("domain", Domain.allCases) == .feishu { settings.api = LarkSettings.feishu }
    if map.holds("api") {
      if map.has("domain") {
        problems.error(
          at: map.keyLocation("api") ?? map.location, "A lark channel takes one of 'domain' and 'api', not both.")
      }
      guard let api = map.requiredServerAddress("api", secretKey: "app_secret", mayHaveQuery: false) else { return nil }
      settings.api = api
    }
    if let groups = map.choice("groups", RoomSettings.Answering.allCases) { settings.groups = groups }
    let rooms = RoomReader(problems: problems, sample: "oc_a0553eda9014c201e6969b478895c230") {
      ServerID.isWord($0, behind: ["oc_"])
    }
    settings.rooms = rooms.read(map)
    if let finds = map.bool("find_rooms") { settings.findsRooms = finds }
    if let requests = map.integer("requests_per_minute", in: 1...6000) { settings.requestsPerMinute = requests }
    settings.ignoredSenders = rooms.senders(map, "people such as ou_7d8a6e6df7621556ce0d21922b676706") {
      ServerID.isWord($0, behind: ["ou_", "cli_"])
    }
    if let thumbs = map.bool("thumbs") { settings.offersThumbs = thumbs }
    rooms.check(settings.findsRooms, settings.rooms, map)
    settings.canary = CanaryReader(problems: problems).read(
      map, sample: rooms.sample, &settings.rooms, where: rooms.isRoom)
    return app == nil || secret == nil ? nil : settings
  }

  private func readApp(_ map: YAMLMap) -> String? {
    let sample = "cli_a1b2c3d4e5f6"
    guard let app = map.requiredText("app_id", " It stands on the app's page, such as \(sample).") else { return nil }
    guard ServerID.isWord(app.text, behind: ["cli_"]) else {
      problems.error(
        at: app.location, "'app_id' must be the app's own id, such as \(sample); found '\(app.text.clipped)'.")
      return nil
    }
    return app.text
  }
}
