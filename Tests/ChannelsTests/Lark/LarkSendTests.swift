import JSON
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

@Suite(.timeLimit(.minutes(2))) struct LarkSendTests {
  private static func content(_ post: FakeLark.Post) -> String { post.value["body"]?["content"]?.string ?? "" }

  private static func fields(_ name: String, _ posts: [FakeLark.Post]) -> [String] {
    posts.map { post in post.value[name]?.string ?? "" }
  }

  private static func texts(_ posts: [FakeLark.Post]) -> [String] {
    var texts: [String] = []
    for post in posts {
      let content = try? JSONValue.parse(post.value["body"]?["content"]?.string ?? "")
      if let text = content?["text"]?.string { texts.append(text) }
    }
    return texts
  }

  @Test func `plain words are text, marked-up ones a card, and neither calls anybody`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      let id = bench.fake.say("question")
      _ = try await channel.send(LarkBench.reply("Paid <at user_id=\"all\">everybody</at>", key: "a", to: id))
      _ = try await channel.send(
        LarkBench.reply("**Paid** [here](https://a.example) <at id=all></at>", key: "b", to: id))
      let shown = bench.fake.shown()
      let kinds = Self.fields("msg_type", shown)
      #expect(kinds == ["text", "interactive"])
      let contents = shown.map(Self.content)
      #expect(!contents.joined().contains("<at"))
      #expect(contents.last?.contains("**Paid** [here](https://a.example)") == true)
      #expect(Self.fields("parent_id", shown) == [id, id])
    }
  }

  @Test(arguments: [
    Responder.Answer.reset, .close, .endEarly(announced: 500, sent: [123]), .json("{"), .respond(status: 502),
  ])
  func `a reply whose answer was lost goes out again under the same uuid and is shown once`(_ fault: Responder.Answer)
    async throws
  {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      let id = bench.fake.say("question")
      bench.fake.state.withLock { $0.isDeaf = true }
      bench.fake.fail("im/v1/messages/\(id)/reply", fault)
      _ = try? await channel.send(LarkBench.reply("answer", to: id))
      bench.fake.recover()
      let ids = try await channel.send(LarkBench.reply("answer", to: id, attempts: 1))
      #expect(bench.fake.shown().map(\.id) == ids)
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test(arguments: ["plain words", "**bold** words\n\n- a list"])
  func `hours later and in another process the reply is looked for`(_ text: String) async throws {
    try await LarkBench.with { bench in
      let id = bench.fake.say("question")
      let first = try await bench.client().send(LarkBench.reply(text, to: id))
      // Lark knows the uuid no more.
      bench.fake.change(first[0]) { $0.uuid = nil }
      bench.time.advance(by: 20_000)
      let second = try await bench.client().send(LarkBench.reply(text, to: id))
      #expect(first == second)
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test func `after a crash in a flood the room is read once, and not once for each reply`() async throws {
    try await LarkBench.with { bench in
      let questions = (0..<80).map { bench.fake.say("question \($0)") }
      let first = try bench.client()
      for id in questions.prefix(20) { _ = try await first.send(LarkBench.reply("answer", key: id, to: id)) }
      for post in bench.fake.shown() { bench.fake.change(post.id) { $0.uuid = nil } }
      let calls = bench.fake.requests.count
      let second = try bench.client()
      for id in questions { _ = try await second.send(LarkBench.reply("answer", key: id, to: id)) }
      #expect(bench.fake.shown().count == 80)
      // A token, the time of the first question, two pages of the room, and what was still to be said.
      #expect(bench.fake.requests.count - calls == 1 + 1 + 2 + 60)
    }
  }

  @Test func `a question that was taken back after it was answered is not answered again`() async throws {
    try await LarkBench.with { bench in
      let id = bench.fake.say("question")
      bench.fake.recall(id)
      let first = try await bench.client().send(LarkBench.reply("answer", to: id))
      bench.fake.change(first[0]) { $0.uuid = nil }
      #expect(try await bench.client().send(LarkBench.reply("answer", to: id)) == first)
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test func `a search that fails keeps the reply back, and the next attempt searches again`() async throws {
    try await LarkBench.with { bench in
      let id = bench.fake.say("question")
      let first = try await bench.client().send(LarkBench.reply("answer", to: id))
      bench.fake.change(first[0]) { $0.uuid = nil }
      let channel = try bench.client()
      bench.fake.fail("im/v1/messages", FakeLark.error(2_200))
      await #expect(throws: ChannelError.self) { try await channel.send(LarkBench.reply("answer", to: id)) }
      #expect(try await channel.send(LarkBench.reply("answer", to: id, attempts: 1)) == first)
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test func `pieces that an edit adds are not said twice, and what is there no more is said anew`() async throws {
    try await LarkBench.with { bench in
      bench.time.advance(by: -428_000)
      let ids = try await bench.client().send(LarkBench.reply("short"))
      let long = String(repeating: "a long paragraph of words\n\n", count: 2_000)
      let reply = LarkBench.reply(long, key: "other", replaces: ids)
      let first = try await bench.client().send(reply)
      #expect(first.count > 1 && first[0] == ids[0])
      for post in bench.fake.shown() { bench.fake.change(post.id) { $0.uuid = nil } }
      #expect(try await bench.client().send(reply) == first)
      #expect(bench.fake.shown().count == first.count)
      bench.fake.recall(first[0])
      let anew = try await bench.client().send(LarkBench.reply("short again", key: "third", replaces: [first[0]]))
      #expect(anew.count == 1 && anew != [first[0]])
    }
  }

  @Test func `a question that was taken back is answered in the room`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let id = bench.fake.say("question")
      _ = try await bench.collect(channel, from: &cursor)
      bench.fake.recall(id)
      _ = try await channel.send(LarkBench.reply("answer", to: id))
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test func `an edit takes the place of what was said, text as text and card as card`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      let text = try await channel.send(LarkBench.reply("plain", key: "a"))
      let card = try await channel.send(LarkBench.reply("**bold**", key: "b"))
      let first = try await channel.send(LarkBench.reply("**now bold**", key: "c", replaces: text))
      let second = try await channel.send(LarkBench.reply("now plain", key: "d", replaces: card))
      #expect(first == text)
      #expect(second == card)
      let contents = bench.fake.shown().map(Self.content)
      #expect(contents.count == 2)
      #expect(contents[0].hasPrefix("{\"text\":") && contents[0].contains("now bold"))
      #expect(contents[1].contains("\"elements\"") && contents[1].contains("now plain"))
    }
  }

  @Test(arguments: [1_000, 61_439, 61_440, 61_441, 200_000])
  func `texts at the limits arrive whole`(_ length: Int) async throws {
    try await LarkBench.with { bench in
      let text = String(repeating: "abcdefghi ", count: length / 10) + String(repeating: "z", count: length % 10 + 1)
      let ids = try await bench.client().send(LarkBench.reply(text))
      let said = Self.texts(bench.fake.shown())
      #expect(ids.count == said.count)
      let whole = said.joined().replacing(" ", with: "")
      #expect(whole == text.replacing(" ", with: ""))
    }
  }

  @Test(arguments: [(230_002, false), (230_025, false), (99_991_400, true), (99_991_672, true), (230_049, true)])
  func `a reply that Lark refuses waits or is held, as can help`(_ code: Int, canWait: Bool) async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      bench.fake.failAlways(FakeLark.error(code), "im/v1/messages")
      // The search before it meets the same.
      let error = await #expect(throws: ChannelError.self) { try await channel.send(LarkBench.reply("secret words")) }
      #expect(error?.isRetriable == canWait)
      #expect(error?.description.contains("secret words") == false)
    }
  }
}
