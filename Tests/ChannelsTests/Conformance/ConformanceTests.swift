import Foundation
import Support
import TestSupport
import Testing

@testable import Channels

/// What every adapter of the port `Channel` must do, whatever its server.
@Suite(.timeLimit(.minutes(2))) struct ConformanceTests {
  /// All messages that polls bring from a place on, until `count` are there.
  static func messages(
    _ channel: any Support.Channel, from cursor: inout String?, until count: Int
  ) async throws -> [Message] {
    var messages: [Message] = []
    for _ in 0..<100 where messages.count < count {
      let poll = try await channel.poll(after: cursor)
      messages += poll.messages
      if let next = poll.cursor { cursor = next }
    }
    return messages
  }

  static func reply(_ adapter: Adapter, _ text: String, key: String = "key", to id: String? = nil) -> OutgoingReply {
    OutgoingReply(
      id: 1,
      conversation: ConversationID(
        channel: adapter.channelName, room: adapter.room, thread: adapter.thread(answering: id)), inReplyTo: id,
      text: text, author: "bot", idempotencyKey: key)
  }

  @Test(arguments: Adapter.allCases)
  func `messages come in the order in which they were said, over as many pages as it takes`(_ adapter: Adapter)
    async throws
  {
    try await adapter.with { server in
      let channel = try server.client()
      var cursor = try await start(channel, server)
      let ids = (0..<350).map { server.say("message \($0)", by: $0 % 3 == 0 ? .anotherPerson : .person) }
      let messages = try await Self.messages(channel, from: &cursor, until: 350)
      #expect(messages.map(\.id) == ids.map { MessageID(channel: adapter.channelName, id: $0) })
      #expect(messages.map(\.text) == (0..<350).map { "message \($0)" })
      #expect(messages.allSatisfy { $0.conversation.channel == adapter.channelName })
      #expect(Set(messages.map(\.sender.id)).count == 2)
    }
  }

  /// The first poll, after which everything that is said is news.
  func start(_ channel: any Support.Channel, _ server: any ChatServerInTest) async throws -> String? {
    server.say("before the first poll", by: .person)
    return try await channel.poll(after: nil).cursor
  }

  @Test(arguments: Adapter.allCases)
  func `a program started anew goes on where the cursor says, after every page`(_ adapter: Adapter) async throws {
    try await adapter.with { server in
      var cursor = try await start(server.client(), server)
      for number in 0..<250 { server.say("message \(number)", by: .person) }
      var texts: [String] = []
      while texts.count < 250 {
        let poll = try await server.client().poll(after: cursor)
        texts += poll.messages.map(\.text)
        cursor = poll.cursor
      }
      #expect(texts == (0..<250).map { "message \($0)" })
    }
  }

  @Test(arguments: Adapter.allCases)
  func `a poll that was lost on the way is served again, with the same ids`(_ adapter: Adapter) async throws {
    try await adapter.with { server in
      let channel = try server.client()
      let cursor = try await start(channel, server)
      server.say("one", by: .person)
      let first = try await channel.poll(after: cursor)
      server.say("two", by: .person)
      let again = try await channel.poll(after: cursor)
      #expect(first.messages.map(\.text) == ["one"])
      #expect(again.messages.map(\.text) == ["one", "two"])
      #expect(first.messages[0] == again.messages[0])
    }
  }

  @Test(arguments: Adapter.allCases)
  func `edits name what they replace, deletions and reactions what they are about`(_ adapter: Adapter) async throws {
    try await adapter.with { server in
      let channel = try server.client()
      let cursor = try await start(channel, server)
      let id = server.say("frist", by: .person)
      var poll = Poll(cursor: cursor)
      // Where only a second look shows what was changed, there has to be a first.
      func look() async throws {
        let next = try await channel.poll(after: poll.cursor)
        poll.messages += next.messages
        poll.redactions += next.redactions
        poll.reactions += next.reactions
        poll.unreadable += next.unreadable
        poll.cursor = next.cursor
      }
      if !adapter.tellsEveryChange { try await look() }
      let edits = server.edit(id, to: "first") != nil
      if !adapter.tellsEveryChange { try await look() }
      let deletes = server.delete(id) != nil
      let reacts = server.react(to: id, isHelpful: false) != nil
      try await look()
      #expect(poll.messages.map(\.text) == (edits ? ["frist", "first"] : ["frist"]))
      if edits {
        #expect(poll.messages[1].editOf == id)
        #expect(poll.messages[1].id != poll.messages[0].id)
      }
      let gone = [id] + (adapter.takesEditsBack ? poll.messages.dropFirst().map(\.id.id) : [])
      #expect(poll.redactions.map(\.target) == (deletes ? gone : []))
      #expect(poll.reactions.map(\.message) == (reacts ? [id] : []))
      #expect(poll.reactions.allSatisfy { !$0.isHelpful })
      #expect(poll.unreadable.isEmpty)
    }
  }

  @Test(arguments: Adapter.allCases)
  func `thumbs under a reply name it as the server did when it was sent`(_ adapter: Adapter) async throws {
    try await adapter.with { server in
      let channel = try server.client()
      let cursor = try await start(channel, server)
      let ids = try await channel.send(Self.reply(adapter, "an answer"))
      guard adapter.tellsReactions else {
        return #expect(ids.isEmpty && server.react(to: "any", isHelpful: true) == nil)
      }
      let last = try #require(ids.last)
      #expect(server.react(to: last, isHelpful: true) != nil)
      let poll = try await channel.poll(after: cursor)
      #expect(poll.reactions.map(\.message) == [last])
      #expect(poll.reactions.allSatisfy { $0.isHelpful && !$0.isRemoved })
      #expect(poll.messages.isEmpty)
    }
  }

  @Test(arguments: Adapter.allCases)
  func `the bot hears neither itself nor other bots`(_ adapter: Adapter) async throws {
    try await adapter.with { server in
      let channel = try server.client()
      let cursor = try await start(channel, server)
      server.say("my own", by: .itself)
      server.say("beep", by: .anotherBot)
      server.say("a person", by: .person)
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["a person"])
    }
  }

  @Test(arguments: Adapter.allCases)
  func `a reply sent again under its key is shown once, also by a program started anew, or the channel says it is not`(
    _ adapter: Adapter
  ) async throws {
    try await adapter.with { server in
      let channel = try server.client()
      #expect(channel.repeatsSafely == adapter.repeatsSafely)
      let id = server.say("a question", by: .person)
      let once = Self.reply(adapter, "once", key: "a b/ü", to: id)
      let first = try await channel.send(once)
      #expect(try await channel.send(once) == first)
      if adapter.repeatsSafely {
        #expect(try await server.client().send(once) == first)
      } else {
        // A program started anew says it twice: that is why what was on its way is held, and not sent again.
        #expect(try await server.client().send(once) != first)
      }
      _ = try await channel.send(Self.reply(adapter, "twice", key: "other"))
      #expect(server.shown().map(\.text) == (adapter.repeatsSafely ? ["once", "twice"] : ["once", "once", "twice"]))
      #expect(server.shown().map(\.inReplyTo) == (adapter.repeatsSafely ? [id, nil] : [id, id, nil]))
    }
  }

  @Test(arguments: Adapter.allCases)
  func `replies of any length arrive whole, in order`(_ adapter: Adapter) async throws {
    try await adapter.with { server in
      let words = (0..<adapter.longestReply / 8).map { String(format: "w%06d", $0) }
      let text = stride(from: 0, to: words.count, by: 50).map {
        words[$0..<min($0 + 50, words.count)].joined(separator: " ")
      }.joined(separator: "\n\n")
      let ids = try await server.client().send(Self.reply(adapter, text))
      let shown = server.shown().map(\.text)
      #expect(shown.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) } == words)
      #expect(ids.isEmpty || ids.count == shown.count)
    }
  }

  @Test(arguments: Adapter.allCases)
  func `Markdown becomes the server's own markup, and what looks like markup stays text`(_ adapter: Adapter)
    async throws
  {
    try await adapter.with { server in
      _ = try await server.client().send(Self.reply(adapter, "**bold** <script>alert(1)</script> & @room"))
      let shown = try #require(server.shown().first)
      guard let expected = adapter.markup else {
        // A webhook server is given the Markdown itself.
        #expect(shown.text.hasPrefix("**bold**") && shown.markup == nil)
        return
      }
      let markup = try #require(shown.markup)
      #expect(!shown.text.contains("**"))
      #expect(markup.contains(expected.bold) && markup.contains(expected.script))
      #expect(!markup.replacing(expected.script, with: "").contains("<script"))
    }
  }

  @Test(arguments: Adapter.allCases, ServerFailure.allCases)
  func `whatever fails, nothing is lost and nothing said twice once it is over`(
    _ adapter: Adapter, _ failure: ServerFailure
  ) async throws {
    try await adapter.with { server in
      let channel = try server.client()
      var cursor = try await start(channel, server)
      server.say("asked before", by: .person)
      server.fail(failure)
      // An hour of it, at a minute each.
      for _ in 0..<60 {
        let error = await #expect(throws: ChannelError.self) { _ = try await channel.poll(after: cursor) }
        #expect(error?.isRetriable == true)
        #expect(error?.code == Self.code(failure))
        if failure == .rateLimited { #expect(error?.retryAfter == .seconds(2)) }
      }
      // A webhook server may answer a reply that it takes with anything.
      if adapter != .webhook || failure != .wrongJSON {
        let reply = Self.reply(adapter, "words")
        let error = await #expect(throws: ChannelError.self) { _ = try await channel.send(reply) }
        #expect(error?.isRetriable == !adapter.leavesInDoubt(failure))
        #expect(error?.description.contains("words") == false)
      }
      server.say("asked meanwhile", by: .person)
      server.recover()
      let texts = try await Self.messages(channel, from: &cursor, until: 2).map(\.text)
      #expect(texts == ["asked before", "asked meanwhile"])
      _ = try await channel.send(Self.reply(adapter, "words"))
      #expect(server.shown().map(\.text) == ["words"])
    }
  }

  static func code(_ failure: ServerFailure) -> ChannelError.Code {
    switch failure {
    case .away: .serverError
    case .credentialsRevoked: .unauthorized
    case .rateLimited: .rateLimited
    case .wrongJSON: .malformed
    case .reset, .endsEarly: .unreachable
    }
  }

  @Test(arguments: Adapter.allCases)
  func `a poll that waits ends at once when it is cancelled, and the next one misses nothing`(_ adapter: Adapter)
    async throws
  {
    try await adapter.with { server in
      let channel = try server.client()
      let cursor = try await start(channel, server)
      server.holdPolls()
      let before = server.polls.count
      let waiting = Task { try await channel.poll(after: cursor) }
      await server.polls.reached(before + 1)
      waiting.cancel()
      let result = await waiting.result
      #expect(throws: CancellationError.self) { try result.get() }
      server.recover()
      server.say("after", by: .person)
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["after"])
    }
  }

  @Test(arguments: Adapter.allCases)
  func `a server's clock may say anything, and the order is the server's all the same`(_ adapter: Adapter) async throws
  {
    try await adapter.with { server in
      let channel = try server.client()
      let cursor = try await start(channel, server)
      guard !adapter.ordersByTime else {
        // What the bot's own clock says does not matter then.
        var texts: [String] = []
        var place = cursor
        for years in [-3.0, 9, -6] {
          server.turnClock(by: years * 365 * 86_400)
          server.say("\(years) years later", by: .person)
          texts += try await Self.messages(channel, from: &place, until: 1).map(\.text)
        }
        return #expect(texts == ["-3.0 years later", "9.0 years later", "-6.0 years later"])
      }
      let times = [1_795_000_000_000, 0, -1, 4_000_000_000_000, 1_700_000_000_000, Int.max]
      for time in times { server.say("at \(time)", at: time) }
      let messages = try await channel.poll(after: cursor).messages
      #expect(messages.map(\.text) == times.map { "at \($0)" })
      let range = MessageTime.earliest...MatrixBench.now.addingTimeInterval(MessageTime.tolerance)
      #expect(messages.allSatisfy { range.contains($0.sentAt) })
    }
  }
}
