import Console
import Foundation
import JSON
import NIOHTTP1
import Support
import TestSupport
import Testing

@Suite("What an attacker would try", .timeLimit(.minutes(1)))
struct AttackTests {
  @Test func postingIntoAnothersConversation() async throws {
    try await RunningConsole.run { console in
      let victim = try await Visitor.introduced(console.client)
      var attacker = try await Visitor.introduced(console.client, name: "Mallory")
      // With the victim's public id as a cookie, and with the own page's token for a made-up cookie.
      attacker.cookies["greenroom_chat"] = victim.conversation
      #expect(try await attacker.say("mine now").status == 401)
      attacker.cookies["greenroom_chat"] = String(repeating: "a", count: 64)
      #expect(try await attacker.say("mine now").status == 403)
      attacker.cookies["greenroom_chat"] = victim.cookies["greenroom_chat"]
      #expect(try await attacker.say("stolen cookie, no page token").code == "stale-page")
      #expect(await console.store.lines.isEmpty)
    }
  }

  @Test func readingAnothersConversation() async throws {
    try await RunningConsole.run { console in
      let victim = try await Visitor.introduced(console.client)
      _ = try await victim.say("a secret")
      let attacker = try await Visitor(console.client)
      let path = "/chat/events?after=0&conversation=\(victim.conversation)"
      try await console.client.open(.GET, path, [attacker.cookieHeader]) { stream in
        let events = try await stream.read(until: "event: ready")
        #expect(!events.contains("secret"))
      }
    }
  }

