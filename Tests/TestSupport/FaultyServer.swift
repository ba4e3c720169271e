import Synchronization

/// A server that answers by script, faults and all, and keeps what it was asked.
package final class FaultyServer: Sendable {
  private struct State {
    var script: [Responder.Answer]
    var requests: [RecordedRequest] = []
    var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state: Mutex<State>
  private let server: LoopbackServer

  /// - Parameter script: the answers to the first requests, in order.
  /// - Parameter otherwise: the answer to all that follow.
  package init(
    _ script: [Responder.Answer] = [], otherwise: Responder.Answer = .respond(status: 404)
  ) async throws {
    let mailbox = Mailbox()
    server = try await LoopbackServer { request, responder in mailbox.receive(request, responder) }
    state = Mutex(State(script: script))
    mailbox.handler.withLock {
      $0 = { [weak self] request, responder in
        guard let self else { return responder.answer(.close) }
        responder.answer(self.next(request) ?? otherwise)
      }
    }
  }

  package var port: Int { server.port }
  package var baseURL: String { server.baseURL }
  package var connectionCount: Int { server.connectionCount }
  package var requests: [RecordedRequest] { state.withLock { $0.requests } }

  /// Adds answers after those that have not been given yet.
  package func script(_ answers: Responder.Answer...) {
    state.withLock { $0.script += answers }
  }

  /// Comes back when so many requests have arrived in all.
  package func waitForRequests(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        guard state.requests.count < count else { return true }
        state.waiting.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  package func stop() async {
    await server.stop()
    let waiting = state.withLock { state in
      defer { state.waiting.removeAll() }
      return state.waiting
    }
    for waiter in waiting { waiter.continuation.resume() }
  }

  private func next(_ request: RecordedRequest) -> Responder.Answer? {
    let (answer, ready) = state.withLock { state in
      state.requests.append(request)
      let count = state.requests.count
      let ready = state.waiting.filter { $0.count <= count }
      state.waiting.removeAll { $0.count <= count }
      return (state.script.isEmpty ? nil : state.script.removeFirst(), ready)
    }
    for waiter in ready { waiter.continuation.resume() }
    return answer
  }
}

/// Lets a server be started before the object that handles its requests is whole.
final class Mailbox: Sendable {
  let handler = Mutex<LoopbackServer.Handler?>(nil)

  func receive(_ request: RecordedRequest, _ responder: Responder) {
    guard let handler = handler.withLock({ $0 }) else { return responder.answer(.close) }
    handler(request, responder)
  }
}
