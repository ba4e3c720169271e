import Support
import Testing

@testable import Workspace

/// A channel of the type discord in `greenroom.yml`.
@Suite struct DiscordSettingsTests {
  static func channel(
    _ more: String, token: String = "token: {env: GREENROOM_DISCORD_TOKEN}",
    rooms: String = "rooms: [{room: \"1184563210987654321\"}]"
  ) -> String {
    "channels:\n  - name: guild\n    type: discord\n    \(token)\n    \(rooms)\n    \(more)\n"
  }

  @Test func `a discord channel says all that it can`() throws {
    let (channels, errors) = try TelegramSettingsTests.read(
      """
      channels:
        - name: guild
          type: discord
          token: {file: secrets/discord}
          server: http://127.0.0.1:8082/api/v10
          answer: always
          rooms:
            - {room: "1184563210987654321", answer: addressed}
            - {room: "1184563210987654322", agency: Northlight, language: pt-BR, region: EU}
          threads: no
          pause: 5
          review: 0
          ignore_senders: ["99"]
          typing: no
      """)
    #expect(errors.isEmpty)
    #expect(
      channels?.map(\.kind) == [
        .discord(
          DiscordSettings(
            token: .file("secrets/discord"), server: "http://127.0.0.1:8082/api/v10",
            rooms: [
              "1184563210987654321": .init(answering: .addressed),
              "1184563210987654322": .init(agency: "Northlight", language: "pt-BR", region: "EU"),
            ], answering: .always, readsThreads: false, pauseSeconds: 5, reviewSeconds: 0, ignoredSenders: ["99"],
            showsTyping: false))
      ])
  }

  @Test func `a token and a room are all that it needs`() throws {
    let (channels, errors) = try TelegramSettingsTests.read(
      "channels:\n  - {name: guild, type: discord, token: {env: T}, rooms: [{room: '7'}]}\n")
    #expect(errors.isEmpty)
    let usual = DiscordSettings(token: .environment("T"), rooms: ["7": .init()])
    #expect(channels?.map(\.kind) == [.discord(usual)])
    #expect(usual.server == "https://discord.com/api/v10" && usual.answering == .addressed && usual.readsThreads)
  }

  static let bad: [BadInput] = [
    BadInput(
      "no token", "channels:\n  - {name: a, type: discord, rooms: [{room: '7'}]}\n", "error 2:5", says: "needs 'token'"),
    BadInput("an empty token", channel("pause: 5", token: "token:"), "error 4:5", says: "'token' is empty"),
    BadInput(
      "a token in the file", channel("pause: 5", token: "token: MTE4.hunter2.hunter2"), "error 4:12",
      says: "must not stand in this file"),
    BadInput(
      "no rooms", "channels:\n  - {name: a, type: discord, token: {env: T}}\n", "error 2:5", says: "needs 'rooms'"),
    BadInput("rooms that are empty", channel("pause: 5", rooms: "rooms: []"), "error 5:5", says: "needs 'rooms'"),
    BadInput("rooms that are nothing", channel("pause: 5", rooms: "rooms:"), "error 5:5", says: "needs 'rooms'"),
    BadInput("rooms that are no list", channel("pause: 5", rooms: "rooms: all"), "error 5:12", says: "must be a list"),
    BadInput(
      "a room by its name", channel("pause: 5", rooms: "rooms: [{room: '#help'}]"), "error 5:20", says: "room's own id"),
    BadInput(
      "a room by its address",
      channel("pause: 5", rooms: "rooms: [{room: 'https://discord.com/channels/5/10'}]"), "error 5:20",
      says: "room's own id"),
    BadInput(
      "a room below zero", channel("pause: 5", rooms: "rooms: [{room: '-10'}]"), "error 5:20", says: "room's own id"),
    BadInput(
      "a room beyond all numbers", channel("pause: 5", rooms: "rooms: [{room: '99999999999999999999'}]"), "error 5:20",
      says: "room's own id"),
    BadInput(
      "a room twice", channel("pause: 5", rooms: "rooms: [{room: '7'}, {room: '7'}]"), "error 5:33",
      says: "named twice"),
    BadInput(
      "a room without an id", channel("pause: 5", rooms: "rooms: [{answer: never}]"), "error 5:13",
      says: "'room' is missing"),
    BadInput(
      "a room answered in a way that is none", channel("pause: 5", rooms: "rooms: [{room: '7', answer: maybe}]"),
      "error 5:33", says: "always, addressed or never"),
    BadInput(
      "an answering that is none", channel("answer: sometimes"), "error 6:13", says: "always, addressed or never"),
    BadInput("a server that is no address", channel("server: discord"), "error 6:13", says: "https://"),
    BadInput(
      "a server with a key in it", channel("server: 'https://discord.com/api?key=hunter2'"), "error 6:13",
      says: "'?' part"),
    BadInput("no pause at all", channel("pause: 0"), "error 6:12", says: "from 1 to 60"),
    BadInput("a pause of hours", channel("pause: 3600"), "error 6:12", says: "from 1 to 60"),
    BadInput("a review of days", channel("review: 86400"), "error 6:13", says: "from 0 to 3600"),
    BadInput("a review before now", channel("review: -1"), "error 6:13", says: "from 0 to 3600"),
    BadInput("threads that are neither", channel("threads: some"), "error 6:14", says: "'threads'"),
    BadInput("a sender by name", channel("ignore_senders: [rss]"), "error 6:22", says: "people by their numbers"),
    BadInput("typing that is neither", channel("typing: perhaps"), "error 6:13", says: "'typing'"),
    BadInput("a key of another server", channel("wait: 30"), "error 6:5", says: "not known in a channel"),
  ]

  @Test(arguments: bad) func whatIsWrongIsNamed(_ input: BadInput) throws {
    let problems = try problemsOfSettings(input.text)
    input.check(problems, file: "greenroom.yml")
    #expect(!problems.contains { $0.message.contains("hunter2") }, "a secret is repeated")
  }
}
