import Support
import Testing

@testable import Workspace

/// A channel of the type telegram in `greenroom.yml`.
@Suite struct TelegramSettingsTests {
  static func channel(_ more: String, token: String = "token: {env: GREENROOM_TELEGRAM_TOKEN}") -> String {
    "channels:\n  - name: chats\n    type: telegram\n    \(token)\n    \(more)\n"
  }

  static func read(_ text: String) throws -> (channels: [ChannelSettings]?, errors: [Problem]) {
    let fixture = try WorkspaceFixture(["knowledge/a.md": WorkspaceFixture.article, "greenroom.yml": text])
    let reading = fixture.read()
    return (reading.content?.settings.channels, reading.problems.filter { $0.severity == .error })
  }

  @Test func `a telegram channel says all that it can`() throws {
    let (channels, errors) = try Self.read(
      """
      channels:
        - name: chats
          type: telegram
          token: {file: secrets/telegram}
          server: http://127.0.0.1:8081
          wait: 50
          groups: always
          rooms:
            - {room: "-1001234567890", answer: never}
            - {room: "42", agency: Northlight, language: pt-BR, region: EU}
          ignore_senders: ["99"]
          typing: no
      """)
    #expect(errors.isEmpty)
    #expect(
      channels?.map(\.kind) == [
        .telegram(
          TelegramSettings(
            token: .file("secrets/telegram"), server: "http://127.0.0.1:8081", waitSeconds: 50, groups: .always,
            rooms: [
              "-1001234567890": .init(answering: .never),
              "42": .init(agency: "Northlight", language: "pt-BR", region: "EU"),
            ], ignoredSenders: ["99"], showsTyping: false))
      ])
  }

  @Test func `a token is all that it needs`() throws {
    let (channels, errors) = try Self.read(
      "channels:\n  - {name: chats, type: telegram, token: {env: GREENROOM_TELEGRAM_TOKEN}}\n")
    #expect(errors.isEmpty)
    let usual = TelegramSettings(token: .environment("GREENROOM_TELEGRAM_TOKEN"))
    #expect(channels?.map(\.kind) == [.telegram(usual)])
    #expect(usual.server == "https://api.telegram.org" && usual.waitSeconds == 30 && usual.groups == .addressed)
  }

  static let bad: [BadInput] = [
    BadInput("no token", "channels:\n  - {name: a, type: telegram}\n", "error 2:5", says: "needs 'token'"),
    BadInput("an empty token", channel("wait: 5", token: "token:"), "error 4:5", says: "'token' is empty"),
    BadInput(
      "a token in the file", channel("wait: 5", token: "token: 7654321:AAE-hunter2-hunter2"), "error 4:12",
      says: "must not stand in this file"),
    BadInput(
      "a token of both kinds", channel("wait: 5", token: "token: {env: A, file: b}"), "error 4:21",
      says: "one of 'env' and 'file'"),
    BadInput(
      "a token as the name of a variable", channel("wait: 5", token: "token: {env: '7654321:AAE-hunter2'}"),
      "error 4:18", says: "name of an environment variable"),
    BadInput("a server that is no address", channel("server: telegram"), "error 5:13", says: "https://"),
    BadInput(
      "a server with a key in it", channel("server: 'https://api.telegram.org/?key=hunter2'"), "error 5:13",
      says: "'?' part"),
    BadInput(
      "a server with a password in it", channel("server: 'https://u:hunter2@api.telegram.org'"), "error 5:13",
      says: "user or password"),
    BadInput("a wait past what Telegram holds", channel("wait: 51"), "error 5:11", says: "from 0 to 50"),
    BadInput("a wait before now", channel("wait: -1"), "error 5:11", says: "from 0 to 50"),
    BadInput("a wait in words", channel("wait: long"), "error 5:11", says: "'wait'"),
    BadInput(
      "an answering that is none", channel("groups: sometimes"), "error 5:13", says: "always, addressed or never"),
    BadInput("a group by its name", channel("rooms: [{room: '@help'}]"), "error 5:20", says: "room's own id"),
    BadInput("a group with a fraction", channel("rooms: [{room: '-1.5'}]"), "error 5:20", says: "room's own id"),
    BadInput(
      "a group beyond all numbers", channel("rooms: [{room: '-99999999999999999999'}]"), "error 5:20",
      says: "room's own id"),
    BadInput("a group zero", channel("rooms: [{room: '0'}]"), "error 5:20", says: "room's own id"),
    BadInput("a group without an id", channel("rooms: [{answer: never}]"), "error 5:13", says: "'room' is missing"),
    BadInput("a group twice", channel("rooms: [{room: '-5'}, {room: '-5'}]"), "error 5:34", says: "named twice"),
    BadInput(
      "a group answered in a way that is none", channel("rooms: [{room: '-5', answer: maybe}]"), "error 5:34",
      says: "always, addressed or never"),
    BadInput(
      "a language that is none", channel("rooms: [{room: '-5', language: '??'}]"), "error 5:36", says: "language"),
    BadInput("a key of no room", channel("rooms: [{room: '-5', topic: 9}]"), "error 5:26", says: "not known in a room"),
    BadInput("a sender by name", channel("ignore_senders: ['@rss']"), "error 5:22", says: "people by their numbers"),
    BadInput("a sender below zero", channel("ignore_senders: ['-5']"), "error 5:22", says: "people by their numbers"),
    BadInput("typing that is neither", channel("typing: perhaps"), "error 5:13", says: "'typing'"),
    BadInput(
      "a key of another server", channel("homeserver: https://a.b"), "error 5:5", says: "not known in a channel"),
  ]

  @Test(arguments: bad) func whatIsWrongIsNamed(_ input: BadInput) throws {
    let problems = try problemsOfSettings(input.text)
    input.check(problems, file: "greenroom.yml")
    #expect(!problems.contains { $0.message.contains("hunter2") }, "a secret is repeated")
  }
}
