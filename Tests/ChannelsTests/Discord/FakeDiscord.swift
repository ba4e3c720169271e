import Foundation
import JSON
import Synchronization
import TestSupport

@testable import Channels

/// Discord's API in memory, as far as a bot needs it: pages newest first, nonces, edits, reactions, threads. It answers
/// wrongly when a test says so.
final class FakeDiscord: Sendable {
  struct State {
    var messages: [UInt64: [JSONObject]] = [:]
    var threads: [UInt64: JSONObject] = [:]
    var next: UInt64 = 1_000
    var requests: [RecordedRequest] = []
    var faults: [(part: String, answer: Responder.Answer)] = []
    var nonces: [String: JSONObject] = [:]
    /// By message, then sign.
    var reactions: [UInt64: [String: [JSONValue]]] = [:]
    var headers: [(String, String)] = []
  }

  static let token = "MTE4-secret.SECRET.token"
  static let bot: UInt64 = 77
  static let guild: UInt64 = 5
  static let room: UInt64 = 10
  static let otherRoom: UInt64 = 20
  private let state = Mutex(State())
  private let server: LoopbackServer
  private let fault: @Sendable (RecordedRequest) -> Responder.Answer?

  init(fault: @escaping @Sendable (RecordedRequest) -> Responder.Answer? = { _ in nil }) async throws {
    self.fault = fault
    let box = RequestBox()
    server = try await LoopbackServer { request, responder in box.handle(request, responder) }
    box.set { [weak self] in self?.receive($0, $1) ?? $1.answer(.close) }
  }

  var baseURL: String { server.baseURL }
  func stop() async { await server.stop() }
  var requests: [RecordedRequest] { state.withLock { $0.requests } }
  func calls(_ method: String, _ part: String) -> [RecordedRequest] {
    requests.filter { $0.method == method && $0.path.contains(part) }
  }
  func forgetNonces() { state.withLock { $0.nonces = [:] } }
  func setHeaders(_ headers: [(String, String)]) { state.withLock { $0.headers = headers } }

  /// What the bot shows in a room.
  func shown(in room: UInt64 = FakeDiscord.room) -> [JSONObject] {
    state.withLock { state in
      (state.messages[room] ?? []).filter { $0["author"]?["id"]?.string == "\(Self.bot)" }
    }
  }

  /// The next calls whose path holds that get this answer.
  func fail(_ part: String, _ answer: Responder.Answer, times: Int = 1) {
    state.withLock { state in for _ in 0..<times { state.faults.append((part, answer)) } }
  }

  static func refuse(_ status: Int, _ code: Int, _ more: JSONObject = [:]) -> Responder.Answer {
    var body: JSONObject = ["message": "No: words", "code": .integer(code)]
    for field in more { body[field.key] = field.value }
    return .json(JSONValue.object(body).serialized(), status: status)
  }

  // MARK: What people do

  static func user(_ id: UInt64 = 42, _ name: String = "anna", isBot: Bool = false) -> JSONValue {
    var user: JSONObject = [
      "id": .string("\(id)"), "username": .string(name), "global_name": nil, "discriminator": "0",
    ]
    if isBot { user["bot"] = true }
    return .object(user)
  }

  /// - Returns: the message's id.
  @discardableResult
  func say(
    _ text: String, by user: JSONValue = FakeDiscord.user(), in room: UInt64 = FakeDiscord.room,
    also fields: JSONObject = [:]
  ) -> String {
    state.withLock { state in
      state.next += 1
      var message: JSONObject = [
        "id": .string("\(state.next)"), "channel_id": .string("\(room)"), "type": 0, "content": .string(text),
        "author": user, "timestamp": "2026-11-23T10:00:00.000000+00:00", "edited_timestamp": nil, "mentions": [],
        "attachments": [],
      ]
      for field in fields { message[field.key] = field.value }
      state.messages[room, default: []].append(message)
      return "\(state.next)"
    }
  }

  func change(_ id: String, in room: UInt64 = FakeDiscord.room, _ change: (inout JSONObject) -> Void) {
    state.withLock { state in
      guard let place = state.messages[room]?.firstIndex(where: { $0["id"]?.string == id }) else { return }
      change(&state.messages[room, default: []][place])
    }
  }

  func edit(_ id: String, to text: String, at time: String, in room: UInt64 = FakeDiscord.room) {
    change(id, in: room) {
      $0["content"] = .string(text)
      $0["edited_timestamp"] = .string(time)
    }
  }

  func delete(_ id: String, in room: UInt64 = FakeDiscord.room) {
    state.withLock { $0.messages[room]?.removeAll { $0["id"]?.string == id } }
  }

  func react(_ sign: String, to id: String, by users: [JSONValue]) {
    state.withLock { $0.reactions[UInt64(id) ?? 0, default: [:]][sign] = users }
  }

  /// - Returns: the thread's id.
  func openThread(in room: UInt64 = FakeDiscord.room, isJoined: Bool = false) -> UInt64 {
    state.withLock { state in
      state.next += 1
      var thread: JSONObject = ["id": .string("\(state.next)"), "parent_id": .string("\(room)"), "type": 11]
      if isJoined { thread["member"] = ["id": .string("\(state.next)")] }
      state.threads[state.next] = thread
      return state.next
    }
  }

  // MARK: The protocol

