import Support
import Testing
import Workspace

@Suite struct SlackSettingsTests {
  private static func channel(_ rest: String, token: String = "token: {env: T}") -> String {
    "channels:\n  - name: rooms\n    type: slack\n    \(token)\n    \(rest)\n"
  }

  @Test func everyKeyIsRead() throws {
    let fixture = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article,
      "greenroom.yml": """
      channels:
        - name: rooms
          type: slack
          token: {file: secrets/slack}
          api: https://slack-gov.com/api
          groups: always
          rooms:
            - {room: C0123456789, answer: never}
            - {room: D0123456789, agency: Northlight, language: pt-BR, region: EU}
          find_rooms: no
          threads: no
          requests_per_minute: 20
          ignore_senders: [U0123456789, W0123456789]
        - {name: plain, type: slack, token: {env: GREENROOM_SLACK_TOKEN}}
      """,
    ])
    let reading = fixture.read()
    #expect(reading.problems.filter { $0.severity == .error }.isEmpty)
    #expect(
      reading.content?.settings.channels.map(\.kind) == [
        .slack(
          SlackSettings(
            token: .file("secrets/slack"), api: "https://slack-gov.com/api", groups: .always,
            rooms: [
              "C0123456789": .init(answering: .never),
              "D0123456789": .init(agency: "Northlight", language: "pt-BR", region: "EU"),
            ], findsRooms: false, repliesInThreads: false, requestsPerMinute: 20,
            ignoredSenders: ["U0123456789", "W0123456789"])),
        .slack(
          SlackSettings(
            token: .environment("GREENROOM_SLACK_TOKEN"), api: "https://slack.com/api", groups: .addressed, rooms: [:],
            findsRooms: true, repliesInThreads: true, requestsPerMinute: 45, ignoredSenders: [])),
      ])
  }

  static let bad: [BadInput] = [
    BadInput("no token", "channels:\n  - {name: a, type: slack}\n", "error 2:5", says: "'token' is missing"),
    BadInput("an empty token", channel("threads: yes", token: "token:"), "error 4:5", says: "'token' is empty"),
    BadInput(
      "a token in the file", channel("threads: yes", token: "token: xoxb-hunter2"), "error 4:12",
      says: "must not stand in this file"),
    BadInput(
      "a token as the name of a variable", channel("threads: yes", token: "token: {env: xoxb-hunter2}"), "error 4:18",
      says: "name of an environment variable"),
    BadInput(
      "a token in two places", channel("threads: yes", token: "token: {env: T, file: t}"), "error 4:21",
      says: "one of 'env' and 'file'"),
    BadInput(
      "an address without its scheme", channel("api: slack.com/api"), "error 5:10", says: "begins with https://"),
    BadInput(
      "an address with a password", channel("api: https://a:hunter2@slack.com/api"), "error 5:10",
      says: "must not hold a user or password"),
    BadInput("an address with a question", channel("api: https://slack.com/api?a=b"), "error 5:10", says: "'?' part"),
    BadInput("an address with a fragment", channel("api: 'https://slack.com/api#a'"), "error 5:10", says: "'#' part"),
    BadInput(
      "an answering that is none", channel("groups: sometimes"), "error 5:13", says: "always, addressed or never"),
    BadInput(
      "a room by its name", channel("rooms: [{room: '#help'}]"), "error 5:20", says: "own id, such as C0123456789"),
    BadInput("a person for a room", channel("rooms: [{room: U0123456789}]"), "error 5:20", says: "own id"),
    BadInput("a room without an id", channel("rooms: [{answer: never}]"), "error 5:13", says: "'room' is missing"),
    BadInput("a room twice", channel("rooms: [{room: C1}, {room: C1}]"), "error 5:32", says: "named twice"),
    BadInput(
      "a room with a key that is none", channel("rooms: [{room: C1, agencies: A}]"), "error 5:24",
      says: "not known in a room"),
    BadInput(
      "a room's answering that is none", channel("rooms: [{room: C1, answer: yes}]"), "error 5:32",
      says: "always, addressed or never"),
    BadInput("no rooms at all", channel("find_rooms: no"), "error 5:5", says: "name a room"),
    BadInput("a switch that is none", channel("find_rooms: perhaps"), "error 5:17", says: "must be true or false"),
    BadInput("threads that are none", channel("threads: 5"), "error 5:14", says: "must be true or false"),
    BadInput("no requests", channel("requests_per_minute: 0"), "error 5:26", says: "from 1 to 6000"),
    BadInput("too many requests", channel("requests_per_minute: 6001"), "error 5:26", says: "from 1 to 6000"),
    BadInput("requests in words", channel("requests_per_minute: many"), "error 5:26", says: "requests_per_minute"),
    BadInput("a sender by name", channel("ignore_senders: [rss]"), "error 5:22", says: "names members"),
    BadInput("a room for a sender", channel("ignore_senders: [C0123456789]"), "error 5:22", says: "names members"),
    BadInput(
      "a key of a matrix channel", channel("homeserver: https://a.b"), "error 5:5", says: "not known in a channel"),
  ]

  @Test(arguments: bad) func whatIsWrongIsNamed(_ input: BadInput) throws {
    let problems = try problemsOfSettings(input.text)
    input.check(problems, file: "greenroom.yml")
    #expect(!problems.contains { $0.message.contains("hunter2") }, "a secret is repeated")
  }
}
