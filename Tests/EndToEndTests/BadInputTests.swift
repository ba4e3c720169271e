import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// What a chat server can get wrong, and what agencies can write, against the running program.
  @Suite struct BadInputTests {
    /// A way in which a whole answer to a poll can be wrong.
    struct Fault: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var answer: Responder.Answer
    }

    static let faults: [Fault] = [
      Fault(testDescription: "truncated JSON", answer: .json(#"{"messages": [{"id": "x1", "conversa"#)),
      Fault(testDescription: "no JSON at all", answer: .json("<html>Sign in</html>")),
      Fault(testDescription: "an empty body", answer: .json("")),
      Fault(testDescription: "messages that are a number", answer: .json(#"{"messages": 7, "cursor": "9"}"#)),
      Fault(testDescription: "no messages", answer: .json(#"{"cursor": "9"}"#)),
      Fault(testDescription: "a list on its own", answer: .json("[]")),
      Fault(testDescription: "a cursor that is a list", answer: .json(#"{"messages": [], "cursor": [9]}"#)),
      Fault(
        testDescription: "duplicate keys", answer: .json(#"{"messages": [], "cursor": "9", "cursor": "8"}"#)),
      Fault(
        testDescription: "nesting without end", answer: .json(String(repeating: "[", count: 100_000))),
      Fault(testDescription: "50 MB, announced", answer: .large(bytes: 50 << 20, isAnnounced: true)),
      Fault(testDescription: "50 MB, not announced", answer: .large(bytes: 50 << 20, isAnnounced: false)),
      Fault(testDescription: "a body cut short", answer: .endEarly(announced: 900, sent: Array(#"{"mess"#.utf8))),
      Fault(testDescription: "a chunked body cut short", answer: .endChunkedEarly(sent: Array(#"{"mess"#.utf8))),
      Fault(testDescription: "a reset", answer: .reset),
      Fault(testDescription: "a closed connection", answer: .close),
      Fault(testDescription: "bytes that are no HTTP", answer: .raw(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))),
      Fault(testDescription: "302", answer: .json("", status: 302, headers: [("Location", "/elsewhere")])),
      Fault(testDescription: "401", answer: .json("{}", status: 401)),
      Fault(testDescription: "403", answer: .json("{}", status: 403)),
      Fault(testDescription: "404", answer: .json("{}", status: 404)),
      Fault(testDescription: "409", answer: .json("{}", status: 409)),
      Fault(testDescription: "429", answer: .json("{}", status: 429, headers: [("Retry-After", "1")])),
      Fault(testDescription: "500", answer: .json("{}", status: 500)),
      Fault(testDescription: "503", answer: .json("{}", status: 503)),
    ]

    @Test(arguments: faults)
    func `a poll is asked again from the same place after`(fault: Fault) async throws {
      let chat = ScriptedChat(polls: [
        Self.page([Self.good("m1")], "1"), fault.answer, Self.page([Self.good("m2")], "2"),
      ])
      try await Self.run(chat) { _, bot in
        #expect(await chat.replyRequests.wait(within: .seconds(30)) { $0.count == 2 })
        #expect(chat.replies.map(\.inReplyTo) == ["m1", "m2"])
        #expect(chat.pollRequests.value.prefix(3).map { $0.query["cursor"] } == [nil, "1", "1"])
        #expect(bot.errors.value.contains("warning"), "nothing was said: \(bot.errors.value)")
        #expect(!bot.errors.value.contains(TestWorkspace.token))
      }
    }

    /// A way in which one message can be wrong.
    struct Broken: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var message: [UInt8]

      init(_ testDescription: String, _ message: String) {
        self.testDescription = testDescription
        self.message = Array(message.utf8)
      }
    }

    static let brokenMessages: [Broken] = [
      Broken("no object", "17"),
      Broken("null", "null"),
      Broken("no id", #"{"conversation":"c","sender":{"id":"u"},"text":"hello"}"#),
      Broken("an id that is an object", #"{"id":{},"conversation":"c","sender":{"id":"u"},"text":"hello"}"#),
      Broken("an empty id", #"{"id":"","conversation":"c","sender":{"id":"u"},"text":"hello"}"#),
      Broken("no conversation", #"{"id":"x","sender":{"id":"u"},"text":"hello"}"#),
      Broken("no sender", #"{"id":"x","conversation":"c","text":"hello"}"#),
      Broken("no text", #"{"id":"x","conversation":"c","sender":{"id":"u"}}"#),
      Broken("a text that is a number", #"{"id":"x","conversation":"c","sender":{"id":"u"},"text":5}"#),
      Broken("a text that is a list", #"{"id":"x","conversation":"c","sender":{"id":"u"},"text":["hello"]}"#),
      Broken("duplicate keys", #"{"id":"x","conversation":"c","sender":{"id":"u"},"text":"a","text":"b"}"#),
      Broken("half an escape", #"{"id":"x","conversation":"c","sender":{"id":"u"},"text":"\ud800"}"#),
      Broken("no value", #"{"id":"x","conversation":"c","sender":{"id":"u"},"text":}"#),
      Broken(
        "1 MB of text",
        #"{"id":"x","conversation":"c","sender":{"id":"u"},"text":""# + String(repeating: "payout ", count: 150_000)
          + #""}"#),
      Broken(
        "nesting 300 deep",
        #"{"id":"x","conversation":"c","sender":{"id":"u"},"text":"hello","more":"#
          + String(repeating: "[", count: 300) + String(repeating: "]", count: 300) + "}"),
      invalidUTF8,
    ]

    private static var invalidUTF8: Broken {
      var broken = Broken("invalid UTF-8", "")
      broken.message =
        Array(#"{"id":"x","conversation":"c","sender":{"id":"u"},"text":"pay"#.utf8) + [0xFF, 0xC3, 0x28]
        + Array(#"out"}"#.utf8)
      return broken
    }

    @Test(arguments: brokenMessages)
    func `a message is set aside and its neighbours are answered, for`(broken: Broken) async throws {
      let body =
        Array(#"{"messages":["#.utf8) + Self.good("m1") + [0x2C] + broken.message + [0x2C] + Self.good("m2")
        + Array(#"],"cursor":"5"}"#.utf8)
      let chat = ScriptedChat(polls: [
        .respond(status: 200, headers: [("Content-Type", "application/json")], body: body),
        Self.page([Self.good("m3")], "6"),
      ])
      try await Self.run(chat) { workspace, _ in
        #expect(await chat.replyRequests.wait(within: .seconds(30)) { $0.count == 3 })
        #expect(chat.replies.map(\.inReplyTo) == ["m1", "m2", "m3"])
        #expect(chat.pollRequests.value.prefix(2).map { $0.query["cursor"] } == [nil, "5"])
        let aside = try await workspace.run("log", "--set-aside", "--json")
        #expect(aside.lines.count == 1)
        let item = try JSONValue.parse(aside.output)
        #expect(item.object?.keys == ["kind", "at", "channel", "id", "reason", "text", "reply", "outcome"])
        #expect(item["reply"] == .null && item["outcome"] == .null)
        #expect(item["kind"]?.string == "unreadable" && item["channel"]?.string == "vendor")
        #expect(item["reason"]?.string?.isEmpty == false && item["text"]?.string?.isEmpty == false)
        let table = try await workspace.run("log", "--set-aside")
        #expect(table.output.contains("vendor") && !table.output.contains("\u{1B}"))
      }
    }

    /// Odd, and to be answered all the same.
    static let oddTexts = [
      "NUL": #"opening hours\u0000"#, "NUL in front": #"\u0000opening hours"#,
      "bidi overrides": #"\u202Eopening hours\u202C"#, "zero-width characters": #"\u200Bopening hours\u200B\uFEFF"#,
      "escape codes": #"\u001b[31m opening hours \u001b[0m\u0007"#, "line breaks": #"\r\n\nopening hours\r"#,
      "emoji": "opening hours 🏳️‍🌈👩‍👩‍👧‍👧", "a lone combining mark": #"\u0301opening hours"#,
      "60 KB": "opening hours " + String(repeating: "z", count: 60_000),
    ]

    @Test(arguments: oddTexts.keys.sorted())
    func `a text is answered that has`(oddity: String) async throws {
      let text = try #require(Self.oddTexts[oddity])
      let chat = ScriptedChat(polls: [
        Self.page([Array(#"{"id":"m1","conversation":"c","sender":{"id":"u"},"text":"\#(text)"}"#.utf8)], "1")
      ])
      try await Self.run(chat) { workspace, _ in
        #expect(await chat.replyRequests.wait(within: .seconds(30)) { $0.count == 1 })
        #expect(chat.replies.first?.text == "We are open from nine to six.")
        let log = try await workspace.run("log")
        #expect(log.code == 0)
        #expect(!log.output.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0 || $0.value == 0x202E })
        #expect(try await workspace.run("log", "--json").lines.count == 2)
      }
    }

    @Test func `times in 1970 and in 9999, and none, are no reason not to answer`() async throws {
      let times = [#""1970-01-01T00:00:00Z""#, #""9999-12-31T23:59:59Z""#, "0", "253402300799000", "null"]
      let messages = times.enumerated().map { place, time in
        Array(
          #"{"id":"m\#(place)","conversation":"c","sender":{"id":"u"},"text":"opening hours","time":\#(time)}"#.utf8)
      }
      let chat = ScriptedChat(polls: [Self.page(messages, "1")])
      try await Self.run(chat) { workspace, _ in
        #expect(await chat.replyRequests.wait(within: .seconds(30)) { $0.count == times.count })
        #expect(chat.replies.map(\.inReplyTo) == times.indices.map { "m\($0)" })
        let log = try await workspace.run("log", "--json", "--since", "1h")
        #expect(log.lines.count == 2 * times.count)
        #expect(try await workspace.run("report", "weekly").code == 0)
      }
    }

    @Test func `a thousand messages at once are answered once each and in order`() async throws {
      let messages = (0..<1_000).map { Self.good("m\($0)", conversation: "c\($0 % 40)") }
      let chat = ScriptedChat(polls: [Self.page(messages, "1000")])
      try await Self.run(chat) { _, _ in
        #expect(await chat.replyRequests.wait(within: .seconds(60)) { $0.count == 1_000 })
        let numbers = chat.replies.compactMap { $0.inReplyTo.flatMap { Int($0.dropFirst()) } }
        #expect(Set(numbers).count == 1_000)
        for room in 0..<40 {
          let own = numbers.filter { $0 % 40 == room }
          #expect(own == own.sorted() && own.count == 25)
        }
      }
    }

    @Test func `the same id twice is answered once, in one answer, in the next, and after a restart`() async throws {
      let chat = ScriptedChat(polls: [
        Self.page([Self.good("m1"), Self.good("m1")], "1"), Self.page([Self.good("m1"), Self.good("m2")], "2"),
        .hang, Self.page([Self.good("m2"), Self.good("m3")], "3"),
      ])
      try await Self.run(chat) { workspace, first in
        #expect(await chat.pollRequests.wait(within: .seconds(30)) { $0.count == 3 })
        #expect(await chat.replyRequests.wait(within: .seconds(30)) { $0.count == 2 })
        first.signal(SIGKILL)
        _ = await first.end()
        let second = try workspace.startBot()
        #expect(await chat.replyRequests.wait(within: .seconds(30)) { Set($0.map(ScriptedReply.init)).count == 3 })
        await second.stop()
        var seen: [String?] = []
        for reply in chat.replies where !seen.contains(reply.inReplyTo) { seen.append(reply.inReplyTo) }
        #expect(seen == ["m1", "m2", "m3"])
        #expect(Set(chat.replies).count == 3)
      }
    }

    /// What a server can say to a reply, and whether the reply is still sent.
    static let refusals: [(name: String, answer: Responder.Answer, isHeld: Bool)] = [
      ("401", .json("{}", status: 401), false), ("409", .json("{}", status: 409), false),
      ("429", .json("{}", status: 429, headers: [("Retry-After", "1")]), false),
      ("500", .json("{}", status: 500), false), ("503", .json("{}", status: 503), false),
      ("a reset", .reset, false), ("no HTTP", .raw(Array("no\r\n\r\n".utf8)), false),
      ("400", .json("{}", status: 400), true), ("404", .json("{}", status: 404), true),
      ("413", .json("{}", status: 413), true), ("422", .json("{}", status: 422), true),
    ]

    @Test(arguments: refusals.map(\.name))
    func `a reply is kept when the server answers it with`(refusal: String) async throws {
      let (_, answer, isHeld) = try #require(Self.refusals.first { $0.name == refusal })
      let chat = ScriptedChat(polls: [Self.page([Self.good("m1"), Self.good("m2")], "1")], sends: [answer])
      try await Self.run(chat) { workspace, _ in
        #expect(await chat.replyRequests.wait(within: .seconds(30)) { $0.count == (isHeld ? 2 : 3) })
        #expect(chat.replies.map(\.inReplyTo) == (isHeld ? ["m1", "m2"] : ["m1", "m1", "m2"]))
        let aside = try await workspace.run("log", "--set-aside", "--json").lines.map { try JSONValue.parse($0) }
        #expect(aside.map { $0["kind"]?.string } == (isHeld ? ["held"] : []))
        if !isHeld { #expect(Set(chat.replies.prefix(2)).count == 1, "sent again under another key") }
      }
    }

    @Test func `a disk that is full loses nothing`() async throws {
      let messages = (0..<400).map { Self.good("m\($0)", conversation: "c\($0 % 7)") }
      let chat = ScriptedChat(polls: Array(repeating: Self.page(messages, "400"), count: 50))
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        // No file may grow past 800 blocks of 512 bytes: what a full disk looks like to a writer.
        let arguments = ["run", "--workspace", workspace.path, "--data", workspace.data]
        let cramped = try RunningProgram(
          arguments, environment: TestWorkspace.environment, under: "trap '' XFSZ; ulimit -f 800")
        let hasComplained = await cramped.errors.wait(within: .seconds(30)) { $0.contains("error greenroom") }
        #expect(hasComplained, "nothing was said: \(cramped.errors.value)")
        #expect(cramped.isRunning, "it gave up: \(cramped.errors.value)")
        cramped.signal(SIGKILL)
        _ = await cramped.end()
        let bot = try workspace.startBot()
        #expect(
          await chat.replyRequests.wait(within: .seconds(60)) {
            Set($0.map { ScriptedReply($0).inReplyTo }).count == 400
          })
        await bot.stop()
        #expect(Set(chat.replies).count == 400, "a reply was sent under two keys")
      }
      await chat.stop()
    }

    // MARK: Making it so

    static func good(_ id: String, conversation: String = "c") -> [UInt8] {
      Array(
        #"{"id":"\#(id)","conversation":"\#(conversation)","sender":{"id":"u","name":"Ana"},"text":"opening hours"}"#
          .utf8)
    }

    static func page(_ messages: [[UInt8]], _ cursor: String) -> Responder.Answer {
      let body =
        Array(#"{"messages":["#.utf8) + Array(messages.joined(separator: [0x2C]))
        + Array(#"],"cursor":"\#(cursor)"}"#.utf8)
      return .respond(status: 200, headers: [("Content-Type", "application/json")], body: body)
    }

    /// A bot on the scripted server. Unless it is gone by the end, it must be well.
    static func run(
      _ chat: ScriptedChat, _ use: (TestWorkspace, RunningProgram) async throws -> Void
    ) async throws {
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try workspace.startBot()
        do {
          try await use(workspace, bot)
        } catch {
          bot.signal(SIGKILL)
          _ = await bot.end()
          throw error
        }
        if bot.isRunning { await bot.stop() }
      }
      await chat.stop()
    }
  }
}
