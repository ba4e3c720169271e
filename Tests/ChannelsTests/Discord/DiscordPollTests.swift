import Foundation
import HTTP
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct DiscordPollTests {
  static func until(_ channel: DiscordChannel, _ cursor: inout String?, _ count: Int) async throws -> [Message] {
    var messages: [Message] = []
    for _ in 0..<20 where messages.count < count {
      let poll = try await channel.poll(after: cursor)
      messages += poll.messages
      cursor = poll.cursor
    }
    return messages
  }

  @Test func `pages come oldest first, whatever order Discord gives them in, and nothing from before the start`()
    async throws
  {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      bench.discord.say("before the start")
      var cursor = try await channel.poll(after: nil).cursor
      for number in 0..<250 { bench.discord.say("m\(number)") }
      let messages = try await Self.until(channel, &cursor, 250)
      #expect(messages.map(\.text) == (0..<250).map { "m\($0)" })
      #expect(bench.discord.requests.contains { $0.query["limit"] == "100" && $0.query["after"] == "1001" })
      // Anew, from the cursor: nothing is there, and the cursor stays.
      let empty = try await bench.channel().poll(after: cursor)
      #expect(empty.isEmpty && empty.cursor == cursor)
    }
  }

  @Test func `a quiet round is followed by a pause, and one with news is not`() async throws {
    try await DiscordBench.with {
      $0.pauseSeconds = 7
    } _: { bench in
      let channel = try bench.channel()
      let start = try await channel.poll(after: nil)
      let quiet = try await channel.poll(after: start.cursor)
      #expect(bench.time.slept == [.seconds(7)])
      bench.discord.say("x")
      let news = try await channel.poll(after: quiet.cursor)
      _ = try await channel.poll(after: news.cursor)
      #expect(bench.time.slept == [.seconds(7), .seconds(7)])
    }
  }

  @Test func `a message is read with all that it has`() async throws {
    try await DiscordBench.with {
      $0.rooms["\(FakeDiscord.room)"] = .init(agency: "Lumen", language: "pt", region: "BR")
    } _: { bench in
      let channel = try bench.channel()
      let start = try await channel.poll(after: nil)
      let id = bench.discord.say(
        "<@77> hi <@43>, see this",
        by: ["id": "42", "username": "anna", "global_name": "Anna"],
        also: [
          "member": ["nick": "Ana"], "type": 19, "message_reference": ["message_id": "900"],
          "mentions": [FakeDiscord.user(77, "green"), FakeDiscord.user(43, "ben")],
          "attachments": [
            ["filename": "p.png", "url": "https://cdn.example/p", "content_type": "image/png", "size": 9]
          ], "sticker_items": [["name": "wave"]],
        ])
      let message = try #require(try await channel.poll(after: start.cursor).messages.first)
      #expect(message.id.id == id && message.conversation.room == "\(FakeDiscord.room)")
      #expect(message.text == "hi @ben, see this" && message.sender == Sender(id: "42", name: "Ana"))
      #expect(message.agency == "Lumen" && message.language == "pt" && message.region == "BR")
      #expect(message.replyTo == "900")
      #expect(
        message.attachments == [
          Attachment(name: "p.png", url: "https://cdn.example/p", mediaType: "image/png", size: 9),
          Attachment(name: "sticker wave"),
        ])
      #expect(message.sentAt == Date(timeIntervalSince1970: 1_795_428_000))
    }
  }

  @Test func `only what is meant for the bot is answered, and neither bots nor webhooks nor itself`() async throws {
    try await DiscordBench.with {
      $0.answering = .addressed
      $0.rooms["\(FakeDiscord.otherRoom)"] = .init(answering: .always)
      $0.ignoredSenders = ["13"]
    } _: { bench in
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      let discord = bench.discord
      discord.say("for nobody")
      discord.say("<@77> for me", also: ["mentions": [FakeDiscord.user(77)]])
      discord.say("hey <@!77>")
      discord.say("a reply", also: ["referenced_message": ["author": FakeDiscord.user(77)]])
      discord.say(
        "forwarded", also: ["message_reference": ["type": 1], "referenced_message": ["author": FakeDiscord.user(77)]])
      discord.say("<@77> beep", by: FakeDiscord.user(50, isBot: true))
      discord.say("<@77> hook", also: ["webhook_id": "3"])
      discord.say("<@77> myself", by: FakeDiscord.user(77))
      discord.say("<@77> ignored", by: FakeDiscord.user(13))
      discord.say("", also: ["type": 7])
      discord.say("all is answered here", in: FakeDiscord.otherRoom)
      let messages = try await Self.until(channel, &cursor, 4)
      #expect(messages.map(\.text) == ["for me", "hey <@!77>", "a reply", "all is answered here"])
    }
  }

  @Test func `threads are read from their beginning or the bot's, and answered once the bot is in them`() async throws {
    try await DiscordBench.with {
      $0.readsThreads = true
      $0.answering = .addressed
    } _: { bench in
      let channel = try bench.channel()
      let old = bench.discord.openThread()
      bench.discord.say("<@77> long ago", in: old)
      var cursor = try await channel.poll(after: nil).cursor
      let new = bench.discord.openThread()
      let joined = bench.discord.openThread(isJoined: true)
      bench.discord.say("<@77> now", in: old)
      bench.discord.say("<@77> new", in: new)
      bench.discord.say("not for the bot", in: new)
      bench.discord.say("it is in here", in: joined)
      let elsewhere = bench.discord.openThread(in: 99)
      bench.discord.say("<@77> elsewhere", in: elsewhere)
      let messages = try await Self.until(channel, &cursor, 3)
      #expect(messages.map(\.text) == ["now", "new", "it is in here"])
      #expect(messages.map(\.conversation.thread) == ["\(old)", "\(new)", "\(joined)"])
      #expect(messages.allSatisfy { $0.conversation.room == "\(FakeDiscord.room)" })
      let empty = try await bench.channel().poll(after: cursor)
      #expect(empty.isEmpty)
      // Where the bot has written, it is in.
      _ = try await channel.send(DiscordBench.reply("hello", thread: "\(new)"))
      bench.discord.say("thanks", in: new)
      #expect(try await Self.until(channel, &cursor, 1).map(\.text) == ["thanks"])
    }
  }

  @Test func `edits, deletions and thumbs are found at a second look, once each`() async throws {
    try await DiscordBench.with {
      $0.reviewSeconds = 30
    } _: { bench in
      let channel = try bench.channel()
      bench.discord.say("edited long ago", also: ["edited_timestamp": "2026-11-23T09:00:00+00:00"])
      var cursor = try await channel.poll(after: nil).cursor
      let id = bench.discord.say("frist")
      let gone = bench.discord.say("oops")
      cursor = try await channel.poll(after: cursor).cursor
      let answer = try await channel.send(DiscordBench.reply("answer", to: id, asks: true))[0]
      bench.time.advance(by: 60)
      cursor = try await channel.poll(after: cursor).cursor
      bench.discord.edit(id, to: "first", at: "2026-11-23T10:01:00+00:00")
      bench.discord.delete(gone)
      bench.discord.react("👍", to: answer, by: [FakeDiscord.user(77, isBot: true), FakeDiscord.user(42)])
      // Not yet.
      let before = try await channel.poll(after: cursor)
      #expect(before.messages.isEmpty && before.reactions.isEmpty)
      bench.time.advance(by: 60)
      let poll = try await channel.poll(after: cursor)
      #expect(poll.messages.map(\.text) == ["first"] && poll.messages.first?.editOf == id)
      #expect(poll.redactions.map(\.target) == [gone])
      #expect(poll.reactions.map(\.message) == [answer] && poll.reactions.first?.isHelpful == true)
      // Lost on the way: it is brought again. Taken in: it is not.
      let again = try await channel.poll(after: cursor)
      #expect(
        again.messages == poll.messages && again.redactions == poll.redactions && again.reactions == poll.reactions)
      cursor = again.cursor
      bench.discord.react("👍", to: answer, by: [FakeDiscord.user(77, isBot: true)])
      bench.time.advance(by: 60)
      let last = try await channel.poll(after: cursor)
      #expect(last.messages.isEmpty && last.redactions.isEmpty)
      #expect(last.reactions.map(\.isRemoved) == [true] && last.reactions.first?.id == poll.reactions.first?.id)
      // A program that was not there finds the edits that came after the last it saw.
      bench.discord.edit(id, to: "at last", at: "2026-11-23T10:05:00+00:00")
      let anew = try await bench.channel().poll(after: last.cursor)
      #expect(anew.messages.map(\.text) == ["at last"])
    }
  }

  @Test func `one room that cannot be read keeps no other from being read, and staff are told once`() async throws {
    try await DiscordBench.with {
      $0.rooms["11"] = .init()
    } _: { bench in
      let channel = try bench.channel()
      let start = try await channel.poll(after: nil)
      #expect(start.unreadable.map(\.id) == ["room 11"])
      bench.discord.say("here")
      let poll = try await channel.poll(after: start.cursor)
      #expect(poll.messages.map(\.text) == ["here"] && poll.unreadable.isEmpty)
      bench.discord.fail("channels/10/", FakeDiscord.refuse(403, 50001))
      let next = try await channel.poll(after: poll.cursor)
      #expect(next.unreadable.map(\.id) == ["room 10"])
      // None is left: the channel is not well, and tries again later.
      let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: next.cursor) }
      #expect(error?.code == .unauthorized && error?.isRetriable == true)
      bench.time.advance(by: 120)
      bench.discord.say("back")
      #expect(try await channel.poll(after: next.cursor).messages.map(\.text) == ["back"])
    }
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var answer: Responder.Answer
    var code: ChannelError.Code
    var retryAfter: Duration?
    var testDescription: String { name }
    /// Whether others could go on: then the answer is the API's own.
    var isOfOneRoom = false
    /// A connection that was used before and breaks at once is tried once more by the HTTP client itself.
    var times: Int { name == "reset" ? 2 : 1 }
  }

  static let faults: [Fault] = [
    Fault(name: "401", answer: FakeDiscord.refuse(401, 0), code: .unauthorized, isOfOneRoom: true),
    Fault(
      name: "429 with retry_after", answer: FakeDiscord.refuse(429, 0, ["retry_after": 3.5, "global": false]),
      code: .rateLimited, retryAfter: .seconds(3.5), isOfOneRoom: true),
    Fault(
      name: "429, global", answer: FakeDiscord.refuse(429, 0, ["retry_after": 20, "global": true]), code: .rateLimited,
      retryAfter: .seconds(20)),
    Fault(
      name: "429 with a header only", answer: .respond(status: 429, headers: [("Retry-After", "9")]),
      code: .rateLimited,
      retryAfter: .seconds(9)),
    Fault(name: "429 without", answer: .respond(status: 429), code: .rateLimited, retryAfter: .seconds(1)),
    Fault(name: "409", answer: FakeDiscord.refuse(409, 40060), code: .conflict, isOfOneRoom: true),
    Fault(name: "500", answer: FakeDiscord.refuse(500, 0), code: .serverError, isOfOneRoom: true),
    Fault(name: "502 of a proxy", answer: .respond(status: 502, body: Array("<html>".utf8)), code: .serverError),
    Fault(name: "reset", answer: .reset, code: .unreachable),
    Fault(name: "half-closed body", answer: .endEarly(announced: 90, sent: Array("[{".utf8)), code: .unreachable),
    Fault(name: "wrong JSON", answer: .json("[{"), code: .malformed),
    Fault(name: "an object", answer: .json("{\"messages\":[]}"), code: .malformed),
    Fault(name: "messages without ids", answer: .json("[{\"content\":\"x\"},{\"id\":\"-1\"},7]"), code: .malformed),
  ]

  @Test(arguments: faults)
  func `a poll that fails is a clear error without the token, and the next one misses nothing`(fault: Fault)
    async throws
  {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.discord.say("asked")
      bench.discord.fail("/messages", fault.answer, times: fault.times)
      let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: cursor) }
      #expect(error?.code == fault.code && error?.isRetriable == true)
      #expect(error?.retryAfter == fault.retryAfter)
      #expect(error?.description.hasPrefix("channel 'dc': ") == true)
      #expect(error.map { "\($0)\(String(reflecting: $0))".contains("secret") } == false)
      bench.time.advance(by: 100)
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["asked"])
    }
  }

  static let bad: [(String, JSONObject)] = [
    ("no author", ["author": nil]), ("an author without an id", ["author": ["username": "x"]]),
    ("no type", ["type": nil]), ("no content", ["content": nil]), ("a content of another kind", ["content": [1]]),
    ("a content beyond all bounds", ["content": .string(String(repeating: "x", count: 70_000))]),
    ("nothing that may be seen", ["content": ""]),
  ]

  @Test(arguments: bad.indices)
  func `a message that cannot be read is kept, and the others are read`(index: Int) async throws {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.discord.say("before")
      let id = bench.discord.say("bad", also: Self.bad[index].1)
      bench.discord.say("after")
      let poll = try await channel.poll(after: cursor)
      #expect(poll.messages.map(\.text) == ["before", "after"])
      #expect(poll.unreadable.map(\.id) == [id], "\(Self.bad[index].0)")
    }
  }

  @Test func `any value anywhere in a message is read or kept, and never the end`() {
    let odd: [JSONValue] = [
      .null, true, 0, -1, .integer(.max), .integer(.min), 1e300, "", "\u{0}", "<@77>", "99999999999999999999", [], [[]],
      [:], ["id": "1"],
    ]
    let whole: JSONValue = [
      "id": "5", "type": 0, "content": "<@77> x", "author": FakeDiscord.user(), "mentions": [FakeDiscord.user(77)],
      "attachments": [["filename": "x", "size": 1]], "message_reference": ["message_id": "3"], "timestamp": "x",
      "edited_timestamp": nil, "referenced_message": ["author": FakeDiscord.user()], "sticker_items": [["name": "x"]],
      "member": ["nick": "n"], "poll": [:],
    ]
    let settings = DiscordSettings(token: .environment("T"), rooms: ["10": .init()], answering: .always)
    let reader = DiscordMessageReader(
      channel: "dc", settings: settings, bot: Snowflake(number: 77), memory: DiscordMemory(), now: TelegramBench.now)
    let place = DiscordPolling.Place(id: Snowflake(number: 10), room: Snowflake(number: 10))
    for seed in 0..<3_000 as Range<UInt64> {
      var draws = Draws(seed: seed)
      var message = whole
      for _ in 0..<Int.random(in: 1...3, using: &draws) {
        message = TelegramReadingTests.changed(message, odd.randomElement(using: &draws) ?? .null, &draws)
      }
      var poll = Poll()
      reader.read(message, in: place, into: &poll)
      #expect(poll.messages.count + poll.unreadable.count <= 1)
      #expect(poll.messages.allSatisfy { !$0.sender.id.isEmpty && !$0.text.contains("\u{0}") })
    }
  }

  @Test func `cursors are read back as they were written, and others are said`() async throws {
    var cursor = DiscordCursor()
    cursor.rooms[Snowflake(number: 3)] = .init(began: .zero, after: Snowflake(number: 9), edited: "2026")
    cursor.threads[Snowflake(number: 4)] = .init(parent: Snowflake(number: 3), after: Snowflake(number: 8))
    cursor.looks = 7
    #expect(DiscordCursor(cursor.text) == cursor)
    for text in ["", "x", "[]", "{\"rooms\":{\"x\":{}}}", "{\"rooms\":{\"3\":{\"began\":\"-1\",\"after\":\"2\"}}}"] {
      #expect(DiscordCursor(text) == nil)
    }
    try await DiscordBench.with { bench in
      let poll = try await bench.channel().poll(after: "1234")
      #expect(poll.unreadable.count == 1 && poll.cursor != "1234")
    }
  }
}
