import JSON
import Synchronization
import TestSupport

/// As much of the Bot API as a bot needs that is killed while it sends: updates until they are confirmed, texts that are
/// shown, and a line that goes dead in the middle of one.
final class TelegramStandIn: Sendable {
  private struct State {
    var updates: [(id: Int, json: String)] = []
    var next = 1
    /// How many more texts are answered; those after them arrive or not, and nobody hears of it.
    var cut: (left: Int, arrives: Bool)?
  }

  static let token = "7654321:AAE-end-to-end-0123456789abcdef"
  private let state = Mutex(State())
  private let server = Mutex<LoopbackServer?>(nil)
  /// The questions whose answers are shown, in order.
  let answered = Watched<[String]>([])
  /// Texts that were cut off.
  let stuck = Watched(0)

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

  /// - Returns: the message's name.
  func ask(_ text: String, in chat: Int) -> String {
    state.withLock { state in
      let id = state.next
      state.next += 1
      state.updates.append(
        (
          id,
          """
          {"update_id":\(id),"message":{"message_id":\(id),"date":1795000000,"text":"\(text)",
          "from":{"id":\(chat),"is_bot":false,"first_name":"Ana"},"chat":{"id":\(chat),"type":"private"}}}
          """
        ))
      return "\(chat):\(id)"
    }
  }

  func cut(after texts: Int, arrives: Bool) { state.withLock { $0.cut = (texts, arrives) } }
  func restore() { state.withLock { $0.cut = nil } }

  private func answer(_ request: RecordedRequest) -> Responder.Answer {
    let body = (try? JSONValue.parse(request.body)) ?? .null
    switch request.path.split(separator: "/").last {
    case "getMe":
      return Self.ok(
        """
        {"id":7654321,"is_bot":true,"first_name":"G","username":"GreenBot"}
        """)
    case "getUpdates":
      let page = state.withLock { state in
        if let offset = body["offset"]?.int { state.updates.removeAll { $0.id < offset } }
        return state.updates.prefix(100).map(\.json).joined(separator: ",")
      }
      return Self.ok("[\(page)]")
    case "sendMessage": return send(body)
    default: return Self.ok("true")
    }
  }

  private func send(_ body: JSONValue) -> Responder.Answer {
    let arrives = state.withLock { state -> Bool? in
      guard let cut = state.cut else { return nil }
      state.cut?.left -= 1
      return cut.left > 0 ? nil : cut.arrives
    }
    let chat = body["chat_id"]?.int ?? 0
    if arrives != false {
      answered.update { $0.append("\(chat):\(body["reply_parameters"]?["message_id"]?.int ?? 0)") }
    }
    if arrives != nil {
      stuck.update { $0 += 1 }
      return .hang
    }
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    return Self.ok("{\"message_id\":\(number + 1_000_000),\"chat\":{\"id\":\(chat)},\"date\":1795000000}")
  }

  private static func ok(_ result: String) -> Responder.Answer { .json("{\"ok\":true,\"result\":\(result)}") }
}
