import Support

/// Reads a channel of the type matrix.
struct MatrixReader {
  let problems: ProblemLog

  static let keys = [
    "homeserver", "user", "password", "access_token", "wait", "invites_from", "groups", "rooms", "ignore_senders",
    "receipts", "typing",
  ]

  func read(_ map: YAMLMap) -> MatrixSettings? {
    let homeserver = map.requiredServerAddress("homeserver", secretKey: "password", mayHaveQuery: false)
    let user = readUser(map)
    let authentication = readAuthentication(map)
    var settings = MatrixSettings(
      homeserver: homeserver ?? "", user: user ?? "", authentication: authentication ?? .password(.environment("")))
    if let wait = map.integer("wait", in: 0...60) { settings.waitSeconds = wait }
    if map.holds("invites_from") { settings.inviters = readInviters(map) }
    if let groups = map.choice("groups", MatrixSettings.Answering.allCases) { settings.groups = groups }
    settings.rooms = readRooms(map)
    settings.ignoredSenders = Set(
      map.texts("ignore_senders").compactMap { line in
        if Self.isUser(line.text) { return line.text }
        problems.error(at: line.location, "'ignore_senders' names people such as @name:example.org.")
        return nil
      })
    if let receipts = map.bool("receipts") { settings.sendsReceipts = receipts }
    if let typing = map.bool("typing") { settings.showsTyping = typing }
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

  private func readRooms(_ map: YAMLMap) -> [String: MatrixSettings.Room] {
    var rooms: [String: MatrixSettings.Room] = [:]
    for item in map.list("rooms") {
      let keys = ["room", "answer", "agency", "language", "region"]
      guard let below = YAMLMap(item, what: "a room", keys: keys, problems) else { continue }
      let advice = " It is the room's own id, such as \"!abc:example.org\"."
      guard let room = below.requiredText("room", advice) else { continue }
      guard room.text.hasPrefix("!"), room.text.utf8.count > 1, room.text.utf8.count <= 255 else {
        problems.error(
          at: room.location, "'room' must be a room's own id, such as \"!abc:example.org\", not its name or address.")
        continue
      }
      if rooms[room.text] != nil {
        problems.error(at: room.location, "The room '\(room.text.clipped)' is named twice.")
      }
      rooms[room.text] = MatrixSettings.Room(
        answering: below.choice("answer", MatrixSettings.Answering.allCases), agency: below.text("agency")?.text,
        language: below.language("language"), region: below.text("region")?.text)
    }
    return rooms
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
