import Support

/// Reads a channel of the type matrix.
struct MatrixReader {
  let problems: ProblemLog

  static let keys = [
    "homeserver", "user", "password", "access_token", "wait", "invites_from", "groups", "rooms", "ignore_senders",
    "receipts", "typing", "thumbs", "canary",
  ]

  func read(_ map: YAMLMap) -> MatrixSettings? {
    let homeserver = map.requiredServerAddress("homeserver", secretKey: "password", mayHaveQuery: false)
    let user = readUser(map)
    let authentication = readAuthentication(map)
    var settings = MatrixSettings(
      homeserver: homeserver ?? "", user: user ?? "", authentication: authentication ?? .password(.environment("")))
    if let wait = map.integer("wait", in: 0...60) { settings.waitSeconds = wait }
    if map.holds("invites_from") { settings.inviters = readInviters(map) }
    if let groups = map.choice("groups", RoomSettings.Answering.allCases) { settings.groups = groups }
    let rooms = RoomReader(problems: problems, sample: "\"!abc:example.org\"") {
      $0.hasPrefix("!") && (2...255).contains($0.utf8.count)
    }
    settings.rooms = rooms.read(map)
    settings.ignoredSenders = rooms.senders(map, "people such as \"@name:example.org\"", where: Self.isUser)
    if let receipts = map.bool("receipts") { settings.sendsReceipts = receipts }
    if let typing = map.bool("typing") { settings.showsTyping = typing }
    if let thumbs = map.bool("thumbs") { settings.offersThumbs = thumbs }
    settings.canary = CanaryReader(problems: problems).read(
      map, sample: rooms.sample, &settings.rooms, where: rooms.isRoom)
    return homeserver == nil || user == nil || authentication == nil ? nil : settings
  }

  private func readUser(_ map: YAMLMap) -> String? {
    guard let user = map.requiredText("user", " It is the bot's own account, such as \"@greenroom:example.org\".")
    else {
      return nil
    }
    guard Self.isUser(user.text) else {
      problems.error(
        at: user.location,
        "'user' must be a whole Matrix name such as \"@greenroom:example.org\", in quotes; found '\(user.text.clipped)'."
      )
      return nil
    }
    return user.text
  }

  private func readAuthentication(_ map: YAMLMap) -> MatrixSettings.Authentication? {
    let password = SecretSourceReader(
      problems: problems, sampleVariable: "GREENROOM_MATRIX_PASSWORD", sampleFile: "secrets/matrix")
    let token = SecretSourceReader(
      problems: problems, sampleVariable: "GREENROOM_MATRIX_TOKEN", sampleFile: "secrets/matrix")
    switch (map.has("password"), map.has("access_token")) {
    case (true, true):
      problems.error(at: map.location, "A matrix channel takes one of 'password' and 'access_token', not both.")
      return nil
    case (true, false): return password.read(map, "password").map { .password($0) }
    case (false, true): return token.read(map, "access_token").map { .accessToken($0) }
    case (false, false):
      problems.error(
        at: map.location,
        "A matrix channel needs 'password' or 'access_token', such as password: {env: GREENROOM_MATRIX_PASSWORD}.")
      return nil
    }
  }

  private func readInviters(_ map: YAMLMap) -> Set<String> {
    Set(
      map.texts("invites_from").compactMap { line in
        if Self.isUser(line.text) || Self.isServer(line.text) { return line.text }
        problems.error(
          at: line.location,
          "'invites_from' names servers such as example.org and people such as \"@anna:example.org\"; found "
            + "'\(line.text.clipped)'.")
        return nil
      })
  }

  /// `@name:server` (Matrix specification, appendices, "User identifiers"), in the wide form that old names have.
  private static func isUser(_ text: String) -> Bool {
    guard text.hasPrefix("@"), text.utf8.count <= 255, let colon = text.firstIndex(of: ":") else { return false }
    return text.index(after: text.startIndex) < colon && isServer(String(text[text.index(after: colon)...]))
  }

  private static func isServer(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 255
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x3A, 0x5B, 0x5D: true
        default: false
        }
      }
  }
}
