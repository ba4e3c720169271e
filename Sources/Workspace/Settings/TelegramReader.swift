import Support

/// Reads a channel of the type telegram.
struct TelegramReader {
  let problems: ProblemLog

  static let keys = ["token", "server", "wait", "groups", "rooms", "ignore_senders", "typing", "thumbs", "canary"]

  func read(_ map: YAMLMap) -> TelegramSettings? {
    let secrets = SecretSourceReader(
      problems: problems, sampleVariable: "GREENROOM_TELEGRAM_TOKEN", sampleFile: "secrets/telegram")
    guard map.has("token") else {
      problems.error(
        at: map.location, "A telegram channel needs 'token', such as token: {env: GREENROOM_TELEGRAM_TOKEN}.")
      return nil
    }
    let token = secrets.read(map, "token")
    var settings = TelegramSettings(token: token ?? .environment(""))
    if map.holds("server") {
      guard let server = map.requiredServerAddress("server", secretKey: "token", mayHaveQuery: false) else {
        return nil
      }
      settings.server = server
    }
    // Telegram holds no poll for longer.
    if let wait = map.integer("wait", in: 0...50) { settings.waitSeconds = wait }
    if let groups = map.choice("groups", RoomSettings.Answering.allCases) { settings.groups = groups }
    let rooms = RoomReader(problems: problems, sample: "\"-1001234567890\"") {
      ServerID.isNumber($0, mayBeNegative: true)
    }
    settings.rooms = rooms.read(map)
    settings.ignoredSenders = rooms.senders(map, "people by their numbers") {
      ServerID.isNumber($0, mayBeNegative: false)
    }
    if let typing = map.bool("typing") { settings.showsTyping = typing }
    if let thumbs = map.bool("thumbs") { settings.offersThumbs = thumbs }
    CanaryReader(problems: problems).refuse(
      map, "Telegram shows a bot nothing of its own, so that a telegram channel can have no canary.")
    return token == nil ? nil : settings
  }
}
