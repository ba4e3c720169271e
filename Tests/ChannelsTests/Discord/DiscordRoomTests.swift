import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

/// Rooms of all kinds, and the threads below them.
@Suite struct DiscordRoomTests {
  static func iso(_ date: Date) -> String { date.formatted(.iso8601).replacing("Z", with: "+00:00") }

  @Test func `in a forum everything is said in threads, and its posts are read from their first word`() async throws {
    try await DiscordBench.with {
      $0.rooms = ["30": .init()]
    } _: { bench in
      // Although threads are not read elsewhere.
      #expect(!bench.settings.readsThreads)
      bench.discord.put(FakeDiscord.room(30, kind: 15))
      let old = bench.discord.openThread(in: 30)
      bench.discord.say("long ago", in: old)
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      let post = bench.discord.openThread(in: 30)
      bench.discord.say("when is payday?", in: post, also: ["id": .string("\(post)")])
      bench.discord.say("and then?", in: post)
      let messages = try await DiscordPollTests.until(channel, &cursor, 2)
      #expect(messages.map(\.text) == ["when is payday?", "and then?"])
      #expect(messages.allSatisfy { $0.conversation == ConversationID(channel: "dc", room: "30", thread: "\(post)") })
      #expect(bench.discord.calls("GET", "channels/30/messages").isEmpty)
      let question = try #require(messages.first)
      _ = try await channel.send(
        OutgoingReply(
          id: 1, conversation: question.conversation, inReplyTo: question.id.id, text: "On the 5th.",
          author: "bot", idempotencyKey: "k"))
      #expect(bench.discord.shown(in: post).count == 1)
    }
  }

  @Test func `in a direct chat everything is meant for the bot`() async throws {
    try await DiscordBench.with {
      $0.rooms = ["40": .init()]
      $0.answering = .addressed
      $0.readsThreads = true
    } _: { bench in
      var room = FakeDiscord.room(40, kind: 1)
      room["guild_id"] = nil
      bench.discord.put(room)
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      bench.discord.say("hello", in: 40)
      #expect(try await DiscordPollTests.until(channel, &cursor, 1).map(\.text) == ["hello"])
    }
  }

  @Test func `threads are listed once a round for all rooms of a server`() async throws {
    try await DiscordBench.with {
      $0.readsThreads = true
      $0.rooms["\(FakeDiscord.otherRoom)"] = .init()
    } _: { bench in
      let channel = try bench.channel()
      let start = try await channel.poll(after: nil)
      let before = bench.discord.calls("GET", "threads/active").count
      let here = bench.discord.openThread()
      let there = bench.discord.openThread(in: FakeDiscord.otherRoom)
      bench.discord.say("here", in: here)
      bench.discord.say("there", in: there)
      #expect(try await channel.poll(after: start.cursor).messages.map(\.text) == ["here", "there"])
      #expect(bench.discord.calls("GET", "threads/active").count == before + 1)
    }
  }

  @Test func `a thread that is gone when it is to be read keeps nothing else from being read`() async throws {
    try await DiscordBench.with {
      $0.readsThreads = true
    } _: { bench in
      let channel = try bench.channel()
      let start = try await channel.poll(after: nil)
      let gone = bench.discord.openThread()
      let other = bench.discord.openThread()
      bench.discord.say("x", in: gone)
      bench.discord.say("here", in: other)
      bench.discord.fail("channels/\(gone)/messages", FakeDiscord.refuse(404, 10003))
      let poll = try await channel.poll(after: start.cursor)
      #expect(poll.messages.map(\.text) == ["here"] && poll.unreadable.isEmpty)
    }
  }

