import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPClientTests {
  static func withServer(
    _ script: [Responder.Answer], otherwise: Responder.Answer = .respond(status: 404),
    _ body: (HTTPClient, FaultyServer) async throws -> Void
  ) async throws {
    let server = try await FaultyServer(script, otherwise: otherwise)
    let client = try HTTPClient()
    do {
      try await body(client, server)
    } catch {
      await client.shutdown()
      await server.stop()
      throw error
    }
    await client.shutdown()
    await server.stop()
  }

  /// libcurl, while it closes connections, sets the signal back to what it found: it must find it ignored. In a process of
  /// its own, for in this one the test server ignores it too.
  @Test func `whoever has a client is not ended by writing where nobody reads`() async {
    await #expect(processExitsWith: .success) {
      try await HTTPClient().shutdown()
      let pipe = Pipe()
      try pipe.fileHandleForReading.close()
      #expect(throws: (any Error).self) { try pipe.fileHandleForWriting.write(contentsOf: [0]) }
    }
  }

  @Test func `a request goes out as it is and its answer comes back whole`() async throws {
    let answer = Responder.Answer.respond(
      status: 201, headers: [("X-One", " a b "), ("Retry-After", "7")], body: Array("hé\u{0}llo".utf8))
    try await Self.withServer([answer]) { client, server in
      let response = try await client.send(
        HTTPRequest(
          .post, url: server.baseURL + "/a/../b%20c?x=1&y=%2F", headers: ["X-Empty": "", "Content-Type": "text/plain"],
          body: [1, 0, 255]))
      #expect(response.status == 201)
      #expect(response.headers["x-one"] == "a b")
      #expect(response.headers["RETRY-AFTER"] == "7")
      #expect(response.body == Array("hé\u{0}llo".utf8))
      let request = try #require(server.requests.first)
      #expect(request.method == "POST")
      #expect(request.target == "/a/../b%20c?x=1&y=%2F")
      #expect(request.body == [1, 0, 255])
      #expect(request.header("x-empty") == "")
      #expect(request.header("expect") == nil)
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete])
  func `every method is sent under its name`(method: HTTPRequest.Method) async throws {
    try await Self.withServer([.respond(status: 204)]) { client, server in
      let body: [UInt8]? = method == .get || method == .head ? nil : Array("{}".utf8)
      let response = try await client.send(HTTPRequest(method, url: server.baseURL + "/", body: body))
      #expect(response.status == 204)
      #expect(server.requests.first?.method == method.rawValue)
      #expect(server.requests.first?.body == body ?? [])
    }
  }

  @Test func `an empty body is sent as a body`() async throws {
    try await Self.withServer([.respond(status: 200)]) { client, server in
      _ = try await client.send(HTTPRequest(.post, url: server.baseURL, body: []))
      #expect(server.requests.first?.header("content-length") == "0")
    }
  }

  @Test func `a redirect is an answer and is not followed`() async throws {
    let away = Responder.Answer.respond(status: 302, headers: [("Location", "http://127.0.0.1:1/evil")])
    try await Self.withServer([away]) { client, server in
      let response = try await client.send(HTTPRequest(url: server.baseURL))
      #expect(response.status == 302)
      #expect(server.requests.count == 1)
    }
  }

  @Test func `connections are used again`() async throws {
    try await Self.withServer([], otherwise: .respond(status: 200, body: [1])) { client, server in
      for _ in 0..<20 { _ = try await client.send(HTTPRequest(url: server.baseURL)) }
      #expect(server.requests.count == 20)
      #expect(server.connectionCount == 1)
    }
  }

  @Test func `two hundred requests at once are all answered`() async throws {
    try await Self.withServer([], otherwise: .respond(status: 200, body: Array("ok".utf8))) { client, server in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<200 {
          group.addTask {
            try await client.send(HTTPRequest(.post, url: server.baseURL + "/\(number)", body: [7])).status
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses == Array(repeating: 200, count: 200))
      #expect(Set(server.requests.map(\.path)).count == 200)
    }
  }

  @Test func `cancelling the task ends the transfer at once`() async throws {
    try await Self.withServer([.hang]) { client, server in
      let request = HTTPRequest(url: server.baseURL, timeout: .seconds(600), stallTimeout: .seconds(600))
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          await #expect(throws: CancellationError.self) { try await client.send(request) }
        }
        await server.waitForRequests(1)
        group.cancelAll()
      }
    }
  }

  @Test func `a task that is cancelled already sends nothing`() async throws {
    try await Self.withServer([]) { client, server in
      let url = server.baseURL
      await withTaskGroup(of: Void.self) { group in
        group.cancelAll()
        group.addTask {
          await #expect(throws: CancellationError.self) { try await client.send(HTTPRequest(url: url)) }
        }
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `cancelling one request leaves the others alone`() async throws {
    try await Self.withServer([.hang], otherwise: .respond(status: 200)) { client, server in
      let url = server.baseURL
      let first = Task { try await client.send(HTTPRequest(url: url, timeout: .seconds(600))) }
      await server.waitForRequests(1)
      async let second = client.send(HTTPRequest(url: url))
      first.cancel()
      let status = try await second.status
      #expect(status == 200)
      await #expect(throws: CancellationError.self) { try await first.value }
    }
  }

  @Test func `shutting down ends what is under way and refuses what comes after`() async throws {
    try await Self.withServer([.hang]) { client, server in
      let request = HTTPRequest(url: server.baseURL, timeout: .seconds(600))
      let hanging = Task { try await client.send(request) }
      await server.waitForRequests(1)
      await client.shutdown()
      await client.shutdown()
      let aborted = await #expect(throws: HTTPError.self) { try await hanging.value }
      #expect(aborted?.code == .shutDown)
      let refused = await #expect(throws: HTTPError.self) { try await client.send(request) }
      #expect(refused?.code == .shutDown)
    }
  }
}
