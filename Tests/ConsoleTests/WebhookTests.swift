import Console
import Foundation
import JSON
import NIOHTTP1
import Support
import TestSupport
import Testing

@Suite("The server side of the chat webhook", .timeLimit(.minutes(1)))
struct WebhookTests {
  @Test func aPollGivesWhatWasTypedAndTheCursorGoesOn() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      _ = try await ana.say("first")
      _ = try await console.reply(to: ana.conversation, "an answer", author: "bot")
      _ = try await ana.say("second")
      let poll = try await console.client.get("/chat/webhook/messages", [RunningConsole.bearer])
      let messages = try #require(poll.json?["messages"]?.array)
      #expect(messages.map { $0["text"]?.string } == ["first", "second"])
      let first = try #require(messages.first)
      #expect(first["id"]?.string == "1")
      #expect(first["conversation"]?.string == ana.conversation)
      #expect(first["agency"]?.string == "Stellar")
      #expect(first["sender"]?["name"]?.string == "Ana")
      #expect(first["sender"]?["id"]?.string?.hasPrefix("member-") == true)
      #expect(first["time"]?.string == "2026-11-18T11:06:40.000Z")
      #expect(first["language"]?.string == "en")
      #expect(first["region"]?.string == "EU")
      #expect(poll.json?["cursor"]?.string == "3")
      let next = try await console.client.get("/chat/webhook/messages?cursor=3", [RunningConsole.bearer])
      #expect(next.body == #"{"messages":[],"cursor":"3"}"#)
    }
  }

  @Test func aWaitingPollWakesWhenSomethingIsTyped() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let began = ContinuousClock.now
      async let poll = console.client.get("/chat/webhook/messages?wait=60", [RunningConsole.bearer])
      _ = try await ana.say("wake up")
      let answer = try await poll
      #expect(answer.body.contains("wake up"))
      #expect(ContinuousClock.now - began < .seconds(20))
    }
  }

  @Test func aWaitThatIsOverGivesAnEmptyPoll() async throws {
    try await RunningConsole.run(RunningConsole.configuration { $0.limits.longestWait = .seconds(1) }) { console in
      let poll = try await console.client.get("/chat/webhook/messages?wait=60", [RunningConsole.bearer])
      #expect((poll.status, poll.body) == (200, #"{"messages":[],"cursor":"0"}"#))
    }
  }

  @Test func aThousandMessagesComeInPiecesOfTheLimit() async throws {
    try await RunningConsole.run { console in
      for number in 1...1000 {
        _ = try await console.store.post(
          ChatDraft(
            conversation: "chat-1", sender: Sender(id: "a", name: "Ana"), agency: nil, text: "\(number)", language: nil,
            region: nil), clientID: "\(number)", at: console.clock.now)
      }
      var cursor = "0"
      var texts: [String] = []
      for _ in 1...5 {
        let poll = try await console.client.get("/chat/webhook/messages?cursor=\(cursor)", [RunningConsole.bearer])
        let messages = try #require(poll.json?["messages"]?.array)
        #expect(messages.count == 200)
        texts += messages.compactMap { $0["text"]?.string }
        cursor = try #require(poll.json?["cursor"]?.string)
      }
      #expect(texts == (1...1000).map(String.init))
    }
  }

  @Test(arguments: [
    nil, "Bearer wrong", "Bearer ", "Bearer test-webhook-tokenx", "Basic test-webhook-token", "test-webhook-token",
  ])
  func aWrongBearerIsRefused(authorization: String?) async throws {
    try await RunningConsole.run { console in
      let headers = authorization.map { [("Authorization", $0)] } ?? []
      for answer in [
        try await console.client.get("/chat/webhook/messages", headers),
        try await console.client.post("/chat/webhook/replies", headers, body: "{}"),
      ] {
        #expect((answer.status, answer.code) == (401, "unauthorized"))
        #expect(answer.headers.first(name: "WWW-Authenticate") == "Bearer")
      }
    }
  }

  @Test func anEmptyTokenInTheConfigurationOpensNothing() async throws {
    try await RunningConsole.run(RunningConsole.configuration { $0.webhookToken = "" }) { console in
      let answer = try await console.client.get("/chat/webhook/messages", [("Authorization", "Bearer ")])
      #expect(answer.status == 401)
    }
  }

  @Test(arguments: ["cursor=-1", "cursor=abc", "cursor=1.5", "cursor=99999999999999999999", "wait=soon", "wait=-5"])
  func aBadCursorOrWaitIsRefused(query: String) async throws {
    try await RunningConsole.run { console in
      let answer = try await console.client.get("/chat/webhook/messages?\(query)", [RunningConsole.bearer])
      #expect(answer.status == 400)
    }
  }

  @Test func aReplyToAConversationThatIsNotThereIs404() async throws {
    try await RunningConsole.run { console in
      let answer = try await console.reply(to: "chat-nobody", "hello", author: "bot")
      #expect((answer.status, answer.code) == (404, "no-such-conversation"))
      #expect(await console.store.lines.isEmpty)
    }
  }

  @Test func aRepeatedReplyIsShownOnceAndAnotherUnderItsKeyIsRefused() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      _ = try await ana.say("hello")
      let first = try await console.reply(to: ana.conversation, "hi", author: "bot", key: "k1")
      console.clock.advance(by: 3)
      let again = try await console.reply(to: ana.conversation, "hi", author: "bot", key: "k1")
      #expect((first.status, again.status) == (201, 200))
      #expect(first.json == again.json)
      let other = try await console.reply(to: ana.conversation, "something else", author: "bot", key: "k1")
      #expect((other.status, other.code) == (422, "key-reused"))
      #expect(await console.store.lines.map(\.text) == ["hello", "hi"])
    }
  }

  @Test(arguments: [nil, "", String(repeating: "k", count: 201)])
  func aReplyWithoutAUsableIdempotencyKeyIsRefused(key: String?) async throws {
    try await RunningConsole.run { console in
      let headers = [RunningConsole.bearer] + (key.map { [("Idempotency-Key", $0)] } ?? [])
      let answer = try await console.client.post(
        "/chat/webhook/replies", headers, body: #"{"conversation":"c","text":"t"}"#)
      #expect((answer.status, answer.code) == (400, "bad-idempotency-key"))
    }
  }

  @Test(arguments: [
    ("", 400), ("{", 400), ("[]", 400), (#"{"conversation":"c"}"#, 422), (#"{"conversation":"c","text":5}"#, 422),
    (#"{"conversation":"c","text":"a","text":"b"}"#, 400), (#"{"conversation":"c","text":"  "}"#, 422),
  ])
  func aReplyThatIsNotTheProtocolIsRefused(body: String, status: Int) async throws {
    try await RunningConsole.run { console in
      let answer = try await console.client.post(
        "/chat/webhook/replies", [RunningConsole.bearer, ("Idempotency-Key", "k")], body: body)
      #expect(answer.status == status)
    }
  }
}
