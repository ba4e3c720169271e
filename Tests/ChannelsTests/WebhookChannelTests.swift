import Foundation
import HTTP
import JSON
import Sodium
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct WebhookChannelTests {
  static let now = Date(timeIntervalSince1970: 1_795_000_000.9)

  static let reply = OutgoingReply(
    id: 1, conversation: ConversationID(channel: "agencies", room: "r1", thread: "t1"), inReplyTo: "m1",
    text: "Hé \"you\"",
    author: "bot", idempotencyKey: "key-1")

  static func settings(_ baseURL: String) -> WebhookSettings {
    WebhookSettings(url: baseURL + "/messages", replyURL: baseURL + "/replies", waitSeconds: 5)
  }

  static func channel(
    _ settings: WebhookSettings, _ client: HTTPClient, environment: [String: String] = ["KEY": "k3y"]
  ) throws -> WebhookChannel {
    let secrets = SecretReader(environment: environment, folder: URL(fileURLWithPath: "/nonexistent"))
    return try WebhookChannel(name: "agencies", settings: settings, secrets: secrets, http: client) { now }
  }

  /// Runs against a server that answers by script.
  static func with(
    _ script: Responder.Answer..., change: (inout WebhookSettings) -> Void = { _ in },
    _ body: (WebhookChannel, FaultyServer) async throws -> Void
  ) async throws {
    let server = try await FaultyServer(script)
    let client = try HTTPClient()
    var settings = settings(server.baseURL)
    change(&settings)
    do {
      try await body(try channel(settings, client), server)
    } catch {
      await client.shutdown()
      await server.stop()
      throw error
    }
    await client.shutdown()
    await server.stop()
  }

  @Test func `messages are polled and replies are sent, over the whole protocol`() async throws {
    let server = WebhookServer(pageSize: 2) { $0.header("authorization") == "Bearer k3y" }
    var settings = Self.settings(try await server.start())
    settings.authentication = .bearer(.environment("KEY"))
    let client = try HTTPClient()
    let channel = try Self.channel(settings, client)
    server.enqueue((1...3).map { IncomingMessage(id: "m\($0)", conversation: "r1", text: "hello \($0)") })
    let first = try await channel.poll(after: nil)
    #expect(first.messages.map(\.text) == ["hello 1", "hello 2"])
    let second = try await channel.poll(after: first.cursor)
    #expect(second.messages.map(\.id.id) == ["m3"])
    // The next poll waits until there is something.
    async let third = channel.poll(after: second.cursor)
    while server.pollCount() < 3 { await Task.yield() }
    server.enqueue([IncomingMessage(id: "m4", conversation: "r1", text: "late")])
    let late = try await third
    #expect(late.messages.map(\.text) == ["late"])

    #expect(try await channel.send(Self.reply) == [])
    #expect(try await channel.send(Self.reply) == [])
    #expect(await server.waitForReplies(1, deadline: .seconds(10)))
    let replies = server.replies()
    #expect(replies.map(\.key) == ["key-1"])
    #expect(replies.first?.deliveries == 2)
    #expect(replies.first?.text == "Hé \"you\"")
    #expect(replies.first?.thread == "t1")
    #expect(server.conflicts().isEmpty)
    var other = Self.reply
    other.text = "something else"
    let error = await #expect(throws: ChannelError.self) { _ = try await channel.send(other) }
    #expect(error?.code == .refused)
    #expect(server.conflicts().count == 1)
    await client.shutdown()
    await server.stop()
  }

  @Test func `cursor and wait join the query that is there, and are percent-encoded`() async throws {
    try await Self.with(.json("{\"messages\":[]}"), .json("{\"messages\":[]}")) {
      $0.url += "?project=7&cursor=old&x=%20y#part"
    } _: { channel, server in
      _ = try await channel.poll(after: "a b+c/é&wait=9")
      _ = try await channel.poll(after: nil)
      #expect(
        server.requests.map(\.target) == [
          "/messages?project=7&x=%20y&cursor=a%20b%2Bc%2F%C3%A9%26wait%3D9&wait=5", "/messages?project=7&x=%20y&wait=5",
        ])
    }
  }

  @Test func `204 is an empty poll`() async throws {
    try await Self.with(.respond(status: 204)) { channel, _ in
      let poll = try await channel.poll(after: "c")
      #expect(poll == Poll(cursor: "c"))
    }
  }

  @Test func `a reply goes out in the server's own shape`() async throws {
    try await Self.with(.respond(status: 201)) {
      $0.fields.replyText = "/content/0/body"
      $0.fields.replyConversation = "/room"
      $0.fields.replyAuthor = ""
    } _: { channel, server in
      _ = try await channel.send(Self.reply)
      let request = try #require(server.requests.first)
      #expect(request.method == "POST")
      #expect(request.header("content-type") == "application/json")
      #expect(request.header("idempotency-key") == "key-1")
      #expect(
        try JSONValue.parse(request.body)
          == ["room": "r1", "thread": "t1", "in_reply_to": "m1", "content": [["body": "Hé \"you\""]]])
    }
  }

  @Test func `requests are signed over time, method, target and body`() async throws {
    try await Self.with(.json("{\"messages\":[]}"), .respond(status: 200)) {
      $0.authentication = .hmac(.environment("KEY"))
    } _: { channel, server in
      _ = try await channel.poll(after: "a b")
      _ = try await channel.send(Self.reply)
      #expect(server.requests.count == 2)
      for request in server.requests {
        let time = try #require(request.header("x-greenroom-timestamp"))
        #expect(time == "1795000000")
        let lines = [time, request.method, request.target, SHA256.hexDigest(of: request.body)].joined(separator: "\n")
        let code = HMACSHA256.hexCode(for: Array(lines.utf8), key: Array("k3y".utf8))
        #expect(request.header("x-greenroom-signature") == "v1=\(code)")
        #expect(!request.headers.contains { $0.value.contains("k3y") })
      }
    }
  }

  static let statuses: [(Int, ChannelError.Code, retriesPoll: Bool, retriesSend: Bool)] = [
    (301, .refused, true, false), (302, .refused, true, false), (400, .refused, true, false),
    (401, .unauthorized, true, true), (403, .unauthorized, true, true), (404, .refused, true, false),
    (408, .unreachable, true, true), (409, .conflict, true, true), (410, .refused, true, false),
    (413, .refused, true, false), (422, .refused, true, false), (429, .rateLimited, true, true),
    (500, .serverError, true, true), (503, .serverError, true, true), (599, .serverError, true, true),
  ]

  @Test(arguments: statuses.indices)
  func `an answer that says no is told apart by its status`(index: Int) async throws {
    let (status, code, retriesPoll, retriesSend) = Self.statuses[index]
    let answer = Responder.Answer.respond(status: status, headers: [("Retry-After", "7")], body: Array("secret".utf8))
    try await Self.with(answer, answer) { channel, _ in
      let poll = await #expect(throws: ChannelError.self) { try await channel.poll(after: nil) }
      #expect(poll?.code == code)
      #expect(poll?.isRetriable == retriesPoll)
      #expect(poll?.retryAfter == .seconds(7))
      #expect(poll?.description.hasPrefix("channel 'agencies': the server answered \(status) to a poll") == true)
      let send = await #expect(throws: ChannelError.self) { _ = try await channel.send(Self.reply) }
      #expect(send?.code == code)
      #expect(send?.isRetriable == retriesSend)
      #expect(send?.description.contains("secret") == false)
    }
  }

  enum Fault: String, CaseIterable {
    case reset, closesHalfWay, chunksEndEarly, garbage, truncatedJSON, wrongJSON, html, empty, fiftyMegabytes

    var answer: Responder.Answer {
      switch self {
      case .reset: .reset
      case .closesHalfWay: .endEarly(announced: 500, sent: Array("{\"messages\":[".utf8))
      case .chunksEndEarly: .endChunkedEarly(sent: Array("{\"messages\":[]}".utf8))
      case .garbage: .raw(Array("220 smtp ready\r\n".utf8))
      case .truncatedJSON: .json("{\"messages\":[{\"id\":\"m1\"")
      case .wrongJSON: .json("{\"messages\":7}")
      case .html: .respond(status: 200, body: Array("<html>log in</html>".utf8))
      case .empty: .respond(status: 200)
      case .fiftyMegabytes: .large(bytes: 50 << 20, isAnnounced: false)
      }
    }

    var code: ChannelError.Code {
      switch self {
      case .reset, .closesHalfWay, .chunksEndEarly: .unreachable
      default: .malformed
      }
    }
  }

  @Test(arguments: Fault.allCases)
  func `a broken answer to a poll is a clear error and the next poll goes on`(fault: Fault) async throws {
    try await Self.with(fault.answer, .json("{\"messages\":[],\"cursor\":\"c2\"}")) { channel, _ in
      let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: "c1") }
      #expect(error?.code == fault.code)
      #expect(error?.isRetriable == true)
      #expect(error?.description.hasPrefix("channel 'agencies': ") == true)
      let next = try await channel.poll(after: "c1")
      #expect(next.cursor == "c2")
    }
  }

  @Test func `a server that is not there is unreachable`() async throws {
    try await Self.with { channel, server in
      await server.stop()
      let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: nil) }
      #expect(error?.code == .unreachable)
      #expect(error?.isRetriable == true)
    }
  }

  @Test func `cancellation ends a poll at once`() async throws {
    try await Self.with(.hang) { channel, server in
      let poll = Task { try await channel.poll(after: nil) }
      await server.waitForRequests(1)
      poll.cancel()
      await #expect(throws: CancellationError.self) { try await poll.value }
    }
  }

  static let wrongSettings: [(String, @Sendable (inout WebhookSettings) -> Void)] = [
    ("url is not", { $0.url = "chat.example/api" }), ("url is not", { $0.url = "file:///etc/passwd" }),
    ("url is not", { $0.url = "https://a b/" }), ("reply_url is not", { $0.replyURL = "" }),
    ("fields: the JSON pointer 'id'", { $0.fields.id = "id" }), ("fields: ", { $0.fields.time = "/a~2" }),
    ("fields: '/text/author'", { $0.fields.replyAuthor = "/text/author" }),
    ("auth: the environment variable NO_SUCH is not set", { $0.authentication = .bearer(.environment("NO_SUCH")) }),
    ("auth: the secret file no-such", { $0.authentication = .hmac(.file("no-such")) }),
  ]

  @Test(arguments: wrongSettings.indices)
  func `settings that cannot work are refused when the channel is made`(index: Int) async throws {
    let (problem, change) = Self.wrongSettings[index]
    var settings = Self.settings("http://127.0.0.1:1")
    change(&settings)
    let client = try HTTPClient()
    let error = #expect(throws: ChannelSetupError.self) { try Self.channel(settings, client) }
    #expect(error?.description.hasPrefix("channel 'agencies': \(problem)") == true)
    await client.shutdown()
  }
}
