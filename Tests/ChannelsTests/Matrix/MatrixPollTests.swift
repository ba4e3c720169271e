import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct MatrixPollTests {
  @Test func `what was said before the first poll is history, what is said after it is answered`() async throws {
    try await MatrixBench.with { bench in
      bench.server.say("old news")
      let channel = try bench.channel()
      let first = try await channel.poll(after: nil)
      #expect(first.messages.isEmpty)
      let id = bench.server.say("hello")
      let poll = try await channel.poll(after: first.cursor)
      let message = try #require(poll.messages.first)
      #expect(poll.messages.count == 1)
      #expect(message.id == MessageID(channel: "matrix", id: id))
      #expect(message.conversation == ConversationID(channel: "matrix", room: FakeHomeserver.room))
      #expect(message.text == "hello")
      #expect(message.sender == Support.Sender(id: "@anna:example.org", name: "Name of @anna:example.org"))
      #expect(message.sentAt == Date(timeIntervalSince1970: 1_795_000_000.002))
    }
  }

  @Test(arguments: [1, 99, 100, 101, 250, 1_234])
  func `an outage of any length is read forward page by page, each message once and in order`(_ count: Int) async throws
  {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      for number in 0..<count { bench.server.say("message \(number)") }
      let whole = try await MatrixBench.drain(channel, from: cursor)
      #expect(whole.messages.map(\.text) == (0..<count).map { "message \($0)" })
      // And then there is no more to come but what is new.
      bench.server.say("after")
      #expect(try await channel.poll(after: whole.cursor).messages.map(\.text) == ["after"])
    }
  }

  @Test func `what is said while an outage is read comes after it, and a room without one does not wait`() async throws
  {
    try await MatrixBench.with { bench in
      let other = "!other:example.org"
      bench.server.setMembers(["@anna:example.org", FakeHomeserver.bot], of: other)
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      for number in 0..<350 { bench.server.say("message \(number)") }
      bench.server.say("quick one", in: other)
      var texts: [String] = []
      for round in 0..<6 {
        let poll = try await channel.poll(after: cursor)
        if round == 0 { #expect(poll.messages.map(\.text).contains("quick one")) }
        texts += poll.messages.map(\.text).filter { $0.hasPrefix("m") }
        cursor = poll.cursor
        if round < 3 { bench.server.say("message \(350 + round)") }
        if texts.count == 353 { break }
      }
      #expect(texts == (0..<353).map { "message \($0)" })
    }
  }

  @Test func `an outage goes on to be read where the cursor says, by a program started anew`() async throws {
    try await MatrixBench.with { bench in
      var cursor = try await bench.channel().poll(after: nil).cursor
      for number in 0..<450 { bench.server.say("message \(number)") }
      var texts: [String] = []
      for _ in 0..<8 {
        let poll = try await bench.channel().poll(after: cursor)
        texts += poll.messages.map(\.text)
        cursor = poll.cursor
        if cursor?.contains("gaps") != true { break }
      }
      #expect(texts == (0..<450).map { "message \($0)" })
    }
  }

  @Test func `no two polls ask for the same, and the bot's own messages are not asked for`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      for _ in 0..<5 {
        bench.server.say("x")
        cursor = try await channel.poll(after: cursor).cursor
      }
      let syncs = bench.server.requests.filter { $0.path.hasSuffix("/sync") }
      let timeouts = syncs.dropFirst().compactMap { $0.query["timeout"].flatMap(Int.init) }
      #expect(Set(timeouts).count == 5)
      #expect(timeouts.allSatisfy { (29_000..<30_000).contains($0) })
      #expect(syncs.allSatisfy { $0.query["filter"]?.contains("not_senders") == true })
    }
  }

  @Test func `a poll repeated from the same cursor brings the same`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.server.say("one")
      let once = try await channel.poll(after: cursor)
      #expect(try await channel.poll(after: cursor).messages == once.messages)
    }
  }

  // MARK: Invitations

  @Test func `an invitation from the own server is accepted, and what was said after it is answered`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.server.setMembers(["@anna:example.org"], of: "!new:example.org")
      bench.server.invite(to: "!new:example.org", by: "@anna:example.org")
      bench.server.say("are you there?", in: "!new:example.org")
      let whole = try await MatrixBench.drain(channel, from: cursor)
      #expect(whole.messages.map(\.text) == ["are you there?"])
      #expect(bench.server.requests.count { $0.path.hasSuffix("/join") } == 1)
    }
  }

  @Test func `an invitation to a direct chat from before the first start is accepted and answered`() async throws {
    try await MatrixBench.with { bench in
      bench.server.setMembers(["@anna:example.org"], of: "!new:example.org")
      bench.server.invite(to: "!new:example.org", by: "@anna:example.org", isDirect: true)
      bench.server.say("hello?", in: "!new:example.org")
      let channel = try bench.channel()
      #expect(try await MatrixBench.drain(channel, from: nil).messages.map(\.text) == ["hello?"])
    }
  }

  @Test(arguments: ["@spam:evil.example", "@anna:example.org.evil.example", "nonsense"])
  func `an invitation from anybody else is not accepted but shown`(_ inviter: String) async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.server.invite(to: "!trap:evil.example", by: inviter)
      let poll = try await channel.poll(after: cursor)
      #expect(poll.unreadable.map(\.id) == ["invitation:!trap:evil.example"])
      #expect(!bench.server.requests.contains { $0.path.hasSuffix("/join") })
    }
  }

  @Test(arguments: ["partner.example", "@boss:partner.example"])
  func `servers and people can be allowed`(_ allowed: String) async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel { $0.inviters = [allowed] }
      let cursor = try await channel.poll(after: nil).cursor
      bench.server.invite(to: "!new:partner.example", by: "@boss:partner.example")
      bench.server.invite(to: "!own:example.org", by: "@anna:example.org")
      let poll = try await channel.poll(after: cursor)
      #expect(bench.server.requests.filter { $0.path.hasSuffix("/join") }.count == 1)
      #expect(poll.unreadable.map(\.id) == ["invitation:!own:example.org"])
    }
  }

  @Test func `an acceptance that fails is tried again later, by the cursor, and not at every poll`() async throws {
    try await MatrixBench.with { bench in
      var cursor = try await bench.channel().poll(after: nil).cursor
      bench.server.invite(to: "!new:example.org", by: "@anna:example.org")
      bench.server.fail(.respond(status: 503), times: 2) { $0.path.hasSuffix("/join") }
      for seconds in [0, 0.1, 60, 61, 200] {
        let channel = try bench.channel(now: MatrixBench.now.addingTimeInterval(seconds))
        bench.server.say("noise")
        cursor = try await channel.poll(after: cursor).cursor
      }
      #expect(bench.server.requests.count { $0.path.hasSuffix("/join") } == 3)
      #expect(cursor?.contains("invitations") == false)
    }
  }

  @Test func `an invitation that was withdrawn is given up and shown`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.server.invite(to: "!new:example.org", by: "@anna:example.org")
      bench.server.fail(FakeHomeserver.refuse(403, "M_FORBIDDEN")) { $0.path.hasSuffix("/join") }
      let poll = try await channel.poll(after: cursor)
      #expect(poll.unreadable.map(\.id) == ["invitation:!new:example.org"])
      #expect(poll.cursor?.contains("invitations") == false)
    }
  }

  @Test func `taken out of a room with much unread there, the rest is shown as lost and other rooms go on`()
    async throws
  {
    try await MatrixBench.with { bench in
      let other = "!other:example.org"
      bench.server.setMembers(["@anna:example.org", FakeHomeserver.bot], of: other)
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      for number in 0..<250 { bench.server.say("message \(number)") }
      cursor = try await channel.poll(after: cursor).cursor
      bench.server.kick(from: FakeHomeserver.room)
      bench.server.say("still here", in: other)
      let poll = try await channel.poll(after: cursor)
      #expect(poll.messages.map(\.text).contains("still here"))
      #expect(poll.unreadable.contains { $0.id?.hasPrefix("gap:\(FakeHomeserver.room)") == true })
      #expect(poll.cursor?.contains("gaps") == false)
    }
  }

  // MARK: What servers answer

  @Test func `an answer that is too long is asked for again with less in it, and nothing is missing`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      for number in 0..<120 { bench.server.say("message \(number)") }
      bench.server.fail(.large(bytes: 17 << 20, isAnnounced: true), times: 2, on: "/sync")
      for _ in 0..<2 {
        let error = await #expect(throws: ChannelError.self) { _ = try await channel.poll(after: cursor) }
        #expect(error?.isRetriable == true)
      }
      let whole = try await MatrixBench.drain(channel, from: cursor)
      #expect(whole.messages.map(\.text) == (0..<120).map { "message \($0)" })
      let limits = bench.server.requests.compactMap { request -> Int? in
        guard request.path.hasSuffix("/sync"), request.query["since"] != nil else { return nil }
        return (try? JSONValue.parse(request.query["filter"] ?? ""))?["room"]?["timeline"]?["limit"]?.int
      }
      #expect(limits.prefix(3) == [100, 50, 25])
    }
  }

  static let poison: [String] = [
    String(repeating: "[", count: 1_500) + String(repeating: "]", count: 1_500), "{\"a\":1,\"a\":2}",
    "{\"e\u{301}\":1,\"\u{E9}\":2}", "1e999", "1000000000000000000000000", "\"\\ud800\"",
    String(repeating: "{\"a\":", count: 5_000) + "1" + String(repeating: "}", count: 5_000),
  ]

  @Test(arguments: poison)
  func `an event made to break parsers is set aside, and the others are read`(_ trap: String) async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      let event = { (id: String, content: String) in
        "{\"event_id\":\"\(id)\",\"type\":\"m.room.message\",\"sender\":\"@anna:example.org\",\"content\":\(content)}"
      }
      let events = [
        event("$1", "{\"msgtype\":\"m.text\",\"body\":\"before\"}"),
        event("$2", "{\"msgtype\":\"m.text\",\"body\":\"x\",\"trap\":\(trap)}"),
        event("$3", "{\"msgtype\":\"m.text\",\"body\":\"after, with \\\"events\\\":[ in it\"}"),
      ].joined(separator: ",")
      bench.server.fail(
        .json(
          "{\"next_batch\":\"s9\",\"rooms\":{\"join\":{\"\(FakeHomeserver.room)\":{\"timeline\":{\"events\":[\(events)]}}}}}"
        ), on: "/sync")
      let poll = try await channel.poll(after: cursor)
      #expect(poll.messages.map(\.text) == ["before", "after, with \"events\":[ in it"])
      #expect(poll.unreadable.count == 1)
      #expect(poll.unreadable.first?.raw.contains("$2") == true)
      #expect(poll.cursor?.contains("s9") == true)
    }
  }

  static let malformed: [Responder.Answer] = [
    .json(""), .json("[]"), .json("{}"), .json("{\"next_batch\":7}"), .json("{\"next_batch\":\"\"}"), .json("nonsense"),
    .respond(status: 200, body: [0xFF, 0xFE]), .json("{\"next_batch\":\"s1\",\"rooms\":{\"join\":"),
  ]

  @Test(arguments: malformed.indices)
  func `an answer that is no sync is an error to try again after`(_ index: Int) async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.server.fail(Self.malformed[index], on: "/sync")
      let error = await #expect(throws: ChannelError.self) { _ = try await channel.poll(after: cursor) }
      #expect(error?.code == .malformed)
      #expect(error?.isRetriable == true)
      bench.server.say("hello")
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["hello"])
    }
  }

  @Test func `events that are none are set aside one by one`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.server.fail(
        .json(
          """
          {"next_batch":"s9","rooms":{"join":{"!room:example.org":{"timeline":{"events":[7,"x",[],{},
          {"event_id":"$1","type":"m.room.message"},{"event_id":"","type":"m.room.message","sender":"@a:b"},
          {"event_id":"$2","type":"m.room.message","sender":"@a:b","content":"none"},
          {"event_id":"$3","type":"m.room.message","sender":"@a:b","content":{"msgtype":"m.text","body":7}}]}}}}}
          """), on: "/sync")
      let poll = try await channel.poll(after: cursor)
      #expect(poll.unreadable.count == 6)
      #expect(poll.messages.map(\.text) == [""])
    }
  }

  @Test func `a cursor of another kind of channel begins anew and says so`() async throws {
    try await MatrixBench.with { bench in
      bench.server.say("old")
      let poll = try await bench.channel().poll(after: "17")
      #expect(poll.messages.isEmpty)
      #expect(poll.unreadable.count == 1)
      #expect(poll.cursor?.contains("since") == true)
    }
  }

  @Test func `a cursor is the same after being written and read`() throws {
    var cursor = MatrixCursor(since: "s1_\"2\"")
    cursor.open("!a:b", from: nil)
    cursor.open("!a:b", from: "later")
    cursor.open("!c:d", from: "t1")
    cursor.invitations = [.init(room: "!e:f", from: "s0", isDirect: true, nextAttempt: 5, attempts: 2)]
    #expect(MatrixCursor(cursor.text) == cursor)
    #expect(cursor.gaps.map(\.from) == [nil, "t1"])
    for bad in [
      "", "{}", "[]", "{\"since\":\"\"}", "{\"since\":\"s\",\"gaps\":[7]}", "{\"since\":\"s\",\"invitations\":[{}]}",
    ] {
      #expect(MatrixCursor(bad) == nil)
    }
  }
}
