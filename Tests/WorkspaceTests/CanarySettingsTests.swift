import Support
import Testing
import Workspace

@Suite struct CanarySettingsTests {
  static let kinds = [
    ("matrix", "homeserver: https://a.example, user: \"@bot:a.example\", password: {env: P}", "\"!den:a.example\""),
    ("slack", "token: {env: T}", "C0123456789"),
    ("lark", "app_id: cli_a1b2c3, app_secret: {env: S}", "oc_a0553eda"),
    ("discord", "token: {env: T}, rooms: [{room: \"118\"}]", "\"119\""),
  ]

  static func settings(_ kind: Int, _ canary: String) -> String {
    let (type, rest, _) = kinds[kind]
    return "channels:\n  - {name: c, type: \(type), \(rest), canary: \(canary)}\n"
  }

  @Test(arguments: kinds.indices)
  func `a room, and how often; without a word every five minutes`(_ kind: Int) throws {
    let room = Self.kinds[kind].2
    for (text, every) in [("{room: \(room), every: 2m}", 120), ("{room: \(room)}", 300)] {
      let fixture = try WorkspaceFixture([
        "greenroom.yml": Self.settings(kind, text), "knowledge/late.md": WorkspaceFixture.article,
      ])
      let reading = fixture.read()
      #expect(reading.problems.filter { $0.severity == .error }.isEmpty, "\(reading.problems.lines)")
      let channel = try #require(reading.content?.settings.channels.first)
      let canary = channel.kind.canary
      let id = room.filter { $0 != "\"" }
      #expect(canary == CanarySettings(room: id, every: every))
      let rooms: [String: RoomSettings] =
        switch channel.kind {
        case .matrix(let settings): settings.rooms
        case .slack(let settings): settings.rooms
        case .lark(let settings): settings.rooms
        case .discord(let settings): settings.rooms
        case .telegram, .webhook: [:]
        }
      // Read, and nobody there is answered.
      #expect(rooms[id] == RoomSettings(answering: .never))
    }
  }

  static let wrong = [
    ("{}", "'room' is missing"), ("{every: 5m}", "'room' is missing"), ("den", "a map"),
    ("{room: den}", "room's own id"), ("{room: ROOM, every: 5}", "length of time"),
    ("{room: ROOM, every: 29s}", "from 30s to 1d"),
    ("{room: ROOM, every: 2d}", "from 30s to 1d"), ("{room: ROOM, evry: 5m}", "'evry' is not known"),
  ]

  @Test(arguments: kinds.indices)
  func `what is wrong is named`(_ kind: Int) throws {
    for (text, words) in Self.wrong {
      let problems = try problemsOfSettings(
        Self.settings(kind, text.replacing("ROOM", with: Self.kinds[kind].2)))
      #expect(problems.contains { $0.severity == .error && $0.message.contains(words) }, "\(text): \(problems.lines)")
    }
  }

  @Test func `on servers that show a bot nothing of its own there is none`() throws {
    for (text, words) in [
      ("type: telegram, token: {env: T}", "Telegram shows a bot nothing of its own"),
      ("type: webhook, url: \"https://a.example\", reply_url: \"https://a.example\"", "gives replies no ids"),
    ] {
      let problems = try problemsOfSettings("channels:\n  - {name: c, \(text), canary: {room: \"5\"}}\n")
      #expect(problems.contains { $0.severity == .error && $0.message.contains(words) }, "\(problems.lines)")
    }
  }

  @Test func `a room that is named is treated as it says`() throws {
    let fixture = try WorkspaceFixture([
      "greenroom.yml":
        "channels:\n  - {name: c, type: slack, token: {env: T}, rooms: [{room: C01, answer: always}], canary: {room: C01}}\n",
      "knowledge/late.md": WorkspaceFixture.article,
    ])
    guard case .slack(let settings)? = fixture.read().content?.settings.channels.first?.kind else {
      Issue.record("\(fixture.read().problems.lines)")
      return
    }
    #expect(settings.rooms["C01"]?.answering == .always && settings.canary?.room == "C01")
  }
}
