import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct TelegramSendTests {
  @Test func `a reply stands beside what it answers, in its topic, in Telegram's HTML`() async throws {
    try await TelegramBench.with { bench in
      let ids = try await bench.channel().send(
        TelegramBench.reply("**Hi** <b> & \"you\"", to: "\(FakeTelegram.group):7/e99", thread: "9"))
      let body = try #require(bench.telegram.shown.first)
      #expect(body["text"] == "<b>Hi</b> &lt;b&gt; &amp; \"you\"")
      #expect(body["parse_mode"] == "HTML")
      #expect(body["message_thread_id"] == 9)
      #expect(body["reply_parameters"] == ["message_id": 7, "allow_sending_without_reply": true])
      #expect(body["reply_markup"] == nil)
      #expect(ids == ["\(FakeTelegram.group):2"])
    }
  }

  static let markup: [(String, String)] = [
    ("*a* **b** ~~c~~ `d<e`", "<i>a</i> <b>b</b> <s>c</s> <code>d&lt;e</code>"),
    ("[x](https://a.b/?q=\"1\"&r=2)", "<a href=\"https://a.b/?q=%221%22&amp;r=2\">x</a>"),
    ("```swift\na < b\n```", "<pre><code class=\"language-swift\">a &lt; b</code></pre>"),
    ("```\nx\n```", "<pre>x</pre>"),
    ("> a\n>\n> > b", "<blockquote>a\n\nb</blockquote>"), ("**a `b` c**", "<b>a </b><code>b</code><b> c</b>"),
    ("[`a`](https://b.c)", "<a href=\"https://b.c\">a</a>"), ("[x](tg://user?id=1)", "x"),
    ("<script>alert('x')</script>", "&lt;script&gt;alert('x')&lt;/script&gt;"), ("a &amp; b", "a &amp; b"),
    ("**bold *both***", "<b>bold <i>both</i></b>"),
  ]

  @Test(arguments: markup.indices)
  func `Markdown becomes Telegram's HTML`(index: Int) {
    let (markdown, html) = Self.markup[index]
    #expect(TelegramMarkup.pieces(markdown).map(TelegramMarkup.html) == [html])
  }

  @Test func `whatever the Markdown, the HTML is one that Telegram takes`() {
    for seed in 0..<300 as Range<UInt64> {
      var draws = Draws(seed: seed)
      let markdown = (0..<Int.random(in: 1...40, using: &draws)).map { _ in
        StyledTextTests.scraps.randomElement(using: &draws) ?? ""
      }.joined(separator: Bool.random(using: &draws) ? " " : "")
      for piece in TelegramMarkup.pieces(markdown) {
        #expect(FakeTelegram.words(of: TelegramMarkup.html(piece)) == piece.text, "seed \(seed)")
      }
    }
  }

  @Test func `texts at the limit are one message, and longer ones several, in UTF-16 code units`() async throws {
    for (text, count) in [
      (String(repeating: "a", count: 4_096), 1), (String(repeating: "a", count: 4_097), 2),
      (String(repeating: "👍", count: 2_048), 1), (String(repeating: "👍", count: 2_049), 2),
      (String(repeating: "&", count: 4_096), 1), (String(repeating: "word ", count: 5_000), 7),
      (String(repeating: "e\u{301}", count: 3_000), 2),
    ] {
      try await TelegramBench.with { bench in
        let ids = try await bench.channel().send(TelegramBench.reply(text, to: "\(FakeTelegram.group):1", asks: true))
        #expect(ids.count == count && bench.telegram.shown.count == count)
        let words = bench.telegram.shown.compactMap { $0["text"]?.string.flatMap(FakeTelegram.words) }
        #expect(words.joined().filter { !$0.isWhitespace } == text.filter { !$0.isWhitespace })
        // What is answered is named once, and asked about once.
        #expect(
          bench.telegram.shown.map { $0["reply_parameters"] != nil } == [true]
            + Array(repeating: false, count: count - 1))
        #expect(
          bench.telegram.shown.map { $0["reply_markup"] != nil } == Array(repeating: false, count: count - 1) + [true])
      }
    }
  }

  @Test func `an attempt after a refusal half way shows no piece twice`() async throws {
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      let reply = TelegramBench.reply(String(repeating: "word ", count: 2_000))
      bench.telegram.fail("sendMessage", FakeTelegram.ok(["message_id": 77]))
      bench.telegram.fail("sendMessage", FakeTelegram.refuse(429, "x", ["retry_after": 3]))
      let error = await #expect(throws: ChannelError.self) { try await channel.send(reply) }
      #expect(error?.retryAfter == .seconds(3))
      bench.time.advance(by: 3)
      let ids = try await channel.send(reply)
      #expect(ids.count == 3 && ids[0].hasSuffix(":77"))
      #expect(bench.telegram.shown.count == 2)
      // And once it is there, it is there.
      #expect(try await channel.send(reply) == ids)
      #expect(bench.telegram.shown.count == 2)
    }
  }

  @Test func `a chat that is to be left alone is, and others are written to; where two are, the bot is`() async throws {
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      let limited = FakeTelegram.refuse(429, "Too Many Requests: retry after 40", ["retry_after": 40])
      bench.telegram.fail("sendMessage", limited)
      let first = await #expect(throws: ChannelError.self) {
        try await channel.send(TelegramBench.reply("a", chat: -5))
      }
      #expect(first?.retryAfter == .seconds(40) && first?.concernsOneRoom == true && first?.isRetriable == true)
      // Nobody knocks there meanwhile, and nobody is told that somebody types.
      bench.time.advance(by: 15)
      let again = await #expect(throws: ChannelError.self) {
        try await channel.send(TelegramBench.reply("b", key: "2", thread: "9", chat: -5))
      }
      #expect(again?.retryAfter == .seconds(25) && again?.concernsOneRoom == true)
      await channel.typing(in: ConversationID(channel: "tg", room: "-5"))
      #expect(bench.telegram.calls("sendMessage").count == 1 && bench.telegram.calls("sendChatAction").isEmpty)
      _ = try await channel.send(TelegramBench.reply("c", key: "3", chat: -6))
      // A second chat: then it is the bot that is too quick.
      bench.telegram.fail("sendMessage", FakeTelegram.refuse(429, "Too Many Requests"))
      let other = await #expect(throws: ChannelError.self) {
        try await channel.send(TelegramBench.reply("d", key: "4", chat: -7))
      }
      #expect(other?.retryAfter == .seconds(1) && other?.concernsOneRoom == false)
      bench.time.advance(by: 25)
      _ = try await channel.send(TelegramBench.reply("a", chat: -5))
      #expect(bench.telegram.shown.map { $0["text"] } == ["c", "a"])
    }
  }

  @Test func `a reply edits the one it takes the place of, with as many messages as it needs`() async throws {
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      let long = String(repeating: "word ", count: 1_500)
      let two = try await channel.send(TelegramBench.reply(long, key: "1"))
      #expect(two.count == 2)
      let one = try await channel.send(TelegramBench.reply("short", key: "2", replaces: two))
      #expect(one == [two[0]])
      #expect(bench.telegram.shown.map { $0["text"] } == ["short"])
      let again = try await channel.send(TelegramBench.reply("short", key: "3", replaces: one))
      #expect(again == one)
      let more = try await channel.send(TelegramBench.reply(long, key: "4", replaces: one))
      #expect(more.count == 2 && more[0] == one[0])
      // What somebody has taken away is said anew.
      let gone = try await channel.send(
        TelegramBench.reply("x", key: "5", replaces: ["\(FakeTelegram.group):999", "nonsense"]))
      #expect(gone.count == 1 && bench.telegram.shown.last?["text"] == "x")
    }
  }

  @Test func `a group that became a supergroup is followed`() async throws {
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      let moved = FakeTelegram.refuse(
        400, "Bad Request: group chat was upgraded to a supergroup chat", ["migrate_to_chat_id": -1_009])
      bench.telegram.fail("sendMessage", moved)
      #expect(try await channel.send(TelegramBench.reply("a", to: "-5:1", chat: -5)) == ["-1009:2"])
      #expect(try await channel.send(TelegramBench.reply("b", key: "2", chat: -5)) == ["-1009:3"])
      #expect(bench.telegram.calls("sendMessage").count == 3)
      // One that leads in circles is not followed for ever.
      bench.telegram.fail("sendMessage", FakeTelegram.refuse(400, "x", ["migrate_to_chat_id": -6]), times: 5)
      await #expect(throws: ChannelError.self) {
        _ = try await channel.send(TelegramBench.reply("c", key: "3", chat: -6))
      }
    }
  }

  @Test func `marks that Telegram does not take are left out, and the words are said`() async throws {
    try await TelegramBench.with { bench in
      bench.telegram.fail("sendMessage", FakeTelegram.refuse(400, "Bad Request: can't parse entities: x"))
      _ = try await bench.channel().send(TelegramBench.reply("**a** <b>"))
      #expect(bench.telegram.shown.first?["text"] == "a <b>")
      #expect(bench.telegram.shown.first?["parse_mode"] == nil)
    }
  }

  @Test func `a reply that cannot be sent is refused, and nothing is asked of the server`() async throws {
    try await TelegramBench.with { bench in
      for text in ["", " \n ", "<!-- nothing -->"] {
        let error = await #expect(throws: ChannelError.self) {
          _ = try await bench.channel().send(TelegramBench.reply(text))
        }
        #expect(error?.code == .refused && error?.isRetriable == false)
      }
      let odd = OutgoingReply(
        id: 1, conversation: ConversationID(channel: "tg", room: "!room:example.org"), inReplyTo: nil, text: "x",
        author: "bot", idempotencyKey: "odd")
      let error = await #expect(throws: ChannelError.self) { _ = try await bench.channel().send(odd) }
      #expect(error?.code == .refused)
      #expect(bench.telegram.requests.isEmpty)
    }
  }

  @Test func `people see that an answer is being written, if they are to`() async throws {
    for shows in [true, false] {
      try await TelegramBench.with {
        $0.showsTyping = shows
      } _: { bench in
        #expect(try bench.channel().isCourteous == shows)
        await (try bench.channel()).typing(in: ConversationID(channel: "tg", room: "-5", thread: "9"))
        #expect(
          bench.telegram.calls("sendChatAction")
            == (shows ? [["chat_id": -5, "action": "typing", "message_thread_id": 9]] : []))
      }
    }
  }
}
