import JSON
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

@Suite struct LarkPollTests {
  @Test func `the first poll answers nothing that was said before`() async throws {
    try await LarkBench.with { bench in
      bench.fake.say("old")
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let id = bench.fake.say("new")
      let poll = try await bench.collect(channel, from: &cursor)
      #expect(poll.messages.map(\.text) == ["new"])
      #expect(poll.messages.first?.id == MessageID(channel: "lark", id: id))
      #expect(poll.messages.first?.sender == Sender(id: "ou_anna", name: "Name of ou_anna"))
    }
  }

  @Test(arguments: [(7, false), (7, true), (0, false), (3_000, true)])
  func `1,230 messages over an outage come once and in order, while new ones arrive`(step: Int, restarts: Bool)
    async throws
  {
    try await LarkBench.with { bench in
      bench.fake.state.withLock { $0.time += 1_000 }
      bench.fake.say("old")
      var cursor = try await bench.client().poll(after: nil).cursor
      bench.fake.state.withLock {
        $0.time += 1_000
        $0.step = step
      }
      for number in 0..<1_200 { bench.fake.say("\(number)") }
      let left = Tally()
      bench.fake.state.withLock {
        $0.afterPage = { fake in
          guard left.count < 30 else { return }
          left.add()
          fake.say("\(1_199 + left.count)")
        }
      }
      var channel = try bench.client()
      var texts: [String] = []
      for _ in 0..<60 where texts.count < 1_230 {
        if restarts { channel = try bench.client() }
        let poll = try await channel.poll(after: cursor)
        texts += poll.messages.map(\.text)
        cursor = poll.cursor
      }
      #expect(texts == (0..<1_230).map(String.init))
      #expect(try await channel.poll(after: cursor).messages.isEmpty)
    }
  }

  @Test func `edits and recalls are told once, also after a restart`() async throws {
    try await LarkBench.with { bench in
      var cursor = try await bench.client().poll(after: nil).cursor
      let edited = bench.fake.say("waht")
      let recalled = bench.fake.say("oops")
      _ = try await bench.collect(bench.client(), from: &cursor, polls: 1)
      bench.fake.edit(edited, to: "what")
      bench.fake.recall(recalled)
      let poll = try await bench.collect(bench.client(), from: &cursor, polls: 1)
      #expect(poll.messages.map(\.text) == ["what"])
      #expect(poll.messages.first?.editOf == edited)
      #expect(poll.redactions.map(\.target) == [recalled])
      #expect(try await bench.client().poll(after: cursor).isEmpty)
    }
  }

