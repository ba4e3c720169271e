import HTTP
import TestSupport
import Testing

@Suite struct HTTPFaultTests {
  static func error(
    of answer: Responder.Answer, timeout: Duration = .seconds(30), stallTimeout: Duration = .seconds(30)
  ) async throws -> HTTPError? {
    let server = try await FaultyServer([], otherwise: answer)
    let client = try HTTPClient()
    var found: HTTPError?
    do {
      let response = try await client.send(
        HTTPRequest(
          url: server.baseURL + "/secret-path?token=hunter2", timeout: timeout, stallTimeout: stallTimeout,
          maximumResponseBody: 1 << 20))
      Issue.record("answered with \(response.status)")
    } catch {
      found = error as? HTTPError
    }
    await client.shutdown()
    await server.stop()
    return found
  }

  enum Fault: String, CaseIterable {
    case reset, closed, endsEarly, chunksEndEarly, garbage, binaryGarbage, largeAnnounced, large, endlessHeaders

    var answer: Responder.Answer {
      switch self {
      case .reset: .reset
      case .closed: .close
      case .endsEarly: .endEarly(announced: 100, sent: [1, 2])
      case .chunksEndEarly: .endChunkedEarly(sent: [1, 2])
      case .garbage: .raw(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))
      case .binaryGarbage: .raw([0, 1, 2, 3, 255, 254, 13, 10])
      case .largeAnnounced: .large(bytes: 50 << 20, isAnnounced: true)
      case .large: .large(bytes: 50 << 20, isAnnounced: false)
      case .endlessHeaders:
        .raw(
          Array("HTTP/1.1 200 OK\r\n".utf8)
            + (0..<300).flatMap { _ in Array("X-A: \(String(repeating: "a", count: 1000))\r\n".utf8) })
      }
    }

    var code: HTTPError.Code {
      switch self {
      case .reset, .closed: .reset
      case .endsEarly, .chunksEndEarly: .incomplete
      case .garbage, .binaryGarbage: .notHTTP
      case .largeAnnounced, .large, .endlessHeaders: .tooLarge
      }
    }
  }

  @Test(arguments: Fault.allCases)
  func `a broken answer is an error of its own kind that names the server only`(fault: Fault) async throws {
    let error = try await Self.error(of: fault.answer)
    #expect(error?.code == fault.code)
    #expect(error?.isRetriable == (fault.code != .tooLarge))
    #expect(error?.description.contains("http://127.0.0.1:") == true)
    #expect(error?.description.contains("secret-path") == false)
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test func `a server that hangs is given up after the time-out`() async throws {
    #expect(try await Self.error(of: .hang, timeout: .milliseconds(50))?.code == .timedOut)
  }

  @Test func `a body that drips is given up after the time-out`() async throws {
    let drip = Responder.Answer.drip(body: Array(repeating: 65, count: 1000), every: .milliseconds(5))
    #expect(try await Self.error(of: drip, timeout: .milliseconds(100))?.code == .timedOut)
  }

  @Test func `nothing listens there`() async throws {
    let nowhere = try DeafPort()
    let client = try HTTPClient()
    let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest(url: nowhere.baseURL)) }
    #expect(error?.code == .cannotConnect)
    #expect(error?.isRetriable == true)
    await client.shutdown()
  }

  @Test func `a server without a good certificate is not spoken to`() async throws {
    let server = try await FaultyServer([], otherwise: .raw(Array("no TLS here".utf8)))
    let client = try HTTPClient()
    let url = "https://127.0.0.1:\(server.port)/"
    let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest(url: url)) }
    #expect(error?.code == .tls)
    #expect(server.requests.isEmpty)
    await client.shutdown()
    await server.stop()
  }

  @Test(arguments: [
    "", "chat.example/api", "/api", "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:70/_x", "http://",
    "http://a b/", "http://host/\r\nX: y", "http://host:99999/", "javascript:alert(1)", "http://höst/ü",
  ])
  func `what is not an http address is refused before anything is sent`(url: String) async throws {
    let client = try HTTPClient()
    let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest(url: url)) }
    #expect(error?.code == .badURL)
    #expect(error?.isRetriable == false)
    await client.shutdown()
  }

  @Test(arguments: [
    ("X-A", "a\r\nX-Evil: 1"), ("X-A", "a\nb"), ("X-A", "a\u{0}b"), ("X A", "b"), ("", "b"), ("X-A: b\r\nX-C", "d"),
    ("X:", "y"),
  ])
  func `a header cannot bring in another one`(name: String, value: String) async throws {
    let client = try HTTPClient()
    let request = HTTPRequest(url: "http://127.0.0.1:1/", headers: [name: value])
    let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
    #expect(error?.code == .badHeader)
    await client.shutdown()
  }
}
