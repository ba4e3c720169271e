import Support
import Testing
import Workspace

@Suite struct MatrixSettingsTests {
  private static func channel(_ rest: String, account: String = "password: {env: P}") -> String {
    "channels:\n  - name: rooms\n    type: matrix\n    homeserver: https://m.example\n    user: \"@bot:m.example\"\n    \(account)\n    \(rest)\n"
  }

  @Test func everyKeyIsRead() throws {
    let fixture = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article,
      "greenroom.yml": """
      channels:
        - name: rooms
          type: matrix
          homeserver: https://matrix.example:8448
          user: "@greenroom:example.org"
          access_token: {file: secrets/matrix}
          wait: 20
          invites_from: [example.org, "@anna:partner.example"]
          groups: always
          rooms:
            - {room: "!abc:example.org", answer: never}
            - {room: "!def:example.org", agency: Northlight, language: pt-BR, region: EU}
          ignore_senders: ["@rss:example.org"]
          receipts: no
          typing: no
      """,
    ])
    let reading = fixture.read()
    #expect(reading.problems.filter { $0.severity == .error }.isEmpty)
    #expect(
      reading.content?.settings.channels.map(\.kind) == [
        .matrix(
          MatrixSettings(
            homeserver: "https://matrix.example:8448", user: "@greenroom:example.org",
            authentication: .accessToken(.file("secrets/matrix")), waitSeconds: 20,
            inviters: ["example.org", "@anna:partner.example"], groups: .always,
            rooms: [
              "!abc:example.org": .init(answering: .never),
              "!def:example.org": .init(agency: "Northlight", language: "pt-BR", region: "EU"),
            ], ignoredSenders: ["@rss:example.org"], sendsReceipts: false, showsTyping: false))
      ])
  }

  static let bad: [BadInput] = [
    BadInput(
      "no homeserver", "channels:\n  - {name: a, type: matrix, user: '@b:c', password: {env: P}}\n", "error 2:5",
      says: "'homeserver' is missing"),
    BadInput(
      "no user", "channels:\n  - {name: a, type: matrix, homeserver: 'https://m.example', password: {env: P}}\n",
      "error 2:5", says: "'user' is missing"),
    BadInput(
      "a user without a server",
      "channels:\n  - {name: a, type: matrix, homeserver: 'https://m.example', user: bot, password: {env: P}}\n",
      "error 2:68", says: "whole Matrix name"),
    BadInput("no account", channel("wait: 5", account: "typing: yes"), "error 2:5", says: "needs 'password'"),
    BadInput(
      "two accounts", channel("access_token: {env: T}"), "error 2:5", says: "one of 'password' and 'access_token'"),
    BadInput(
      "a password in the file", channel("wait: 5", account: "password: hunter2"), "error 6:15",
      says: "must not stand in this file"),
    BadInput("a wait past what servers hold", channel("wait: 61"), "error 7:11", says: "from 0 to 60"),
    BadInput(
      "an answering that is none", channel("groups: sometimes"), "error 7:13", says: "always, addressed or never"),
    BadInput("an inviter that is none", channel("invites_from: ['*']"), "error 7:20", says: "names servers"),
    BadInput("a room by its address", channel("rooms: [{room: '#help:m.example'}]"), "error 7:20", says: "own id"),
    BadInput("a room without an id", channel("rooms: [{answer: never}]"), "error 7:13", says: "'room' is missing"),
    BadInput(
      "a room twice", channel("rooms: [{room: '!a:b'}, {room: '!a:b'}]"), "error 7:36", says: "named twice"),
    BadInput("a sender that is none", channel("ignore_senders: [rss]"), "error 7:22", says: "names people"),
    BadInput("a key of a webhook", channel("reply_url: https://a.b"), "error 7:5", says: "not known in a channel"),
  ]

  @Test(arguments: bad) func whatIsWrongIsNamed(_ input: BadInput) throws {
    let problems = try problemsOfSettings(input.text)
    input.check(problems, file: "greenroom.yml")
    #expect(!problems.contains { $0.message.contains("hunter2") }, "a secret is repeated")
  }
}