  @Test func `threads are read, also those of an outage of many pages`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("question", thread: "omt_1")
      for number in 0..<130 { bench.fake.say("answer \(number)", by: "ou_ben", thread: "omt_1", inside: true) }
      var poll = try await bench.collect(channel, from: &cursor)
      #expect(poll.messages.map(\.text) == ["question"] + (0..<130).map { "answer \($0)" })
      #expect(Set(poll.messages.map(\.conversation.thread)) == ["omt_1"])
      bench.fake.say("one more", thread: "omt_1", inside: true)
      poll = try await bench.collect(bench.client(), from: &cursor)
      #expect(poll.messages.map(\.text) == ["one more"])
    }
  }

  @Test func `in groups only what is meant for the bot is taken`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client { $0.groups = .addressed }
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("among ourselves")
      let mention: JSONValue = ["key": "@_user_1", "id": "ou_bot", "id_type": "open_id", "name": "Greenroom"]
      let other: JSONValue = ["key": "@_user_10", "id": "ou_ben", "id_type": "open_id", "name": "Ben"]
      let id = bench.fake.say("@_user_1 when does @_user_10 get paid?", with: ["mentions": [mention, other]])
      var poll = try await bench.collect(channel, from: &cursor)
      #expect(poll.messages.map(\.text) == ["when does @Ben get paid?"])
      let sent = try await channel.send(LarkBench.reply("soon", to: id))
      _ = try await bench.collect(channel, from: &cursor)
      bench.fake.say("thanks, and how?", with: ["parent_id": .string(sent[0])])
      poll = try await bench.collect(channel, from: &cursor)
      #expect(poll.messages.map(\.text) == ["thanks, and how?"])
    }
  }

  @Test func `bots, the server's own words and what is not wanted are nobody's questions`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client { $0.ignoredSenders = ["ou_ignored"] }
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("x", with: ["sender": ["id": "cli_other", "id_type": "app_id", "sender_type": "app"]])
      bench.fake.say("x", with: ["sender": ["id": "", "sender_type": "unknown"]])
      bench.fake.say("x", kind: "system")
      bench.fake.say("x", by: "ou_ignored")
      bench.fake.say("x", with: ["deleted": true])
      let poll = try await bench.collect(channel, from: &cursor)
      #expect(poll.isEmpty)
    }
  }

  @Test func `thumbs under its answers, and their end, are told once`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let id = bench.fake.say("question")
      _ = try await bench.collect(channel, from: &cursor)
      let sent = try await channel.send(LarkBench.reply("answer", to: id, asks: true))
      bench.fake.change(sent[0]) { $0.reactions = [("r1", "ou_anna", "THUMBSUP"), ("r2", "ou_ben", "HEART")] }
      var poll = try await bench.collect(bench.client(), from: &cursor, polls: 4)
      #expect(poll.reactions.map(\.id) == ["r1"])
      #expect(poll.reactions.map(\.isHelpful) == [true])
      #expect(poll.reactions.map(\.message) == sent)
      bench.fake.change(sent[0]) { $0.reactions = [] }
      poll = try await bench.collect(bench.client(), from: &cursor, polls: 4)
      #expect(poll.reactions.map(\.isRemoved) == [true])
      #expect(poll.reactions.map(\.id) == ["r1"])
    }
  }

  @Test func `a direct chat is one that the settings name`() async throws {
    try await LarkBench.with { bench in
      bench.fake.state.withLock { $0.rooms["oc_p2p"] = [] }
      let channel = try bench.client {
        $0.groups = .never
        $0.rooms = ["oc_p2p": RoomSettings(agency: "North")]
      }
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("hello", in: "oc_p2p")
      let poll = try await bench.collect(channel, from: &cursor)
      #expect(poll.messages.map(\.text) == ["hello"])
      #expect(poll.messages.first?.agency == "North")
    }
  }

  @Test func `a room that the bot was taken out of is shown to staff once and stops no other`() async throws {
    try await LarkBench.with { bench in
      bench.fake.state.withLock { $0.rooms["oc_second"] = [] }
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.state.withLock { $0.isMember["oc_room"] = false }
      bench.fake.say("hello", in: "oc_second")
      let poll = try await bench.collect(channel, from: &cursor, polls: 5)
      #expect(poll.unreadable.count == 1)
      #expect(poll.messages.map(\.text) == ["hello"])
    }
  }

  @Test func `rich text, files and what has no text are read as what people see`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let person: JSONValue = ["id": "ou_anna", "id_type": "open_id", "sender_type": "user"]
      let rich = """
        {"title":"Title","content":[[{"tag":"text","text":"see "},{"tag":"a","href":"https://a.example","text":"this"},\
        {"tag":"at","user_id":"@_user_1","user_name":"Ben"}],[{"tag":"img","image_key":"img_1"}],\
        [{"tag":"code_block","text":"x = 1"},{"tag":"emotion","emoji_type":"SMILE"}]]}
        """
      bench.fake.post("post", rich, person, in: "oc_room")
      bench.fake.post("file", "{\"file_key\":\"file_1\",\"file_name\":\"terms.pdf\"}", person, in: "oc_room")
      bench.fake.post("location", "{\"name\":\"here\"}", person, in: "oc_room")
      let poll = try await bench.collect(channel, from: &cursor)
      #expect(poll.messages.map(\.text) == ["Title\nsee this (https://a.example)@Ben\n\nx = 1:SMILE:", "", ""])
      #expect(poll.messages.map { $0.attachments.map(\.name) } == [["image"], ["terms.pdf"], ["location"]])
    }
  }

  @Test func `what cannot be read is set aside once, and stops nothing`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let person: JSONValue = ["id": "ou_anna", "sender_type": "user"]
      bench.fake.say("before")
      for content in ["{", "[]", "", "{\"text\":5}", "\u{0}"] { bench.fake.post("text", content, person, in: "oc_room") }
      bench.fake.say("x", with: ["sender": "anna"])
      bench.fake.say("x", with: ["body": 5])
      bench.fake.say("x", with: ["create_time": "soon"])
      bench.fake.say("after")
      let poll = try await bench.collect(channel, from: &cursor, polls: 1)
      #expect(poll.messages.map(\.text) == ["before", "after"])
      #expect(poll.unreadable.count == 8)
      let after = try await bench.collect(channel, from: &cursor)
      #expect(after.unreadable.count <= 3)
    }
  }

  @Test func `a cursor that is none of Lark's begins anew and says so`() async throws {
    try await LarkBench.with { bench in
      for cursor in ["", "{}", "{\"lark\":1}", "{\"lark\":1,\"listed\":0,\"rooms\":[{}]}"] {
        let poll = try await bench.client().poll(after: cursor)
        #expect(poll.unreadable.count == 1)
      }
    }
  }
}

