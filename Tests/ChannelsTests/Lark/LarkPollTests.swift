import JSON
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

@Suite(.timeLimit(.minutes(2))) struct LarkPollTests {
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
      #expect(texts.elementsEqual((0..<1_230).map(String.init)))
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
      for content in ["{", "[]", "", "{\"text\":5}", "\u{0}"] {
        bench.fake.post("text", content, person, in: "oc_room")
      }
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