  @Test func `threads that closed while nobody looked are read, however many, and each message once`() async throws {
    try await DiscordBench.with {
      $0.readsThreads = true
    } _: { bench in
      let channel = try bench.channel()
      let known = bench.discord.openThread()
      bench.discord.say("before the start", in: known)
      var cursor = try await channel.poll(after: nil).cursor
      bench.discord.say("known", in: known)
      cursor = try await channel.poll(after: cursor).cursor
      // The program is away for a day; what is asked meanwhile is in threads that close by themselves.
      let start = bench.time.now
      bench.discord.say("known, later", in: known)
      bench.discord.closeThread(known, at: Self.iso(start + 4_000))
      let long = bench.discord.openThread()
      for number in 0..<230 { bench.discord.say("long \(number)", in: long) }
      bench.discord.closeThread(long, at: Self.iso(start + 4_000))
      for number in 0..<120 {
        let thread = bench.discord.openThread()
        bench.discord.say("closed \(number)", in: thread)
        bench.discord.closeThread(thread, at: Self.iso(start + 5_000 + TimeInterval(number)))
      }
      let elsewhere = bench.discord.openThread(in: FakeDiscord.otherRoom)
      bench.discord.say("not a room of the bot's", in: elsewhere)
      bench.discord.closeThread(elsewhere, at: Self.iso(start + 4_000))
      bench.time.advance(by: 86_400)
      let anew = try bench.channel()
      let poll = try await anew.poll(after: cursor)
      let texts = poll.messages.map(\.text)
      #expect(texts.count == 351 && Set(texts).count == 351 && texts.contains("known, later"))
      #expect(texts.filter { $0.hasPrefix("long") } == (0..<230).map { "long \($0)" })
      // Then they are done with: nothing comes twice, and nothing is asked before the next look.
      let asked = bench.discord.calls("GET", "threads/archived").count
      #expect(try await anew.poll(after: poll.cursor).isEmpty)
      #expect(bench.discord.calls("GET", "threads/archived").count == asked)
      bench.time.advance(by: 1_200)
      #expect(try await anew.poll(after: poll.cursor).isEmpty)
      #expect(bench.discord.calls("GET", "threads/archived").count == asked + 1)
    }
  }

  @Test func `a thread that somebody closes right after asking is found at the next look`() async throws {
    try await DiscordBench.with {
      $0.readsThreads = true
    } _: { bench in
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      let thread = bench.discord.openThread()
      bench.discord.say("asked and gone", in: thread)
      bench.discord.closeThread(thread, at: Self.iso(bench.time.now))
      let quiet = try await channel.poll(after: cursor)
      #expect(quiet.isEmpty)
      cursor = quiet.cursor
      bench.time.advance(by: 600)
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["asked and gone"])
    }
  }

  @Test func `what was said in threads while they were not read stays unanswered when they are`() async throws {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      let thread = bench.discord.openThread()
      bench.discord.say("not read", in: thread)
      bench.discord.say("in the room")
      cursor = try await channel.poll(after: cursor).cursor
      var bench = bench
      bench.settings.readsThreads = true
      let reading = try bench.channel()
      #expect(try await reading.poll(after: cursor).isEmpty)
      bench.discord.say("read", in: thread)
      #expect(try await reading.poll(after: cursor).messages.map(\.text) == ["read"])
    }
  }

  @Test func `without Message Content Intent the bot says in words that it sees none`() async throws {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      let start = try await channel.poll(after: nil)
      bench.discord.say("")
      let poll = try await channel.poll(after: start.cursor)
      #expect(poll.messages.isEmpty && poll.unreadable.count == 1)
      #expect(poll.unreadable.first?.reason.contains("Message Content Intent") == true)
    }
  }

  @Test func `numbers, not the order of a page, say what came first`() async throws {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      let start = try await channel.poll(after: nil)
      let page = [9_003, 9_001, 9_002].map {
        JSONValue.object(FakeDiscord.message($0, in: FakeDiscord.room, "m\($0)", by: FakeDiscord.user()))
      }
      bench.discord.fail("/messages", .json(JSONValue.array(page).serialized()))
      let poll = try await channel.poll(after: start.cursor)
      #expect(poll.messages.map(\.text) == ["m9001", "m9002", "m9003"])
      #expect(poll.cursor?.contains("9003") == true)
      #expect(Snowflake("10").map { $0 > Snowflake(number: 9) } == true)
    }
  }
}