@Suite struct LarkFaultTests {
  @Test func `a token is renewed before it ends, and by one caller for all`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      #expect(bench.fake.state.withLock { $0.tokens } == 1)
      bench.time.advance(by: 6_700)
      bench.fake.state.withLock { $0.token = "t-2" }
      _ = try await bench.collect(channel, from: &cursor)
      #expect(bench.fake.state.withLock { $0.tokens } == 2)
      // A clock set back by a year.
      bench.time.advance(by: -31_536_000)
      _ = try await bench.collect(channel, from: &cursor)
      #expect(bench.fake.state.withLock { $0.tokens } == 3)
    }
  }

  @Test(arguments: [99_991_663, 99_991_664, 99_991_661])
  func `a token that ends in mid-work is renewed, and the work goes on`(code: Int) async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let id = bench.fake.say("question")
      bench.fake.fail("im/v1/messages", FakeLark.error(code))
      #expect(try await bench.collect(channel, from: &cursor, polls: 1).messages.count == 1)
      bench.fake.fail("im/v1/messages/\(id)/reply", FakeLark.error(code, status: 401))
      _ = try await channel.send(LarkBench.reply("answer", to: id))
      #expect(bench.fake.shown().count == 1)
    }
  }

  private func pollError(_ bench: LarkBench, _ answer: Responder.Answer) async throws -> ChannelError {
    let channel = try bench.client()
    let cursor = try await channel.poll(after: nil).cursor
    bench.fake.say("waits")
    bench.fake.failAlways(answer)
    let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: cursor) }
    bench.fake.recover()
    bench.time.advance(by: 10)
    #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["waits"])
    return try #require(error)
  }

  @Test(arguments: [
    (FakeLark.error(99_991_663), ChannelError.Code.unauthorized), (FakeLark.error(99_991_672), .unauthorized),
    (FakeLark.error(230_006), .unauthorized), (FakeLark.error(99_991_400, status: 429), .rateLimited),
    (FakeLark.error(99_991_400), .rateLimited), (FakeLark.error(230_020), .rateLimited),
    (.respond(status: 429), .rateLimited), (.respond(status: 502), .serverError), (FakeLark.error(2_200), .serverError),
    (.reset, .unreachable), (.close, .unreachable), (.endEarly(announced: 99, sent: [123]), .unreachable),
    (.endChunkedEarly(sent: [123]), .unreachable), (.json("{"), .malformed), (.json("{}"), .malformed),
    (.json("{\"code\":0}"), .malformed), (.json("{\"code\":0,\"data\":{\"items\":5}}"), .malformed),
    (.respond(status: 302), .refused), (.raw(Array("no http\r\n\r\n".utf8)), .malformed),
  ])
  func `whatever goes wrong is an error in words, and the cursor stays`(
    _ answer: Responder.Answer, _ code: ChannelError.Code
  ) async throws {
    try await LarkBench.with { bench in
      let error = try await pollError(bench, answer)
      #expect(error.code == code)
      #expect(error.isRetriable)
      #expect(!error.description.contains("lark-secret") && !error.description.contains("t-1"))
      #expect((error.retryAfter != nil) == (code == .rateLimited))
    }
  }

  @Test func `the limit's own header says how long to wait`() async throws {
    try await LarkBench.with { bench in
      let error = try await pollError(
        bench, .json("{\"code\":99991400}", status: 429, headers: [("x-ogw-ratelimit-reset", "42")]))
      #expect(error.retryAfter == .seconds(42))
    }
  }

  @Test func `a wrong secret is told of without being named`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client(secret: "not-the-secret")
      let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: nil) }
      #expect(error?.code == .unauthorized)
      #expect(error?.description.contains("not-the-secret") == false)
      #expect(throws: ChannelSetupError.self) { try bench.client(secret: "") }
    }
  }

  @Test func `a poll that hangs ends with its task`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      let cursor = try await channel.poll(after: nil).cursor
      let seen = bench.fake.polls.count
      bench.fake.failAlways(.hang)
      await withTaskGroup(of: Bool.self) { group in
        group.addTask {
          do {
            _ = try await channel.poll(after: cursor)
            return false
          } catch {
            return error is CancellationError
          }
        }
        await bench.fake.polls.reached(seen + 1)
        group.cancelAll()
        for await wasCancelled in group { #expect(wasCancelled) }
      }
    }
  }

  @Test func `messages with fields of wrong types crash nothing and lose nothing`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let odd: [JSONValue] = [.null, true, 5, 1.5, "text", [], ["x"], [:], ["a": "b"]]
      for key in ["msg_type", "create_time", "update_time", "deleted", "updated", "sender", "body", "mentions", "thread_id",
        "parent_id", "message_id"]
      {
        for value in odd { bench.fake.say("x", with: [key: value]) }
      }
      for content in ["{\"text\":\"a\"}", "{\"content\":5}", "{\"content\":[5,[6,{}]]}", "{\"en_us\":{\"content\":[[{\"tag\":\"at\"}]]}}"] {
        bench.fake.post("post", content, ["id": "ou_anna", "sender_type": "user"], in: "oc_room")
      }
      bench.fake.say("the end")
      let poll = try await bench.collect(channel, from: &cursor, polls: 4)
      #expect(poll.messages.last?.text == "the end")
    }
  }

  @Test func `random bytes in the place of an answer crash nothing`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      let cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("waits")
      var random = SlackSendTests.Seeded(state: 5)
      let good = Array(
        "{\"code\":0,\"data\":{\"items\":[{\"message_id\":\"om_1\",\"create_time\":\"1795000000009\",\"sender\":{\"id\":\"ou\",\"sender_type\":\"user\"},\"body\":{\"content\":\"{}\"}}]}}"
          .utf8)
      for _ in 0..<150 {
        var bytes = good
        for _ in 0..<(1 + random.next() % 4) {
          bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        bench.fake.fail("im/v1/messages", .respond(status: 200, body: bytes))
        _ = try? await channel.poll(after: cursor)
      }
      bench.fake.recover()
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["waits"])
    }
  }
}

@Suite struct LarkSendTests {
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
      _ = try await channel.send(LarkBench.reply("**Paid** [here](https://a.example) <at id=all></at>", key: "b", to: id))
      let shown = bench.fake.shown()
      let kinds = Self.fields("msg_type", shown)
      #expect(kinds == ["text", "interactive"])
      let contents = shown.map(Self.content)
      #expect(!contents.joined().contains("<at"))
      #expect(contents.last?.contains("**Paid** [here](https://a.example)") == true)
      #expect(Self.fields("parent_id", shown) == [id, id])
    }
  }

  @Test(arguments: [Responder.Answer.reset, .close, .endEarly(announced: 500, sent: [123]), .json("{"), .respond(status: 502)])
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
