import Support
import Testing
import Workspace

@Suite struct LarkSettingsTests {
  private static func channel(
    _ rest: String, app: String = "app_id: cli_a1b2", secret: String = "app_secret: {env: S}"
  ) -> String {
    "channels:\n  - name: rooms\n    type: lark\n    \(app)\n    \(secret)\n    \(rest)\n"
  }

  @Test func everyKeyIsRead() throws {
    let fixture = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article,
      "greenroom.yml": """
      channels:
        - name: rooms
          type: lark
          app_id: cli_a1b2c3d4
          app_secret: {file: secrets/lark}
          domain: feishu
          groups: never
          rooms:
            - {room: oc_a0553eda9014c201e6969b478895c230, answer: always, agency: Northlight, language: zh, region: CN}
          find_rooms: no
          requests_per_minute: 100
          ignore_senders: [ou_7d8a6e6df7621556ce0d21922b676706, cli_9b8c]
        - {name: plain, type: lark, app_id: cli_1, app_secret: {env: S}}
        - {name: named, type: lark, app_id: cli_1, app_secret: {env: S}, domain: lark}
        - {name: own, type: lark, app_id: cli_1, app_secret: {env: S}, api: "http://127.0.0.1:8080"}
      """,
    ])
    let reading = fixture.read()
    #expect(reading.problems.filter { $0.severity == .error }.isEmpty)
    func plain(_ api: String) -> ChannelSettings.Kind {
      .lark(
        LarkSettings(
          appID: "cli_1", appSecret: .environment("S"), api: api, groups: .addressed, rooms: [:], findsRooms: true,
          requestsPerMinute: 300, ignoredSenders: []))
    }
    #expect(
      reading.content?.settings.channels.map(\.kind) == [
        .lark(
          LarkSettings(
            appID: "cli_a1b2c3d4", appSecret: .file("secrets/lark"), api: "https://open.feishu.cn", groups: .never,
            rooms: [
              "oc_a0553eda9014c201e6969b478895c230": .init(
                answering: .always, agency: "Northlight", language: "zh", region: "CN")
            ], findsRooms: false, requestsPerMinute: 100,
            ignoredSenders: ["ou_7d8a6e6df7621556ce0d21922b676706", "cli_9b8c"])),
        plain("https://open.larksuite.com"), plain("https://open.larksuite.com"), plain("http://127.0.0.1:8080"),
      ])
  }

  static let bad: [BadInput] = [
    BadInput(
      "no app", "channels:\n  - {name: a, type: lark, app_secret: {env: S}}\n", "error 2:5", says: "'app_id' is missing"
    ),
    BadInput(
      "an app by its name", channel("groups: never", app: "app_id: Greenroom"), "error 4:13", says: "the app's own id"),
    BadInput(
      "no secret", channel("groups: never", secret: "groups: always"), "error 2:5", says: "'app_secret' is missing"),
    BadInput(
      "an empty secret", channel("groups: never", secret: "app_secret:"), "error 5:5", says: "'app_secret' is empty"),
    BadInput(
      "a secret in the file", channel("groups: never", secret: "app_secret: hunter2"), "error 5:17",
      says: "must not stand in this file"),
    BadInput(
      "a secret in no known place", channel("groups: never", secret: "app_secret: {vault: v}"), "error 5:18",
      says: "one of 'env' and 'file'"),
    BadInput("a domain that is none", channel("domain: larksuite"), "error 6:13", says: "lark or feishu"),
    BadInput(
      "a domain and an address", channel("domain: lark\n    api: https://a.b"), "error 7:5",
      says: "one of 'domain' and 'api'"),
    BadInput(
      "an address without its scheme", channel("api: open.feishu.cn"), "error 6:10", says: "begins with https://"),
    BadInput(
      "an address with a password", channel("api: https://a:hunter2@a.b"), "error 6:10",
      says: "must not hold a user or password"),
    BadInput("an address with a question", channel("api: https://a.b?c=d"), "error 6:10", says: "'?' part"),
    BadInput(
      "an answering that is none", channel("groups: mostly"), "error 6:13", says: "always, addressed or never"),
    BadInput("a room by its name", channel("rooms: [{room: Help}]"), "error 6:20", says: "own id, such as oc_"),
    BadInput("a person for a room", channel("rooms: [{room: ou_1}]"), "error 6:20", says: "own id"),
    BadInput("a room without an id", channel("rooms: [{agency: A}]"), "error 6:13", says: "'room' is missing"),
    BadInput("a room twice", channel("rooms: [{room: oc_1}, {room: oc_1}]"), "error 6:34", says: "named twice"),
    BadInput("no rooms at all", channel("find_rooms: no"), "error 6:5", says: "name a room"),
    BadInput("a switch that is none", channel("find_rooms: perhaps"), "error 6:17", says: "must be true or false"),
    BadInput("no requests", channel("requests_per_minute: 0"), "error 6:26", says: "from 1 to 6000"),
    BadInput("a sender by name", channel("ignore_senders: [Anna]"), "error 6:22", says: "names people"),
    BadInput("a key of slack", channel("threads: yes"), "error 6:5", says: "not known in a channel"),
  ]

  @Test(arguments: bad) func whatIsWrongIsNamed(_ input: BadInput) throws {
    let problems = try problemsOfSettings(input.text)
    input.check(problems, file: "greenroom.yml")
    #expect(!problems.contains { $0.message.contains("hunter2") }, "a secret is repeated")
  }
}
