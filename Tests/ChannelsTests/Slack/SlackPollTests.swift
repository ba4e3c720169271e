import JSON
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

@Suite(.timeLimit(.minutes(2))) struct SlackPollTests {
  @Test func `the first poll answers nothing that was said before`() async throws {
    try await SlackBench.with { bench in
      let old = bench.fake.say("old")
      bench.fake.say("newer")
      bench.fake.say("old answer", thread: old)
      let channel = try bench.client()
      var cursor: String?
      #expect(try await bench.collect(channel, from: &cursor, polls: 3).isEmpty)
      let ts = bench.fake.say("new")
      let messages = try await bench.collect(channel, from: &cursor, polls: 2)
      #expect(messages.map(\.id.id) == ["C0GENERAL:\(ts)"])
      #expect(messages.first?.sender == Sender(id: "U0ANNA", name: "Name of U0ANNA"))
      #expect(messages.first?.conversation == ConversationID(channel: "slack", room: "C0GENERAL", thread: ts))
    }
  }

  @Test(arguments: [false, true])
  func `1,230 messages over an outage come once and in order, while new ones arrive`(restarts: Bool) async throws {
    try await SlackBench.with { bench in
      var cursor = try await bench.client().poll(after: nil).cursor
      for number in 0..<1_200 { bench.fake.say("\(number)") }
      // One more after every page, 30 in all.
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
      for _ in 0..<80 where texts.count < 1_230 {
        if restarts { channel = try bench.client() }
        let poll = try await channel.poll(after: cursor)
        #expect(poll.messages.count <= 1_000)
        texts += poll.messages.map(\.text)
        cursor = poll.cursor
      }
      #expect(texts.elementsEqual((0..<1_230).map(String.init)))
    }
  }

  @Test func `pages as small as Slack gives to apps that are sold are enough`() async throws {
    try await SlackBench.with { bench in
      var cursor = try await bench.client().poll(after: nil).cursor
      bench.fake.state.withLock { $0.pageLimit = 15 }
      for number in 0..<200 { bench.fake.say("\(number)") }
      let messages = try await bench.collect(bench.client(), from: &cursor, polls: 40)
      #expect(messages.map(\.text) == (0..<200).map(String.init))
    }
  }

  @Test func `a poll that was lost on the way is served again with the same ids`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      let cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("one")
      bench.fake.say("two")
      let first = try await channel.poll(after: cursor)
      let second = try await channel.poll(after: cursor)
      #expect(first.messages.map(\.text) == ["one", "two"])
      #expect(second.messages.map(\.id) == first.messages.map(\.id))
      #expect(try await channel.poll(after: second.cursor).messages.isEmpty)
    }
  }

  @Test func `answers in threads are read, also those of an outage`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let root = bench.fake.say("question")
      _ = try await bench.collect(channel, from: &cursor, polls: 2)
      for number in 0..<250 { bench.fake.say("answer \(number)", by: "U0BEN", thread: root) }
      for number in 0..<150 { bench.fake.say("noise \(number)") }
      let messages = try await bench.collect(bench.client(), from: &cursor, polls: 20)
      let thread = ConversationID(channel: "slack", room: "C0GENERAL", thread: root)
      #expect(messages.filter { $0.conversation == thread }.map(\.text) == (0..<250).map { "answer \($0)" })
      #expect(messages.filter { $0.text.hasPrefix("noise") }.map(\.text) == (0..<150).map { "noise \($0)" })
      #expect(messages.count == 400)
    }
  }

  @Test func `answers in threads are read also where Slack tells only how many there are`() async throws {
    try await SlackBench.with { bench in
      bench.fake.state.withLock { $0.namesLatestReply = false }
      let channel = try bench.client()
      let old = bench.fake.say("before the bot was there")
      bench.fake.say("old answer", thread: old)
      bench.fake.say("before it as well")
      var cursor = try await channel.poll(after: nil).cursor
      let root = bench.fake.say("question")
      bench.fake.say("one", thread: root)
      bench.fake.say("late answer", thread: old)
      var texts = try await bench.collect(channel, from: &cursor, polls: 4).map(\.text)
      bench.fake.say("two", thread: root)
      texts += try await bench.collect(bench.client(), from: &cursor, polls: 4).map(\.text)
      #expect(texts.sorted() == ["late answer", "one", "question", "two"])
    }
  }

  @Test func `edits and deletions are told once, also after a restart`() async throws {
    try await SlackBench.with { bench in
      var cursor = try await bench.client().poll(after: nil).cursor
      let edited = bench.fake.say("waht")
      let deleted = bench.fake.say("oops")
      bench.fake.say("stays")
      _ = try await bench.client().poll(after: cursor).cursor.map { cursor = $0 }
      bench.fake.edit(edited, to: "what")
      bench.fake.delete(deleted)
      let poll = try await bench.client().poll(after: cursor)
      #expect(poll.messages.map(\.text) == ["what"])
      #expect(poll.messages.first?.editOf == "C0GENERAL:\(edited)")
      #expect(poll.redactions.map(\.target) == ["C0GENERAL:\(deleted)"])
      let after = try await bench.client().poll(after: poll.cursor)
      #expect(after.isEmpty)
    }
  }

  @Test func `a message that was taken back and left a thread behind is told of`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let ts = bench.fake.say("question")
      _ = try await bench.collect(channel, from: &cursor, polls: 1)
      bench.fake.change(ts) {
        $0["subtype"] = "tombstone"
        $0["user"] = "USLACKBOT"
        $0["text"] = "This message was deleted."
      }
      let poll = try await channel.poll(after: cursor)
      #expect(poll.redactions.map(\.target) == ["C0GENERAL:\(ts)"])
      #expect(poll.messages.isEmpty)
    }
  }

  @Test func `bots, joins and its own words are nobody's questions`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client { $0.ignoredSenders = ["U0IGNORED"] }
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("joined", with: ["subtype": "channel_join"])
      bench.fake.say("beep", with: ["bot_id": "B0OTHER"])
      bench.fake.say("beep", with: ["subtype": "bot_message"])
      bench.fake.say("mine", by: FakeSlack.bot, with: ["bot_id": "B0BOT"])
      bench.fake.say("ignored", by: "U0IGNORED")
      bench.fake.say("hidden", with: ["hidden": true])
      bench.fake.say("topic", with: ["subtype": "channel_topic"])
      bench.fake.say("with a file", with: ["subtype": "file_share"])
      let messages = try await bench.collect(channel, from: &cursor, polls: 3)
      #expect(messages.map(\.text) == ["with a file"])
    }
  }

  @Test func `in channels only what is meant for the bot is taken, mention or its thread`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client { $0.groups = .addressed }
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("among ourselves")
      let root = bench.fake.say("<@U0BOT> when are we paid?")
      bench.fake.say("<@U0OTHER> hello")
      var messages = try await bench.collect(channel, from: &cursor, polls: 2)
      #expect(messages.map(\.text) == ["when are we paid?"])
      bench.fake.say("and how?", thread: root)
      messages = try await bench.collect(channel, from: &cursor, polls: 3)
      #expect(messages.map(\.text) == ["and how?"])
    }
  }

  @Test func `thumbs under its answers, and their end, are told once`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let root = bench.fake.say("question")
      _ = try await bench.collect(channel, from: &cursor, polls: 1)
      let ids = try await channel.send(SlackBench.reply("answer", thread: root, to: "C0GENERAL:\(root)", asks: true))
      let ts = try #require(ids.first?.split(separator: ":").last.map(String.init))
      bench.fake.react("thumbsup::skin-tone-3", to: ts)
      var reactions: [Reaction] = []
      for _ in 0..<4 {
        let poll = try await bench.client().poll(after: cursor)
        reactions += poll.reactions
        cursor = poll.cursor
      }
      #expect(reactions.map(\.message) == ids)
      #expect(reactions.map(\.isHelpful) == [true])
      #expect(reactions.map(\.sender.id) == ["U0ANNA"])
      bench.fake.takeBackReactions(of: ts)
      var ends: [Reaction] = []
      for _ in 0..<3 {
        let poll = try await channel.poll(after: cursor)
        ends += poll.reactions
        cursor = poll.cursor
      }
      #expect(ends.map(\.isRemoved) == [true])
      #expect(ends.map(\.id) == reactions.map(\.id))
    }
  }

  @Test func `thumbs under an answer in a thread that stands far back are told all the same`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let root = bench.fake.say("question")
      for number in 0..<150 { bench.fake.say("noise \(number)") }
      _ = try await bench.collect(channel, from: &cursor, polls: 4)
      let ids = try await channel.send(SlackBench.reply("answer", thread: root, to: "C0GENERAL:\(root)"))
      bench.fake.fail("conversations.history", .respond(status: 500))
      await #expect(throws: ChannelError.self) { try await channel.poll(after: cursor) }
      bench.fake.react("-1", to: String(ids[0].split(separator: ":")[1]))
      var reactions: [Reaction] = []
      for _ in 0..<4 {
        let poll = try await channel.poll(after: cursor)
        reactions += poll.reactions
        cursor = poll.cursor
      }
      #expect(reactions.map(\.message) == ids)
      bench.fake.say("that did not help", thread: root)
      #expect(try await bench.collect(bench.client(), from: &cursor, polls: 3).map(\.text) == ["that did not help"])
    }
  }

  @Test func `a digit under a question of the bot's is an answer to it`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let root = bench.fake.say("money")
      _ = try await bench.collect(channel, from: &cursor, polls: 1)
      let ids = try await channel.send(
        SlackBench.reply("Which?", thread: root, to: "C0GENERAL:\(root)", choices: ["Payouts", "Tax"]))
      let ts = try #require(ids.first?.split(separator: ":").last.map(String.init))
      bench.fake.react("two", to: ts)
      bench.fake.react("seven", to: ts)
      let messages = try await bench.collect(channel, from: &cursor, polls: 4)
      #expect(messages.map(\.text) == ["2"])
      #expect(messages.first?.conversation.thread == root)
    }
  }

  @Test func `a direct chat that begins later is read from its beginning`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client { $0.groups = .never }
      bench.fake.say("something")
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("hello", in: "D0ANNA")
      bench.time.advance(by: 61)
      let messages = try await bench.collect(channel, from: &cursor, polls: 4)
      #expect(messages.map(\.text) == ["hello"])
      #expect(messages.first?.conversation == ConversationID(channel: "slack", room: "D0ANNA"))
    }
  }

  @Test func `a room that the bot was taken out of is shown to staff once and stops no other`() async throws {
    try await SlackBench.with { bench in
      bench.fake.state.withLock { $0.rooms["C0SECOND"] = [] }
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.state.withLock { $0.isMember["C0GENERAL"] = false }
      bench.fake.say("hello", in: "C0SECOND")
      var unreadable: [UnreadableMessage] = []
      var texts: [String] = []
      for _ in 0..<6 {
        let poll = try await channel.poll(after: cursor)
        unreadable += poll.unreadable
        texts += poll.messages.map(\.text)
        cursor = poll.cursor
      }
      #expect(unreadable.count == 1)
      #expect(unreadable.first?.reason.contains("invite the bot") == true)
      #expect(texts == ["hello"])
    }
  }

  @Test func `what cannot be read is set aside once, and stops nothing`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("before")
      bench.fake.say("x", with: ["user": 5])
      bench.fake.say("x", with: ["text": ["no": "string"]])
      bench.fake.say(String(repeating: "x", count: 70_000))
      bench.fake.say("after")
      var unreadable: [UnreadableMessage] = []
      var texts: [String] = []
      for _ in 0..<3 {
        let poll = try await channel.poll(after: cursor)
        unreadable += poll.unreadable
        texts += poll.messages.map(\.text)
        cursor = poll.cursor
      }
      #expect(texts == ["before", "after"])
      #expect(unreadable.count == 3)
      #expect(unreadable.allSatisfy { $0.id?.hasPrefix("C0GENERAL:") == true })
    }
  }

  @Test func `a clock that is years off changes nothing`() async throws {
    try await SlackBench.with { bench in
      bench.time.advance(by: -3 * 365 * 86_400)
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("one")
      var messages = try await bench.collect(channel, from: &cursor, polls: 2)
      bench.time.advance(by: 9 * 365 * 86_400)
      bench.fake.say("two")
      messages += try await bench.collect(channel, from: &cursor, polls: 2)
      #expect(messages.map(\.text) == ["one", "two"])
    }
  }

  @Test func `a cursor that is none of Slack's begins anew and says so`() async throws {
    try await SlackBench.with { bench in
      for cursor in ["", "{}", "{\"slack\":1}", "{\"slack\":1,\"listed\":\"0\",\"rooms\":[{}]}", "\u{0}"] {
        let poll = try await bench.client().poll(after: cursor)
        #expect(poll.unreadable.count == 1)
        #expect(poll.cursor != nil)
      }
    }
  }

  @Test func `a cursor is read back as it was written, and broken ones crash nothing`() throws {
    var cursor = SlackCursor()
    let time = try #require(SlackTime("1795000000.000100"))
    var room = SlackCursor.Room(id: "C1", isDirect: false, from: time)
    room.pages = [time]
    room.descent = time
    room.line.recent = [.init(time: time, person: "U1", edited: "1795000000.000200", signs: ["U1+1795000000"])]
    room.threads = [.init(root: time, line: room.line, isForBot: true, isDue: true)]
    cursor.rooms = [room]
    cursor.listed = time
    #expect(SlackCursor(cursor.text) == cursor)
    let bytes = Array(cursor.text.utf8)
    for place in bytes.indices {
      var broken = bytes
      broken[place] = UInt8(truncatingIfNeeded: place &* 37)
      _ = SlackCursor(String(decoding: broken, as: UTF8.self))
      _ = SlackCursor(String(decoding: bytes.prefix(place), as: UTF8.self))
    }
  }
}
