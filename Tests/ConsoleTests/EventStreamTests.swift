import Console
import Foundation
import JSON
import NIOHTTP1
import Support
import TestSupport
import Testing

@Suite("Server-sent events of the chat", .timeLimit(.minutes(1)))
struct EventStreamTests {
  @Test func aReplyArrivesInAnOpenPage() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      _ = try await ana.say("hello <b>there</b>")
      try await console.client.open(.GET, "/chat/events", [ana.cookieHeader]) { stream in
        #expect(stream.status == 200)
        #expect(stream.headers.first(name: "Content-Type") == "text/event-stream; charset=utf-8")
        let history = try await stream.read(until: "event: ready")
        #expect(history.contains("id: 1\ndata: {") && history.contains(#""text":"hello <b>there</b>""#))
        let replied = try await console.reply(to: ana.conversation, "It **is** here", author: "bot")
        #expect(replied.status == 201)
        let news = try await stream.read(until: "id: 2\n")
        #expect(news.contains("<strong>is</strong>") && news.contains(#""from":"bot""#) && news.contains("Northlight"))
        _ = try await console.reply(to: ana.conversation, "This is Kim", author: "Kim")
        let person = try await stream.read(until: "id: 3\n")
        #expect(person.contains(#""from":"person""#) && person.contains(#""name":"Kim""#))
      }
    }
  }

  @Test func whoComesBackGetsOnlyWhatTheyHaveNotHad() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      for text in ["one", "two", "three"] { _ = try await ana.say(text) }
      for place in [("/chat/events", [("Last-Event-ID", "2")]), ("/chat/events?after=2", [])] {
        try await console.client.open(.GET, place.0, [ana.cookieHeader] + place.1) { stream in
          let events = try await stream.read(until: "event: ready")
          #expect(!events.contains("id: 2\n") && events.contains("id: 3\n"))
        }
      }
    }
  }

  @Test func aLongHistoryComesWholeAndInOrder() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      for number in 1...450 {
        _ = try await console.store.post(
          ChatDraft(
            conversation: ana.conversation, sender: Sender(id: "a", name: "Ana"), agency: nil, text: "\(number)",
            language: nil, region: nil), clientID: "\(number)", at: console.clock.now)
      }
      try await console.client.open(.GET, "/chat/events", [ana.cookieHeader]) { stream in
        let events = try await stream.read(until: "event: ready")
        let ids = events.split(separator: "\n").filter { $0.hasPrefix("id: ") }.compactMap { Int($0.dropFirst(4)) }
        #expect(ids == Array(1...450))
      }
    }
  }

  @Test func aQuietStreamShowsSignsOfLife() async throws {
    try await RunningConsole.run(RunningConsole.configuration { $0.limits.heartbeat = .milliseconds(20) }) { console in
      let ana = try await Visitor.introduced(console.client)
      try await console.client.open(.GET, "/chat/events", [ana.cookieHeader]) { stream in
        _ = try await stream.read(until: "event: ready\ndata: {}\n\n:\n\n")
      }
    }
  }

  @Test func anEventStreamWithoutTheCookieIsRefused() async throws {
    try await RunningConsole.run { console in
      let answer = try await console.client.get("/chat/events")
      #expect((answer.status, answer.code) == (401, "no-conversation"))
    }
  }

  @Test(arguments: ["-1", "x", "1e3", "99999999999999999999"])
  func aPlaceThatIsNoLineIsRefused(place: String) async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor(console.client)
      let answer = try await console.client.get("/chat/events?after=\(place)", [ana.cookieHeader])
      #expect((answer.status, answer.code) == (400, "bad-place"))
    }
  }

  @Test func onlySoManyStreamsAConversationAndALeaverMakesRoom() async throws {
    let configuration = RunningConsole.configuration {
      $0.limits.streamsPerConversation = 1
      $0.limits.heartbeat = .milliseconds(20)
    }
    try await RunningConsole.run(configuration) { console in
      let ana = try await Visitor(console.client)
      try await console.client.open(.GET, "/chat/events", [ana.cookieHeader]) { stream in
        _ = try await stream.read(until: "event: ready")
        let second = try await console.client.get("/chat/events", [ana.cookieHeader])
        #expect((second.status, second.code) == (429, "too-many-streams"))
      }
      // The server sees the first one's leaving a moment later.
      var status = 429
      while status == 429 {
        status = try await console.client.open(.GET, "/chat/events", [ana.cookieHeader]) { $0.status }
      }
      #expect(status == 200)
    }
  }

  @Test func openStreamsAndWaitingPollsEndAtOnceOnShutdown() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let began = ContinuousClock.now
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          let answer = try await console.client.get("/chat/webhook/messages?wait=60", [RunningConsole.bearer])
          #expect(answer.status == 200)
        }
        group.addTask {
          try await console.client.open(.GET, "/chat/events", [ana.cookieHeader]) { stream in
            _ = try await stream.read(until: "event: ready")
            await console.shutDown()
            while try await stream.next() != nil {}
          }
        }
        try await group.waitForAll()
      }
      #expect(ContinuousClock.now - began < .seconds(10))
    }
  }
}

extension RunningConsole {
  func reply(
    to conversation: String, _ text: String, author: String, key: String = UUID().uuidString
  ) async throws -> WebClient.Answer {
    let body: JSONValue = [
      "conversation": .string(conversation), "text": .string(text), "author": .string(author),
    ]
    return try await client.post(
      "/chat/webhook/replies", [Self.bearer, ("Idempotency-Key", key)], body: body.serialized())
  }
}
