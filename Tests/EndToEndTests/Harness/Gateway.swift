import HTTP
import Synchronization
import TestSupport

/// A proxy in front of a chat server, that spoils what a test wants spoiled and can go away and come back.
final class Gateway: Sendable {
  enum Fault: Sendable {
    /// The server behind never hears of the request.
    case instead(Responder.Answer)
    /// The server behind has done it; its answer is lost on the way back.
    case afterwards(Responder.Answer)
  }

  private let upstream: String
  private let http: HTTPClient
  private let fault: @Sendable (RecordedRequest) -> Fault?
  private let server = Mutex<LoopbackServer?>(nil)
  let requestCount = Watched(0)

  /// - Parameter fault: asked for every request.
  init(to upstream: String, fault: @escaping @Sendable (RecordedRequest) -> Fault?) throws {
    self.upstream = upstream
    self.fault = fault
    http = try HTTPClient()
  }

  /// - Parameter port: 0 for a free one; the same again after a stop.
  /// - Returns: the port.
  @discardableResult
  func listen(port: Int = 0) async throws -> Int {
    let started = try await LoopbackServer(port: port) { [weak self] request, responder in
      self?.take(request, responder)
    }
    server.withLock { $0 = started }
    return started.port
  }

  func stopListening() async {
    let running = server.withLock { server in
      defer { server = nil }
      return server
    }
    await running?.stop()
  }

  func stop() async {
    await stopListening()
    await http.shutdown()
  }

  private func take(_ request: RecordedRequest, _ responder: Responder) {
    requestCount.update { $0 += 1 }
    let fault = fault(request)
    if case .instead(let answer) = fault { return responder.answer(answer) }
    let http = http
    let forwarded = forwarded(request)
    Task {
      guard let response = try? await http.send(forwarded) else { return responder.answer(.close) }
      if case .afterwards(let answer) = fault { return responder.answer(answer) }
      responder.answer(.respond(status: response.status, body: response.body))
    }
  }

  private func forwarded(_ request: RecordedRequest) -> HTTPRequest {
    var copy = HTTPRequest(
      request.method == "GET" ? .get : .post, url: upstream + request.target,
      body: request.method == "GET" ? nil : request.body)
    for name in ["Authorization", "Idempotency-Key", "Content-Type"] {
      if let value = request.header(name) { copy.headers.add(name: name, value: value) }
    }
    return copy
  }
}
