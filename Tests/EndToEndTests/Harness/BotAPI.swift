import Foundation
import JSON
import Synchronization
import TestSupport

/// As much of Telegram's Bot API as a set-up and a short talk need, on a port of this machine.
final class BotAPI: Sendable {
  static let token = "7654321:AAE-secret_SECRET-0123456789abcdef"
  static let chat = 42

  private struct State {
    var updates: [JSONValue] = []
    var next = 1
    var waiting: [Responder] = []
  }

  /// What the bot has said.
  let sent = Watched<[String]>([])
  private let state: StateBox
  private let server: LoopbackServer

  private final class StateBox: Sendable {
    let state = Mutex(State())
  }

  init() async throws {
    let (box, sent) = (StateBox(), sent)
    state = box
    server = try await LoopbackServer { request, responder in
      let method = request.path.split(separator: "/").last.map(String.init) ?? ""
      guard request.path == "/bot\(Self.token)/\(method)" else {
        return responder.answer(
          .json("{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}", status: 401))
      }
      let body = (try? JSONValue.parse(request.body)) ?? .null
      switch method {
      case "getMe":
        responder.answer(
          Self.ok([
            "id": 7_654_321, "is_bot": true, "first_name": "Green", "username": "GreenRoomBot", "can_join_groups": true,
            "can_read_all_group_messages": false,
          ]))
      case "getWebhookInfo": responder.answer(Self.ok(["url": ""]))
      case "getChatMember":
        responder.answer(
          .json("{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: chat not found\"}", status: 400))
      case "getUpdates":
        let page: [JSONValue]? = box.state.withLock { state in
          let offset = body["offset"]?.int ?? 0
          state.updates.removeAll { $0["update_id"]?.int ?? 0 < offset }
          if state.updates.isEmpty { state.waiting.append(responder) }
          return state.updates.isEmpty ? nil : state.updates
        }
        if let page { responder.answer(Self.ok(.array(page))) }
      case "sendMessage":
        sent.update { $0.append(body["text"]?.string ?? "") }
        responder.answer(
          Self.ok(["message_id": .integer(1_000 + sent.value.count), "date": 1_795_000_000, "chat": ["id": 42]]))
      default: responder.answer(Self.ok(true))
      }
    }
  }

  private static func ok(_ result: JSONValue) -> Responder.Answer {
    .json(JSONValue.object(["ok": true, "result": result]).serialized())
  }

  var base: String { server.baseURL }
  func stop() async { await server.stop() }

  /// Somebody writes to the bot.
  func say(_ text: String) {
    let (ready, page) = state.state.withLock { state -> ([Responder], [JSONValue]) in
      let number = state.next
      state.next += 1
      state.updates.append([
        "update_id": .integer(number),
        "message": [
          "message_id": .integer(number), "date": .integer(Int(Date().timeIntervalSince1970)), "text": .string(text),
          "from": ["id": .integer(Self.chat), "is_bot": false, "first_name": "Anna"],
          "chat": ["id": .integer(Self.chat), "type": "private", "first_name": "Anna"],
        ],
      ])
      defer { state.waiting = [] }
      return (state.waiting, state.updates)
    }
    for responder in ready { responder.answer(Self.ok(.array(page))) }
  }
}