  private func receive(_ request: RecordedRequest, _ responder: Responder) {
    let fault = state.withLock { state -> Responder.Answer? in
      state.requests.append(request)
      guard let place = state.faults.firstIndex(where: { request.target.contains($0.part) }) else { return nil }
      return state.faults.remove(at: place).answer
    }
    if let answer = fault ?? self.fault(request) { return responder.answer(answer) }
    guard request.header("authorization") == "Bot \(Self.token)",
      request.header("user-agent")?.hasPrefix("DiscordBot (") == true
    else { return responder.answer(Self.refuse(401, 0)) }
    let (answer, headers) = state.withLock { (Self.answer(request, &$0), $0.headers) }
    guard case .respond(let status, let own, let body) = answer else { return responder.answer(answer) }
    responder.answer(.respond(status: status, headers: own + headers, body: body))
  }

  private static func json(_ value: JSONValue) -> Responder.Answer { .json(value.serialized()) }

  private static func answer(_ request: RecordedRequest, _ state: inout State) -> Responder.Answer {
    let parts = request.path.split(separator: "/").map(String.init)
    let body = (try? JSONValue.parse(request.body))?.object ?? [:]
    let room = parts.count > 1 ? UInt64(parts[1]) ?? 0 : 0
    switch (request.method, parts.first, parts.count > 2 ? parts[2] : nil, parts.count) {
    case ("GET", "users", _, _): return json(user(bot, "green", isBot: true))
    case ("GET", "applications", _, _): return json(["flags": .integer(1 << 19)])
    case ("GET", "guilds", _, _):
      return json([
        "threads": .array(
          state.threads.sorted { $0.key > $1.key }.map { id, thread in
            var thread = thread
            if let last = state.messages[id]?.last { thread["last_message_id"] = last["id"] }
            return .object(thread)
          }), "members": [], "has_more": false,
      ])
    case ("GET", "channels", nil, _):
      guard [Self.room, otherRoom].contains(room) else { return refuse(404, 10003) }
      return json([
        "id": .string("\(room)"), "type": 0, "guild_id": .string("\(guild)"),
        "last_message_id": state.messages[room]?.last?["id"] ?? nil,
      ])
    case ("POST", "channels", "typing", _): return .respond(status: 204)
    case ("GET", "channels", "messages", 3): return json(page(request, room, state))
    case ("POST", "channels", "messages", 3): return post(body, room, &state)
    case ("GET", "channels", "messages", 6):
      // The sign arrives percent-encoded.
      let sign = request.path.hasSuffix("%8D") ? "👍" : "👎"
      return json(.array(state.reactions[UInt64(parts[3]) ?? 0]?[sign] ?? []))
    case ("PUT", "channels", "messages", 7):
      let sign = request.path.contains("%8D") ? "👍" : "👎"
      state.reactions[UInt64(parts[3]) ?? 0, default: [:]][sign, default: []].append(user(bot, "green", isBot: true))
      return .respond(status: 204)
    case ("PATCH", "channels", "messages", 4), ("DELETE", "channels", "messages", 4):
      guard let place = state.messages[room]?.firstIndex(where: { $0["id"]?.string == parts[3] }) else {
        return refuse(404, 10008)
      }
      guard request.method == "PATCH" else {
        state.messages[room, default: []].remove(at: place)
        return .respond(status: 204)
      }
      if let problem = problem(body) { return problem }
      state.messages[room, default: []][place]["content"] = body["content"]
      return json(["id": .string(parts[3])])
    default: return refuse(404, 0)
    }
  }

  private static func page(_ request: RecordedRequest, _ room: UInt64, _ state: State) -> JSONValue {
    let limit = Int(request.query["limit"] ?? "50") ?? 50
    var messages = state.messages[room] ?? []
    if let after = request.query["after"].flatMap({ UInt64($0) }) {
      // The nearest ones, and of these the newest first.
      messages = Array(messages.filter { UInt64($0["id"]?.string ?? "") ?? .max > after }.prefix(limit))
    } else {
      messages = Array(messages.suffix(limit))
    }
    return .array(
      messages.reversed().map { message in
        var message = message
        let reactions = state.reactions[UInt64(message["id"]?.string ?? "") ?? 0] ?? [:]
        message["reactions"] = .array(
          reactions.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { sign, users in
            [
              "emoji": ["name": .string(sign), "id": nil], "count": .integer(users.count),
              "me": .bool(users.contains { $0["id"]?.string == "\(bot)" }),
            ]
          })
        return .object(message)
      })
  }

  private static func problem(_ body: JSONObject) -> Responder.Answer? {
    let words = body["content"]?.string ?? ""
    if words.isEmpty { return refuse(400, 50006) }
    return words.utf16.count > 2_000 || body["allowed_mentions"] != ["parse": []] ? refuse(400, 50035) : nil
  }

  private static func post(_ body: JSONObject, _ room: UInt64, _ state: inout State) -> Responder.Answer {
    if let problem = problem(body) { return problem }
    guard let nonce = body["nonce"]?.string, nonce.utf8.count <= 25, body["enforce_nonce"] == true else {
      return refuse(400, 50035)
    }
    if let known = state.nonces[nonce] { return json(.object(known)) }
    state.next += 1
    var message: JSONObject = [
      "id": .string("\(state.next)"), "type": 0, "author": user(bot, "green", isBot: true), "mentions": [],
      "attachments": [], "timestamp": "2026-11-23T10:00:00.000000+00:00", "edited_timestamp": nil,
    ]
    message["content"] = body["content"]
    message["message_reference"] = body["message_reference"]
    state.messages[room, default: []].append(message)
    state.nonces[nonce] = message
    return json(.object(message))
  }
}
