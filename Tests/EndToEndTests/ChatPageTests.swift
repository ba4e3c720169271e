import Foundation
import HTTP
import JSON
import Testing

extension EndToEnd {
  /// The embedded chat, as a browser at its page speaks with it.
  @Suite struct ChatPageTests {
    @Test func `a question is answered, a person replies, and the page sees both`() async throws {
      try await TestWorkspace.with(settings: "name: Sample Desk\n") { workspace in
        let bot = try workspace.startBot("--port", "0")
        let port = try #require(try await Self.port(of: bot), "\(bot.errors.value)")
        let http = try HTTPClient()
        var visitor = PageVisitor(port: port, http: http)
        try await visitor.open()
        try await visitor.introduce(as: "Ana", network: "Lumen")
        let events = try EventStream(port: port, cookies: visitor.cookies)
        #expect(await events.text.wait(within: .seconds(20)) { $0.contains("event: ready") })

        #expect(try await visitor.say("opening hours", as: "client-id-1") == 201)
        #expect(await events.text.wait(within: .seconds(20)) { $0.contains("We are open from nine to six.") })
        // The answer to the first attempt was lost; the page sends it again.
        #expect(try await visitor.say("opening hours", as: "client-id-1") == 200)

        #expect(try await visitor.say("I want a person", as: "client-id-2") == 201)
        #expect(await events.text.wait(within: .seconds(20)) { $0.contains("#1</strong>") })
        #expect(try await workspace.run("ticket", "reply", "1", "Ines here, *hello*.", "--as", "Ines").code == 0)
        #expect(await events.text.wait(within: .seconds(20)) { $0.contains("Ines here, <em>hello</em>.") })
        #expect(events.text.value.contains(#""from":"person","name":"Ines""#))

        // A page that is opened again has it all, once.
        let again = try EventStream(port: port, cookies: visitor.cookies)
        #expect(await again.text.wait(within: .seconds(20)) { $0.contains("event: ready") })
        #expect(again.text.value.split(separator: "We are open from nine to six.").count == 2)
        #expect(again.text.value.contains("Ines here"))
        let log = try await workspace.run("log", "--json", "--agency", "Lumen", "--limit", "0")
        #expect(log.lines.count == 5)

        let health = try await http.send(HTTPRequest(url: "http://127.0.0.1:\(port)/health"))
        let report = try JSONValue.parse(health.body)
        #expect(health.status == 200 && report["status"]?.string == "ok")
        // Open pages must not hold it up.
        await bot.stop()
        await http.shutdown()
        events.close()
        again.close()
      }
    }

    @Test func `another page's token, another site and a stranger are refused`() async throws {
      try await TestWorkspace.with(settings: "name: Sample Desk\n") { workspace in
        let bot = try workspace.startBot("--port", "0")
        let port = try #require(try await Self.port(of: bot), "\(bot.errors.value)")
        let http = try HTTPClient()
        var visitor = PageVisitor(port: port, http: http)
        try await visitor.open()
        try await visitor.introduce(as: "Ana", network: "Lumen")
        var forged = visitor
        forged.antiForgery = String(repeating: "0", count: 64)
        #expect(try await forged.say("opening hours", as: "client-id-1") == 403)
        var elsewhere = visitor
        elsewhere.origin = "http://evil.example"
        #expect(try await elsewhere.say("opening hours", as: "client-id-2") == 403)
        let webhook = HTTPRequest(url: "http://127.0.0.1:\(port)/chat/webhook/messages?wait=0")
        #expect(try await http.send(webhook).status == 401)
        #expect(try await workspace.run("log", "--json").output.isEmpty)
        await bot.stop()
        await http.shutdown()
      }
    }

    @Test func `a port that is taken is named, and it does not start`() async throws {
      try await TestWorkspace.with(settings: "name: Sample Desk\n") { workspace in
        let bot = try workspace.startBot("--port", "0")
        let port = try #require(try await Self.port(of: bot), "\(bot.errors.value)")
        let second = try RunningProgram([
          "run", "--workspace", workspace.path, "--data", workspace.file("other"), "--port", "\(port)",
        ])
        #expect(await second.end(within: .seconds(20)) == 2, "\(second.errors.value)")
        #expect(second.errors.value.contains("\(port)"), "\(second.errors.value)")
        await bot.stop()
      }
    }

    private static func port(of bot: RunningProgram) async throws -> Int? {
      _ = await bot.errors.wait(within: .seconds(20)) { $0.contains("Stop it with") }
      return bot.errors.value.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\/chat/).flatMap { Int($0.1) }
    }
  }
}
