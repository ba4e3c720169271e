import JSON
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

@Suite(.timeLimit(.minutes(2))) struct SlackSendTests {
  @Test func `a reply goes into the thread, in blocks, calling nobody`() async throws {
    try await SlackBench.with { bench in
      let root = bench.fake.say("question")
      let ids = try await bench.client().send(
        SlackBench.reply("**Paid** on <!channel> & <@U1> [here](https://a.example/?a=1&b=2)", thread: root))
      let shown = try #require(bench.fake.shown().first)
      #expect(ids == ["C0GENERAL:\(shown["ts"]?.string ?? "")"])
      #expect(shown["thread_ts"]?.string == root)
      let text = "*Paid* on &lt;!channel&gt; &amp; &lt;@U1&gt; <https://a.example/?a=1&amp;b=2|here>"
      #expect(shown["text"]?.string == text)
      #expect(shown["blocks"]?[0]?["text"]?["text"]?.string == text)
      #expect(shown["blocks"]?[0]?["text"]?["verbatim"]?.bool == true)
    }
  }

  /// Slack takes no key: what is true is that the mark is found again.
  @Test(arguments: [
    Responder.Answer.reset, .close, .endEarly(announced: 500, sent: [123]), .json("{", status: 200),
    .json("x", status: 502),
  ])
  func `a reply whose answer was lost is found again and shown once`(_ fault: Responder.Answer) async throws {
    try await SlackBench.with { bench in
      let root = bench.fake.say("question")
      bench.fake.state.withLock { $0.isDeaf = true }
      bench.fake.fail("chat.postMessage", fault)
      let reply = SlackBench.reply("answer", thread: root, to: "C0GENERAL:\(root)")
      let channel = try bench.client()
      await #expect(throws: ChannelError.self) { try await channel.send(reply) }
      #expect(bench.fake.shown().count == 1)
      let again = try await channel.send(reply)
      #expect(bench.fake.shown().count == 1)
      #expect(again == bench.fake.shown().map { "C0GENERAL:\($0["ts"]?.string ?? "")" })
    }
  }

  @Test func `a process that died in mid-send is followed by one that looks first`() async throws {
    try await SlackBench.with { bench in
      let root = bench.fake.say("question")
      let reply = SlackBench.reply("answer", thread: root, to: "C0GENERAL:\(root)")
      let first = try await bench.client().send(reply)
      let second = try await bench.client().send(reply)
      #expect(first == second)
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test func `the mark is found by the block's name where metadata may not be read`() async throws {
    try await SlackBench.with { bench in
      let root = bench.fake.say("question")
      let reply = SlackBench.reply("answer", thread: root, to: "C0GENERAL:\(root)")
      _ = try await bench.client().send(reply)
      let ts = try #require(bench.fake.shown().first?["ts"]?.string)
      bench.fake.change(ts) { $0["metadata"] = nil }
      _ = try await bench.client().send(reply)
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test func `half of a long reply that arrived is not said again`() async throws {
    try await SlackBench.with { bench in
      let root = bench.fake.say("question")
      let long = (0..<60).map { "Paragraph \($0) " + String(repeating: "word ", count: 100) }.joined(separator: "\n\n")
      let pieces = SlackSending.messages(long)
      #expect(pieces.count >= 2)
      let reply = SlackBench.reply(long, thread: root, to: "C0GENERAL:\(root)")
      let channel = try bench.client()
      let ids = try await channel.send(reply)
      // The last one is lost, and the whole is tried again.
      let lost = try #require(ids.last?.split(separator: ":").last.map(String.init))
      bench.fake.delete(lost)
      let again = try await channel.send(reply)
      #expect(again.dropLast() == ids.dropLast())
      #expect(bench.fake.shown().count == pieces.count)
    }
  }

  @Test func `what a busy process has just read is answered without a search`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let root = bench.fake.say("question")
      _ = try await bench.collect(channel, from: &cursor, polls: 1)
      let before = bench.fake.calls("conversations.replies").count
      _ = try await channel.send(SlackBench.reply("answer", thread: root, to: "C0GENERAL:\(root)"))
      #expect(bench.fake.calls("conversations.replies").count == before)
    }
  }

  @Test func `after a crash in a flood each room is read once, and not once for each reply`() async throws {
    try await SlackBench.with { bench in
      let roots = (0..<120).map { bench.fake.say("question \($0)") }
      let first = try bench.client()
      for root in roots.prefix(20) {
        _ = try await first.send(SlackBench.reply("answer", key: root, thread: root, to: "C0GENERAL:\(root)"))
      }
      let calls = bench.fake.requests.count
      let second = try bench.client()
      for root in roots {
        _ = try await second.send(SlackBench.reply("answer", key: root, thread: root, to: "C0GENERAL:\(root)"))
      }
      #expect(bench.fake.shown().count == 120)
      // Two pages of the room, twenty threads in which somebody has written, and what was still to be said.
      #expect(bench.fake.requests.count - calls == 2 + 20 + 100)
    }
  }

  @Test func `many who look at once look once`() async throws {
    try await SlackBench.with { bench in
      let roots = (0..<20).map { bench.fake.say("question \($0)") }
      let channel = try bench.client()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for root in roots {
          group.addTask {
            // The oldest is asked about last or first: what was read is read on from there.
            _ = try await channel.send(SlackBench.reply("a", key: root, thread: root, to: "C0GENERAL:\(root)"))
          }
        }
        try await group.waitForAll()
      }
      #expect(bench.fake.shown().count == 20)
      #expect(bench.fake.calls("conversations.history").count <= 20)
      #expect(bench.fake.calls("conversations.replies").isEmpty)
      let before = bench.fake.calls("conversations.history").count
      _ = try await channel.send(SlackBench.reply("b", key: "b", thread: roots[7], to: "C0GENERAL:\(roots[7])"))
      #expect(bench.fake.calls("conversations.history").count == before)
    }
  }

  @Test func `what is in a direct chat is found there`() async throws {
    try await SlackBench.with { bench in
      bench.fake.state.withLock { $0.rooms["D0ANNA"] = [] }
      let question = bench.fake.say("question", in: "D0ANNA")
      let reply = SlackBench.reply("answer", to: "D0ANNA:\(question)", in: "D0ANNA")
      let unasked = SlackBench.reply("by the way", key: "unasked", in: "D0ANNA")
      for _ in 0..<3 {
        let channel = try bench.client()
        _ = try await channel.send(reply)
        _ = try await channel.send(unasked)
      }
      #expect(bench.fake.shown(in: "D0ANNA").map { $0["text"]?.string } == ["answer", "by the way"])
    }
  }

  @Test func `where it cannot be told whether a reply has arrived, staff is asked`() async throws {
    try await SlackBench.with { bench in
      bench.fake.state.withLock { $0.pageLimit = 1 }
      let question = bench.fake.say("question", in: "D0ANNA")
      for number in 0..<60 { bench.fake.say("\(number)", in: "D0ANNA") }
      let channel = try bench.client()
      let reply = SlackBench.reply("answer", to: "D0ANNA:\(question)", in: "D0ANNA")
      let error = await #expect(throws: ChannelError.self) { try await channel.send(reply) }
      #expect(error?.isRetriable == false)
      #expect(error?.description.contains("answer by hand") == true)
      #expect(bench.fake.shown(in: "D0ANNA").isEmpty)
    }
  }

  @Test func `an edit of what is there no more is said anew`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      let ids = try await channel.send(SlackBench.reply("first"))
      bench.fake.delete(String(ids[0].split(separator: ":")[1]))
      let edited = try await channel.send(SlackBench.reply("second", key: "other", replaces: ids))
      #expect(edited != ids)
      #expect(bench.fake.shown().map { $0["text"]?.string } == ["second"])
    }
  }

  @Test func `pieces that an edit adds are not said twice`() async throws {
    try await SlackBench.with { bench in
      let long = String(repeating: "a long paragraph of words\n\n", count: 900)
      bench.time.advance(by: -428_000)
      let ids = try await bench.client().send(SlackBench.reply("short"))
      let reply = SlackBench.reply(long, key: "other", replaces: ids)
      let first = try await bench.client().send(reply)
      #expect(first.count > 1)
      #expect(try await bench.client().send(reply) == first)
      #expect(bench.fake.shown().count == first.count)
    }
  }

  @Test func `an edit takes the place of what was said, and what is left over goes`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      let long = String(repeating: "a long paragraph of words\n\n", count: 900)
      let ids = try await channel.send(SlackBench.reply(long))
      #expect(ids.count > 1)
      let edited = try await channel.send(SlackBench.reply("short", key: "other", replaces: ids))
      #expect(edited == [ids[0]])
      #expect(bench.fake.shown().map { $0["text"]?.string } == ["short"])
    }
  }

  @Test func `numbers and thumbs are offered all or not at all, within what Slack allows`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client { $0.requestsPerMinute = 10 }
      for number in 0..<6 {
        _ = try await channel.send(SlackBench.reply("Which?", key: "\(number)", choices: ["a", "b"], asks: true))
      }
      let offered = bench.fake.shown().map { ($0["reactions"]?.array ?? []).compactMap { $0["name"]?.string } }
      #expect(offered.prefix(3).allSatisfy { $0 == ["one", "two", "thumbsup", "thumbsdown"] })
      #expect(offered.suffix(3).allSatisfy { $0.isEmpty })
      #expect(bench.time.slept.isEmpty)
    }
  }

  @Test func `metadata that Slack does not take is left out`() async throws {
    try await SlackBench.with { bench in
      bench.fake.fail("chat.postMessage", FakeSlack.error("metadata_must_be_sent_from_app"))
      let first = try await bench.client().send(SlackBench.reply("text", to: "C0GENERAL:1.5"))
      #expect(bench.fake.shown().first?["metadata"] == nil)
      // By the names of its blocks it is known again.
      #expect(try await bench.client().send(SlackBench.reply("text", to: "C0GENERAL:1.5")) == first)
    }
  }

  @Test func `blocks that Slack finds too long are sent as text`() async throws {
    try await SlackBench.with { bench in
      bench.fake.fail("chat.postMessage", FakeSlack.error("msg_blocks_too_long"))
      _ = try await bench.client().send(SlackBench.reply("text"))
      #expect(bench.fake.shown().first?["text"]?.string == "text")
      #expect(bench.fake.shown().first?["blocks"] == nil)
    }
  }

  @Test(arguments: [2_998, 2_999, 3_000, 3_001, 6_001, 12_001, 41_000])
  func `texts at the limits arrive whole`(_ length: Int) async throws {
    try await SlackBench.with { bench in
      let word = "abcde&"
      let text = String(String(repeating: word, count: length / word.count + 1).prefix(length))
      _ = try await bench.client().send(SlackBench.reply(text))
      let said = bench.fake.shown().compactMap { $0["text"]?.string }.joined()
        .replacing("&amp;", with: "&").replacing("\n\n", with: "")
      #expect(said == text)
    }
  }

  struct Seeded {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }

  @Test(arguments: [
    ("<@U0BOT> hello", "hello"), ("<@U1|anna> and <#C1|general>", "@anna and #general"),
    ("see <https://a.example/?a=1&amp;b=2>", "see https://a.example/?a=1&b=2"),
    ("<https://a.example|site>", "site (https://a.example)"), ("<mailto:a@b.example|a@b.example>", "a@b.example"),
    ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;", "1 < 2 && 3 > 2 &lt;"), ("<!here> <!subteam^S1|@team>", "@here @team"),
    ("<broken", "<broken"), ("a\u{0}b", "a\u{FFFD}b"), ("<>", ""), ("<|>", ""), ("", ""),
  ])
  func `Slack's markup is read as what people see`(_ markup: String, _ expected: String) {
    #expect(SlackText.plain(markup, bot: "U0BOT") == expected)
  }
}
