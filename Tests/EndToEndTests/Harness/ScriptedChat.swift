import JSON
import Synchronization
import TestSupport

/// A chat server that answers polls by script, word for word, then holds them; it takes every reply, or answers by script.
final class ScriptedChat: Sendable {
  private struct State {
    var polls: [Responder.Answer]
    var sends: [Responder.Answer]
  }

  private let state: Mutex<State>
  private let server = Mutex<LoopbackServer?>(nil)
  let pollRequests = Watched<[RecordedRequest]>([])
  let replyRequests = Watched<[RecordedRequest]>([])

  init(polls: [Responder.Answer], sends: [Responder.Answer] = []) {
    state = Mutex(State(polls: polls, sends: sends))
  }

  /// - Returns: its address.
  func start() async throws -> String {
    let started = try await LoopbackServer { [weak self] request, responder in
      guard let self else { return responder.answer(.close) }
      responder.answer(self.answer(request))
    }
    server.withLock { $0 = started }
    return started.baseURL
  }

  func stop() async {
    let running = server.withLock { server in
      defer { server = nil }
      return server
    }
    await running?.stop()
  }

  private func answer(_ request: RecordedRequest) -> Responder.Answer {
    if request.method == "GET" {
      let answer = state.withLock { $0.polls.isEmpty ? Responder.Answer.hang : $0.polls.removeFirst() }
      pollRequests.update { $0.append(request) }
      return answer
    }
    let answer = state.withLock { $0.sends.isEmpty ? Responder.Answer.json("{}", status: 201) : $0.sends.removeFirst() }
    replyRequests.update { $0.append(request) }
    return answer
  }

  /// What the server was told, in order, repeats and all.
  var replies: [ScriptedReply] { replyRequests.value.map(ScriptedReply.init) }
}

/// A reply as a scripted server was sent it.
struct ScriptedReply: Sendable, Hashable {
  var key: String?
  var inReplyTo: String?
  var text: String

  init(_ request: RecordedRequest) {
    let body = try? JSONValue.parse(request.body)
    key = request.header("Idempotency-Key")
    inReplyTo = body?["in_reply_to"]?.string
    text = body?["text"]?.string ?? ""
  }
}
