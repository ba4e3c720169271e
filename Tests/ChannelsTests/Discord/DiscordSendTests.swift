import Foundation
import HTTP
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct DiscordSendTests {
  @Test func `a reply names what it answers, and calls nobody`() async throws {
    try await DiscordBench.with { bench in
      let id = bench.discord.say("q")
      let ids = try await bench.channel().send(DiscordBench.reply("**Hi** @everyone <@42>", to: "\(id)/e2026"))
      let call = try #require(bench.discord.calls("POST", "/messages").first)
      let body = try JSONValue.parse(call.body)
      #expect(body["content"] == "**Hi** @everyone \\<@42\\>")
      #expect(body["allowed_mentions"] == ["parse": []])
      #expect(body["message_reference"] == ["message_id": .string(id), "fail_if_not_exists": false])
      #expect(body["nonce"]?.string?.utf8.count == 24 && body["enforce_nonce"] == true && body["flags"] == 4)
      #expect(ids == bench.discord.shown().compactMap { $0["id"]?.string })
    }
  }

  static let markup: [(String, String)] = [
    ("*a* **b** ~~c~~ `d*e`", "*a* **b** ~~c~~ `d*e`"),
    ("2 \\* 3 snake_case ||x||", "2 \\* 3 snake\\_case \\|\\|x\\|\\|"),
    ("[x](https://a.b/c_d)", "[x](<https://a.b/c_d>)"), ("https://a.b/c_d_e", "<https://a.b/c_d_e>"),
    ("- a\n- b", "• a\n• b"), ("\\# no title\n\n\\- no list", "\\# no title\n\n\\- no list"), ("# Title", "**Title**"),
    ("> a\n>\n> b\n\nc", "> a\n> \n> b\n\nc"), ("```swift\na*b\n```", "```swift\na*b\n```"), ("``a`b``", "`` a`b ``"),
    ("**bold *both***", "**bold *both***"), ("<script>", "\\<script\\>"),
    ("[**x**](https://a.b)", "[**x**](<https://a.b>)"),
  ]

  @Test(arguments: markup.indices)
  func `Markdown becomes Discord's own, and what only looks like marks stays text`(index: Int) {
    let (markdown, expected) = Self.markup[index]
    #expect(DiscordMarkup.pieces(markdown) == [expected])
  }

  @Test func `no piece is over the limit, marks and all, and no word is lost`() {
    for seed in 0..<60 as Range<UInt64> {
      var draws = Draws(seed: seed)
      let scraps = [
        "word*_", "**bold `code` words**", "👨‍👩‍👧‍👦", "\n\n", "\n- item\n", "[link](https://a.b/\(seed))", "~~gone~~ ",
        "<<>>", "\n> q\n",
      ]
      let markdown = (0..<Int.random(in: 1...500, using: &draws)).map { _ in
        scraps.randomElement(using: &draws) ?? ""
      }.joined(separator: " ")
      let pieces = DiscordMarkup.pieces(markdown)
      #expect(pieces.allSatisfy { $0.utf16.count <= 2_000 && !$0.isEmpty }, "seed \(seed)")
      let families = pieces.joined().filter { $0 == "👨‍👩‍👧‍👦" }.count
      #expect(families == markdown.filter { $0 == "👨‍👩‍👧‍👦" }.count, "seed \(seed)")
    }
  }

  @Test func `texts at the limit are one message, and longer ones several`() async throws {
    for (text, count) in [
      (String(repeating: "a", count: 2_000), 1), (String(repeating: "a", count: 2_001), 2),
      (String(repeating: "\\*", count: 1_000), 1), (String(repeating: "\\*", count: 1_001), 2),
      (String(repeating: "👍", count: 1_001), 2),
      (String(repeating: "word ", count: 2_000), 5),
    ] {
      try await DiscordBench.with { bench in
        let ids = try await bench.channel().send(DiscordBench.reply(text))
        #expect(ids.count == count && bench.discord.shown().count == count)
      }
    }
  }

  @Test func `a reply is shown once: by its nonce, and where that is forgotten by a look into the room`() async throws {
    try await DiscordBench.with { bench in
      let question = bench.discord.say("q")
      let long = DiscordBench.reply(String(repeating: "word ", count: 900), to: question)
      let first = try await bench.channel().send(long)
      #expect(first.count == 3)
      #expect(try await bench.channel().send(long) == first)
      bench.discord.forgetNonces()
      // Ten minutes later, by a program started anew.
      #expect(try await bench.channel().send(long) == first)
      // The last piece had not arrived.
      bench.discord.delete(first[2])
      let again = try await bench.channel().send(long)
      #expect(again.prefix(2) == first.prefix(2) && again.count == 3)
      #expect(bench.discord.shown().count == 3)
      // The same words as an answer to something else are another reply.
      let other = bench.discord.say("q too")
      var another = long
      another.inReplyTo = other
      another.idempotencyKey = "other"
      #expect(try await bench.channel().send(another).count == 3)
      #expect(bench.discord.shown().count == 6)
    }
  }

  @Test(arguments: DiscordPollTests.faults)
  func `a reply that fails is tried again and shown once`(fault: DiscordPollTests.Fault) async throws {
    // A reply may be answered by an object.
    guard fault.name != "an object" else { return }
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      _ = try await channel.send(DiscordBench.reply("one before", key: "0"))
      bench.discord.fail("/messages", fault.answer, times: 3)
      let error = await #expect(throws: ChannelError.self) { _ = try await channel.send(DiscordBench.reply("words")) }
      #expect(error?.isRetriable == true && error?.code == fault.code)
      #expect(error?.concernsOneRoom == (fault.isOfOneRoom && fault.code != .unauthorized))
      #expect(error?.description.contains("words") == false)
      for _ in 0..<3 {
        bench.time.advance(by: 100)
        _ = try? await channel.send(DiscordBench.reply("words"))
      }
      bench.time.advance(by: 100)
      _ = try await channel.send(DiscordBench.reply("words"))
      #expect(bench.discord.shown().map { $0["content"] } == ["one before", "words"])
    }
  }

  static let refusals: [(Int, Int, ChannelError.Code, Bool)] = [
    (400, 50035, .refused, false), (403, 50013, .refused, false), (404, 10003, .refused, false),
    (401, 0, .unauthorized, true),
  ]

  @Test(arguments: refusals.indices)
  func `a refusal is told apart by its status`(index: Int) async throws {
    let (status, code, kind, isRetriable) = Self.refusals[index]
    try await DiscordBench.with { bench in
      bench.discord.fail("/messages", FakeDiscord.refuse(status, code))
      let error = await #expect(throws: ChannelError.self) {
        _ = try await bench.channel().send(DiscordBench.reply("w"))
      }
      #expect(error?.code == kind && error?.isRetriable == isRetriable)
      if code != 0 { #expect(error?.description.contains("(\(code))") == true) }
    }
  }

  @Test func `what the server says is left is kept to, each kind of call by itself`() async throws {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      bench.discord.setHeaders([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset-After", "4.5")])
      _ = try await channel.send(DiscordBench.reply("a", key: "1"))
      bench.discord.setHeaders([])
      #expect(bench.time.slept.isEmpty)
      _ = try await channel.send(DiscordBench.reply("b", key: "2"))
      #expect(bench.time.slept == [.seconds(4.5)])
      // A short 429 is waited out by the reply itself; a long one is handed back.
      bench.discord.fail("/messages", FakeDiscord.refuse(429, 0, ["retry_after": 2, "global": false]))
      _ = try await channel.send(DiscordBench.reply("c", key: "3"))
      #expect(bench.time.slept == [.seconds(4.5), .seconds(2)])
      bench.discord.fail("/messages", FakeDiscord.refuse(429, 0, ["retry_after": 60, "global": true]))
      let error = await #expect(throws: ChannelError.self) {
        _ = try await channel.send(DiscordBench.reply("d", key: "4"))
      }
      #expect(error?.retryAfter == .seconds(60))
      // All calls wait for that one, and do not knock.
      let before = bench.discord.requests.count
      await #expect(throws: ChannelError.self) { _ = try await channel.send(DiscordBench.reply("d", key: "4")) }
      #expect(bench.discord.requests.count == before)
      #expect(bench.discord.shown().count == 3)
    }
  }

  @Test func `a reply edits the one it takes the place of`() async throws {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      let two = try await channel.send(DiscordBench.reply(String(repeating: "word ", count: 500), key: "1"))
      #expect(two.count == 2)
      let one = try await channel.send(DiscordBench.reply("short", key: "2", replaces: two))
      #expect(one == [two[0]] && bench.discord.shown().map { $0["content"] } == ["short"])
      let gone = try await channel.send(DiscordBench.reply("new", key: "3", replaces: ["4040", "x"]))
      #expect(gone.count == 1 && bench.discord.shown().count == 2)
    }
  }

  @Test func `thumbs are offered, and their failure is nobody's concern`() async throws {
    try await DiscordBench.with { bench in
      bench.discord.fail("/reactions/", FakeDiscord.refuse(403, 50013))
      _ = try await bench.channel().send(DiscordBench.reply("x", asks: true))
      #expect(bench.discord.calls("PUT", "/reactions/").count == 2)
    }
  }

  @Test func `a token that can be none is refused, and is not shown; so is a room`() async throws {
    let http = try HTTPClient()
    for (token, room) in [("a b", "10"), ("a\nb", "10"), ("", "10"), ("good", "x"), ("good", "-5")] {
      let error = #expect(throws: ChannelSetupError.self) {
        try DiscordChannel(
          name: "dc", settings: DiscordSettings(token: .environment("TOKEN"), rooms: [room: .init()]),
          secrets: SecretReader(environment: ["TOKEN": token], folder: URL(filePath: "/nonexistent")), http: http,
          now: { TelegramBench.now }, sleep: { _ in })
      }
      #expect(error?.description.hasPrefix("channel 'dc': \(token == "good" ? "rooms" : "token")") == true)
    }
    await http.shutdown()
  }

  @Test func `people see that an answer is being written, if they are to`() async throws {
    for shows in [true, false] {
      try await DiscordBench.with {
        $0.showsTyping = shows
      } _: { bench in
        #expect(try bench.channel().isCourteous == shows)
        let room = "\(FakeDiscord.room)"
        await (try bench.channel()).typing(in: ConversationID(channel: "dc", room: room))
        await (try bench.channel()).typing(in: ConversationID(channel: "dc", room: room, thread: "99"))
        #expect(
          bench.discord.calls("POST", "/typing").map(\.path)
            == (shows ? ["/channels/10/typing", "/channels/99/typing"] : []))
      }
    }
  }

  @Test func `an edit of something that is gone is a new message, said once also by a program started anew`()
    async throws
  {
    try await DiscordBench.with { bench in
      let question = bench.discord.say("q")
      let edit = DiscordBench.reply("new words", to: question, replaces: ["4040"])
      let ids = try await bench.channel().send(edit)
      bench.discord.forgetNonces()
      #expect(try await bench.channel().send(edit) == ids)
      #expect(bench.discord.shown().count == 1)
    }
  }
}
