import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct MatrixSendTests {
  static func content(_ event: JSONValue) -> JSONValue { event["content"] ?? .null }

  @Test func `a reply goes beside its question, as a notice that mentions nobody, in plain text and HTML`() async throws
  {
    try await MatrixBench.with { bench in
      let ids = try await bench.channel().send(MatrixBench.reply("See **this** @room <b>", to: "$q"))
      let event = try #require(bench.server.events(of: FakeHomeserver.bot).first)
      #expect(ids == [event["event_id"]?.string])
      #expect(
        Self.content(event) == [
          "msgtype": "m.notice", "body": "See this @room <b>", "format": "org.matrix.custom.html",
          "formatted_body": "See <strong>this</strong> @room &lt;b&gt;", "m.mentions": [:],
          "m.relates_to": ["m.in_reply_to": ["event_id": "$q"]],
        ])
    }
  }

  @Test func `text without marks needs no HTML, and a person's words are no notice`() async throws {
    try await MatrixBench.with { bench in
      _ = try await bench.channel().send(MatrixBench.reply("Just words & more", author: "Dana"))
      let event = try #require(bench.server.events(of: FakeHomeserver.bot).first)
      #expect(Self.content(event) == ["msgtype": "m.text", "body": "Just words & more", "m.mentions": [:]])
    }
  }

  @Test func `pictures of the web are links`() async throws {
    try await MatrixBench.with { bench in
      _ = try await bench.channel().send(
        MatrixBench.reply("![chart](https://a.example/c.png) ![](https://a.example/d)"))
      let event = try #require(bench.server.events(of: FakeHomeserver.bot).first)
      let html = Self.content(event)["formatted_body"]?.string ?? ""
      #expect(!html.contains("<img"))
      #expect(html.contains("<a href=\"https://a.example/c.png\">chart</a>"))
      #expect(html.contains("<a href=\"https://a.example/d\">https://a.example/d</a>"))
    }
  }

  @Test func `a reply in a thread stays there, for clients that know threads and for others`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      _ = try await channel.send(MatrixBench.reply("one", key: "1", to: "$q", thread: "$root"))
      _ = try await channel.send(MatrixBench.reply("two", key: "2", thread: "$root"))
      let relations = bench.server.events(of: FakeHomeserver.bot).map { Self.content($0)["m.relates_to"] }
      #expect(
        relations == [
          ["rel_type": "m.thread", "event_id": "$root", "is_falling_back": false, "m.in_reply_to": ["event_id": "$q"]],
          [
            "rel_type": "m.thread", "event_id": "$root", "is_falling_back": true,
            "m.in_reply_to": ["event_id": "$root"],
          ],
        ])
    }
  }

  @Test func `sent again under its key a reply is shown once, also by a program started anew`() async throws {
    try await MatrixBench.with { bench in
      let first = try await bench.channel().send(MatrixBench.reply("once", key: "a/b:c%ü"))
      let second = try await bench.channel().send(MatrixBench.reply("once", key: "a/b:c%ü"))
      let other = try await bench.channel().send(MatrixBench.reply("once", key: "another"))
      #expect(first == second && other != first)
      #expect(bench.server.events(of: FakeHomeserver.bot).count == 2)
    }
  }

  @Test func `a long reply is cut at paragraphs, each piece once, however often it is sent`() async throws {
    try await MatrixBench.with { bench in
      let paragraphs = (0..<40).map { "Paragraph \($0). " + String(repeating: "word ", count: 600) }
      let reply = MatrixBench.reply(paragraphs.joined(separator: "\n\n"), to: "$q")
      let ids = try await bench.channel().send(reply)
      #expect(try await bench.channel().send(reply) == ids)
      let events = bench.server.events(of: FakeHomeserver.bot)
      #expect(ids.count == events.count && ids.count > 1)
      let bodies = events.compactMap { Self.content($0)["body"]?.string }
      #expect(
        bodies.joined(separator: "\n\n").split(separator: "\n\n").map { $0.prefix(13) }
          == paragraphs.map { $0.prefix(13) })
      #expect(events.map { Self.content($0)["m.relates_to"] != nil } == [true] + ids.dropFirst().map { _ in false })
    }
  }

  @Test func `what the server finds too long is halved until it takes it`() async throws {
    try await MatrixBench.with { bench in
      bench.server.fail(FakeHomeserver.refuse(413, "M_TOO_LARGE"), on: "/send/")
      let ids = try await bench.channel().send(MatrixBench.reply("first half here\n\nsecond half there"))
      #expect(ids.count == 2)
      let bodies = bench.server.events(of: FakeHomeserver.bot).compactMap { Self.content($0)["body"]?.string }
      #expect(bodies == ["first half here", "second half there"])
      bench.server.fail(FakeHomeserver.refuse(413, "M_TOO_LARGE"), times: 100, on: "/send/")
      let error = await #expect(throws: ChannelError.self) {
        _ = try await bench.channel().send(MatrixBench.reply(String(repeating: "x y ", count: 100), key: "2"))
      }
      #expect(error?.code == .refused && error?.isRetriable == false)
    }
  }

  @Test func `an edit edits what is there, adds what is more and takes back what is less`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      var reply = MatrixBench.reply("new **words**")
      reply.replaces = ["$old1", "$old2"]
      #expect(try await channel.send(reply) == ["$old1"])
      let edit = Self.content(try #require(bench.server.events(of: FakeHomeserver.bot).first))
      #expect(edit["m.relates_to"] == ["rel_type": "m.replace", "event_id": "$old1"])
      #expect(edit["body"] == "* new words")
      #expect(edit["m.new_content"]?["formatted_body"] == "new <strong>words</strong>")
      #expect(edit["m.new_content"]?["m.relates_to"] == nil)
      let back = bench.server.events(of: FakeHomeserver.bot, type: "m.room.redaction")
      #expect(back.map { Self.content($0)["redacts"] } == ["$old2"])
      var longer = MatrixBench.reply(
        (0..<20).map { "\($0) " + String(repeating: "word ", count: 900) }.joined(separator: "\n\n"), key: "2", to: "$q"
      )
      longer.replaces = ["$old1"]
      let ids = try await channel.send(longer)
      #expect(ids.count > 1 && ids.first == "$old1")
    }
  }

  @Test func `thumbs are offered where it is asked whether a reply helped`() async throws {
    try await MatrixBench.with { bench in
      var reply = MatrixBench.reply("Did it help?")
      reply.asksWhetherHelped = true
      bench.server.fail(FakeHomeserver.refuse(400, "M_DUPLICATE_ANNOTATION"), on: "/send/m.reaction")
      // Each is an event for good: they are offered where the settings ask for it.
      _ = try await bench.channel().send(reply)
      #expect(bench.server.events(of: FakeHomeserver.bot, type: "m.reaction").isEmpty)
      reply.idempotencyKey = "another"
      let ids = try await bench.channel { $0.offersThumbs = true }.send(reply)
      let signs = bench.server.events(of: FakeHomeserver.bot, type: "m.reaction").map {
        Self.content($0)["m.relates_to"]
      }
      #expect(signs == [["rel_type": "m.annotation", "event_id": .string(ids[0]), "key": "👎"]])
    }
  }

  static let refusals: [(Responder.Answer, ChannelError.Code, Bool, Duration?)] = [
    (FakeHomeserver.refuse(429, "M_LIMIT_EXCEEDED", ["retry_after_ms": 2500]), .rateLimited, true, .milliseconds(2500)),
    (.respond(status: 429, headers: [("Retry-After", "7")]), .rateLimited, true, .seconds(7)),
    (FakeHomeserver.refuse(429, "M_LIMIT_EXCEEDED", ["retry_after_ms": -5]), .rateLimited, true, nil),
    (FakeHomeserver.refuse(403, "M_FORBIDDEN"), .refused, false, nil),
    (FakeHomeserver.refuse(404, "M_NOT_FOUND"), .refused, false, nil),
    (FakeHomeserver.refuse(400, "M_BAD_JSON"), .refused, false, nil),
    (.respond(status: 404, body: Array("<html>".utf8)), .serverError, true, nil),
    (.respond(status: 502), .serverError, true, nil),
    (.respond(status: 503, headers: [("Retry-After", "3")]), .serverError, true, .seconds(3)),
    (.respond(status: 301, headers: [("Location", "http://evil.example/")]), .serverError, true, nil),
    (.json("{}"), .malformed, true, nil), (.json("nonsense"), .malformed, true, nil),
    (.endEarly(announced: 100, sent: [0x7B]), .unreachable, true, nil),
    (.endChunkedEarly(sent: [0x7B]), .unreachable, true, nil),
  ]

  @Test(arguments: refusals.indices)
  func `a reply that is not taken is tried again where that can help, and shown once then`(_ index: Int) async throws {
    let (answer, code, isRetriable, pause) = Self.refusals[index]
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      bench.server.fail(answer, on: "/send/")
      let error = await #expect(throws: ChannelError.self) {
        _ = try await channel.send(MatrixBench.reply("secret words"))
      }
      #expect(error?.code == code)
      #expect(error?.isRetriable == isRetriable)
      #expect(error?.retryAfter == pause)
      #expect(error?.description.contains("secret words") == false)
      #expect(error?.description.contains("what the server says") == false)
      _ = try await channel.send(MatrixBench.reply("secret words"))
      #expect(bench.server.events(of: FakeHomeserver.bot).count == 1)
    }
  }

  @Test func `names of rooms and events cannot lead to another path`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      for room in ["!a/../../v3/login:x", "..", "!a?x=1#y:z", "!é ü:z"] {
        _ = try? await channel.send(MatrixBench.reply("x", room: room))
      }
      let targets = bench.server.requests.filter { $0.method == "PUT" }.map(\.target)
      #expect(targets.count == 4)
      #expect(
        targets.allSatisfy {
          $0.split(separator: "/").count == 8 && !$0.contains("?") && !$0.split(separator: "/").contains("..")
        })
    }
  }

  @Test func `receipts and typing are courtesies, and can be turned off`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let place = ConversationID(channel: "matrix", room: FakeHomeserver.room)
      await channel.seen(MessageID(channel: "matrix", id: "$q"), in: place)
      bench.server.fail(.respond(status: 500), on: "/typing/")
      await channel.typing(in: place)
      _ = try await channel.send(MatrixBench.reply("x"))
      let courtesies = bench.server.requests.filter { $0.path.contains("receipt") || $0.path.contains("typing") }
      #expect(courtesies.map(\.bodyText) == ["{}", "{\"typing\":true,\"timeout\":10000}", "{\"typing\":false}"])
      let quiet = try bench.channel {
        $0.sendsReceipts = false
        $0.showsTyping = false
      }
      await quiet.seen(MessageID(channel: "matrix", id: "$q"), in: place)
      await quiet.typing(in: place)
      #expect(bench.server.requests.count { $0.path.contains("receipt") || $0.path.contains("typing") } == 3)
    }
  }
}