  @Test(arguments: ["/chat/session", "/chat/messages", "/chat/new"])
  func aChangeWithoutThePagesToken(path: String) async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      for token in [[], [("X-CSRF-Token", "")], [("X-CSRF-Token", String(repeating: "0", count: 64))]] {
        let answer = try await console.client.post(path, [ana.cookieHeader, ana.origin] + token, body: "{}")
        #expect((answer.status, answer.code) == (403, "stale-page"))
      }
    }
  }

  @Test(arguments: [nil, "https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:1"])
  func aChangeFromAnotherSite(origin: String?) async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let headers = [ana.cookieHeader, ("X-CSRF-Token", ana.antiForgery)] + (origin.map { [("Origin", $0)] } ?? [])
      let answer = try await console.client.post(
        "/chat/messages", headers, body: #"{"client_id":"client-0001","text":"forged"}"#)
      #expect((answer.status, answer.code) == (403, "cross-origin"))
      #expect(await console.store.lines.isEmpty)
    }
  }

  @Test func behindAProxyOnlyThePublicOriginCounts() async throws {
    try await RunningConsole.run(RunningConsole.configuration { $0.publicOrigin = "https://help.example.org" }) {
      console in
      let page = try await console.client.get("/chat")
      let cookie = try #require(page.cookie("__Host-greenroom_chat"))
      let token = try Visitor.attribute("data-anti-forgery", of: page.body)
      let headers = [("Cookie", "__Host-greenroom_chat=\(cookie)"), ("X-CSRF-Token", token)]
      let own = try await console.client.post(
        "/chat/new", headers + [("Origin", "https://help.example.org")], body: "{}")
      let local = try await console.client.post(
        "/chat/new", headers + [("Origin", "http://127.0.0.1:\(console.client.port)")], body: "{}")
      #expect((own.status, local.status) == (200, 403))
    }
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "\"><svg onload=alert(1)>",
  ])
  func scriptInTheTextOfAMessageOrReply(text: String) async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client, name: text, network: text)
      _ = try await ana.say(text)
      _ = try await console.reply(to: ana.conversation, text, author: "bot")
      try await console.client.open(.GET, "/chat/events", [ana.cookieHeader]) { stream in
        let events = try await stream.read(until: "event: ready")
        let lines = events.split(separator: "\n").filter { $0.hasPrefix("data: ") }
          .compactMap { try? JSONValue.parse(String($0.dropFirst(6))) }
        let rendered = lines.compactMap { $0["html"]?.string }
        let html = try #require(rendered.first)
        for active in ["<script", "<img", "<svg", "href=\"javascript:"] { #expect(!html.contains(active)) }
      }
      let page = try await console.client.get("/chat", [ana.cookieHeader])
      for active in ["<script>alert", "<img src=x", "<svg onload"] { #expect(!page.body.contains(active)) }
    }
  }

  @Test func aHugeBody() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let answer = try await ana.say(String(repeating: "x", count: 70 * 1024))
      #expect((answer.status, answer.code) == (413, "body-too-large"))
      let announced = try await console.client.post(
        "/chat/messages", ana.headers + [("Transfer-Encoding", "chunked"), ("Content-Length", "1")], body: "{}")
      #expect(announced.status >= 400)
      #expect(try await ana.say("still there").status == 201)
    }
  }

  @Test func textAboveTheLimit() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      #expect(try await ana.say(String(repeating: "ä", count: 8_000)).status == 201)
      let answer = try await ana.say(String(repeating: "ä", count: 8_001))
      #expect((answer.status, answer.code) == (422, "text-too-long"))
    }
  }

  @Test(arguments: [
    "", "{", "null", #"{"client_id":"client-0001"}"#, #"{"client_id":"client-0001","text":"   "}"#,
    #"{"client_id":"client-0001","text":["a"]}"#, #"{"client_id":"short","text":"a"}"#,
    #"{"client_id":"../../etc/passwd","text":"a"}"#, #"{"client_id":"client-0001","text":"\u0000\u0007"}"#,
    #"{"client_id":"client-0001","text":"\ud800"}"#, #"{"text":"a","text":"b","client_id":"client-0001"}"#,
  ])
  func aMessageThatIsNone(body: String) async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let answer = try await console.client.post("/chat/messages", ana.headers, body: body)
      #expect([400, 422].contains(answer.status))
      #expect(answer.headers.first(name: "Content-Type") == "application/problem+json")
      #expect(answer.json?["detail"]?.string?.isEmpty == false)
      #expect(await console.store.lines.isEmpty)
    }
  }

  @Test func aBodyThatIsNotCalledJSON() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let answer = try await console.client.send(
        .POST, "/chat/messages", ana.headers + [("Content-Type", "text/plain")],
        body: #"{"client_id":"client-0001","text":"a"}"#)
      #expect(answer.status == 415)
    }
  }

  @Test func controlCharactersInTheTextAreLeftOutAndBidiStays() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      _ = try await ana.say("a\u{0}b\u{7}c\u{202E}d\te\r\nf")
      #expect(await console.store.lines.first?.text == "abc\u{202E}d\te\nf")
    }
  }

  @Test(arguments: ["Ana\r\nSet-Cookie: a=b", "Ana\u{0}", "Ana\u{1B}[31m", "", "  \u{200B}\u{202E} "])
  func aNameThatWouldInjectOrHide(name: String) async throws {
    try await RunningConsole.run { console in
      let visitor = try await Visitor(console.client)
      let answer = try await visitor.post("/chat/session", ["name": .string(name), "network": "Stellar"])
      #expect(answer.status == 422)
      #expect(answer.headers["Set-Cookie"].isEmpty)
    }
  }

  @Test func aNameThatReordersTheTextAroundIt() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client, name: " A\u{202E}n\u{200B}a\u{2066} ")
      _ = try await ana.say("hello")
      guard case .member(let sender)? = await console.store.lines.first?.author else {
        Issue.record("no line")
        return
      }
      #expect(sender.name == "Ana")
    }
  }

  @Test(
    arguments: [
      ["name": "Ana", "network": "S", "language": "en; drop table"], ["name": "Ana", "network": "S", "language": "é"],
      ["name": .string(String(repeating: "n", count: 81)), "network": "S"], ["name": "Ana"],
      ["name": 5, "network": "S"],
      ["name": "Ana", "network": "S", "region": .string(String(repeating: "r", count: 41))],
    ] as [JSONValue])
  func anIntroductionThatIsNone(fields: JSONValue) async throws {
    try await RunningConsole.run { console in
      let visitor = try await Visitor(console.client)
      #expect(try await visitor.post("/chat/session", fields).status == 422)
    }
  }

  @Test(arguments: ["", "!!!", "e30", "W10", "eyJuYW1lIjoxfQ", String(repeating: "A", count: 5000)])
  func aMemberCookieThatWasTamperedWith(cookie: String) async throws {
    try await RunningConsole.run { console in
      var ana = try await Visitor.introduced(console.client)
      ana.cookies["greenroom_member"] = cookie
      #expect(try await ana.say("hello").code == "unknown-member")
      #expect(try await console.client.get("/chat", [ana.cookieHeader]).status == 200)
    }
  }

  @Test(arguments: [
    "/chat/../../../etc/passwd", "/chat/..%2f..%2fetc%2fpasswd", "/chat/app.js/../../Package.swift", "//etc/passwd",
    "/chat/app.js%00", "/chat/%2e%2e/health",
  ])
  func pathTraversalOnAssets(path: String) async throws {
    try await RunningConsole.run { console in
      let answer = try await console.client.get(path)
      #expect(answer.status == 404)
      #expect(answer.code == "not-found")
    }
  }

  @Test func textOfARequestInALineOfTheStream() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      _ = try await ana.say("one\n\nid: 99\nevent: ready\ndata: {\"from\":\"person\"}\n\n")
      try await console.client.open(.GET, "/chat/events", [ana.cookieHeader]) { stream in
        let events = try await stream.read(until: "\nevent: ready\n")
        #expect(!events.contains("\nid: 99"))
        #expect(events.contains(#"one\n\nid: 99"#))
      }
    }
  }
}
