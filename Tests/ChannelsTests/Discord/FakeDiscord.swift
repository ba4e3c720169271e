import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// Discord's API in memory, as far as a bot needs it: pages newest first, nonces, edits, reactions, threads. It answers
/// wrongly when a test says so, and holds every request against the published description of the API.
final class FakeDiscord: Sendable {
  struct State {
    var messages: [UInt64: [JSONObject]] = [:]
    var rooms: [UInt64: JSONObject] = [:]
    var threads: [UInt64: JSONObject] = [:]
    /// When each was closed.
    var closed: [UInt64: String] = [:]
    var next: UInt64 = 1_000
    var requests: [RecordedRequest] = []
    var faults: [(part: String, answer: Responder.Answer)] = []
    /// Kinds of calls that are carried out without anybody hearing of it.
    var lost: [String] = []
    var nonces: [String: JSONObject] = [:]
    /// By message, then sign.
    var reactions: [UInt64: [String: [JSONValue]]] = [:]
    var headers: [(part: String, header: (String, String))] = []
    /// What everyone may do.
    var permissions = DiscordPermissions.invitation.rawValue
    /// The newest message that was asked behind or given out.
    var asked: UInt64 = 0
    var violations: [String] = []
  }

  static let token = "MTE4-secret.SECRET.token"
  static let bot: UInt64 = 77
  static let guild: UInt64 = 5
  static let room: UInt64 = 10
  static let otherRoom: UInt64 = 20
  let state: Mutex<State>
  private let server: LoopbackServer
  private let fault: @Sendable (RecordedRequest) -> Responder.Answer?
  private let contract: VendorContract

  init(fault: @escaping @Sendable (RecordedRequest) -> Responder.Answer? = { _ in nil }) async throws {
    self.fault = fault
    contract = try VendorContract.discord.get()
    var start = State()
    for room in [Self.room, Self.otherRoom] { start.rooms[room] = Self.room(room) }
    state = Mutex(start)
    let box = RequestBox()
    server = try await LoopbackServer { request, responder in box.handle(request, responder) }
    box.set { [weak self] in self?.receive($0, $1) ?? $1.answer(.close) }
  }

  var baseURL: String { server.baseURL }

  func stop() async {
    await server.stop()
    let violations = state.withLock { state in
      defer { state.violations = [] }
      return state.violations
    }
    for violation in Set(violations).sorted() { Issue.record("against Discord's API: \(violation)") }
  }

  var requests: [RecordedRequest] { state.withLock { $0.requests } }
  func calls(_ method: String, _ part: String) -> [RecordedRequest] {
    requests.filter { $0.method == method && $0.target.contains(part) }
  }
  func forgetNonces() { state.withLock { $0.nonces = [:] } }

  /// What answers say of limits, of calls whose path holds the part.
  func setHeaders(_ headers: [(String, String)], for part: String = "") {
    state.withLock { state in
      state.headers.removeAll { $0.part == part }
      state.headers += headers.map { (part, $0) }
    }
  }

  /// Whether there is nothing in a room that was not given out.
  var isQuiet: Bool {
    state.withLock { state in
      state.messages.values.allSatisfy { ($0.last?["id"]?.string).flatMap { UInt64($0) } ?? 0 <= state.asked }
    }
  }

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

  /// The next calls with that method are carried out, and the connection breaks.
  func loseAnswers(to method: String, times: Int) {
    state.withLock { $0.lost += Array(repeating: method, count: times) }
  }

  static func refuse(_ status: Int, _ code: Int, _ more: JSONObject = [:]) -> Responder.Answer {
    var body: JSONObject = ["message": "No: words", "code": .integer(code)]
    for field in more { body[field.key] = field.value }
    return .json(JSONValue.object(body).serialized(), status: status)
  }

  // MARK: What people do

  static func user(_ id: UInt64 = 42, _ name: String = "anna", isBot: Bool = false) -> JSONValue {
    var user: JSONObject = [
      "id": .string("\(id)"), "username": .string(name), "global_name": nil, "discriminator": "0", "avatar": nil,
      "flags": 0, "public_flags": 0, "primary_guild": nil,
    ]
    if isBot { user["bot"] = true }
    return .object(user)
  }

  static func room(_ id: UInt64, kind: Int = 0, _ more: JSONObject = [:]) -> JSONObject {
    var room: JSONObject = [
      "id": .string("\(id)"), "type": .integer(kind), "guild_id": .string("\(guild)"), "name": .string("room-\(id)"),
      "position": 0, "flags": 0, "permission_overwrites": [],
    ]
    for field in more { room[field.key] = field.value }
    return room
  }

  static func message(_ id: UInt64, in room: UInt64, _ text: String, by user: JSONValue) -> JSONObject {
    [
      "id": .string("\(id)"), "channel_id": .string("\(room)"), "type": 0, "content": .string(text), "author": user,
      "timestamp": "2026-11-23T10:00:00.000000+00:00", "edited_timestamp": nil, "mentions": [], "mention_roles": [],
      "mention_everyone": false, "attachments": [], "embeds": [], "components": [], "flags": 0, "pinned": false,
      "tts": false,
    ]
  }

  func put(_ room: JSONObject) {
    state.withLock { $0.rooms[UInt64(room["id"]?.string ?? "") ?? 0] = room }
  }

  /// - Returns: the message's id.
  @discardableResult
  func say(
    _ text: String, by user: JSONValue = FakeDiscord.user(), in room: UInt64 = FakeDiscord.room,
    also fields: JSONObject = [:]
  ) -> String {
    state.withLock { state in
      state.next += 1
      var message = Self.message(state.next, in: room, text, by: user)
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
      var thread: JSONObject = [
        "id": .string("\(state.next)"), "parent_id": .string("\(room)"), "type": 11, "flags": 0, "name": "thread",
        "guild_id": .string("\(Self.guild)"), "owner_id": "42", "member_count": 1, "message_count": 1,
        "total_message_sent": 1,
      ]
      if isJoined { thread["member"] = ["id": .string("\(state.next)")] }
      state.threads[state.next] = thread
      return state.next
    }
  }

  /// Somebody closes a thread, or it closes by itself.
  func closeThread(_ id: UInt64, at time: String) { state.withLock { $0.closed[id] = time } }

  // MARK: The protocol

  private func receive(_ request: RecordedRequest, _ responder: Responder) {
    let violations = contract.problems(with: request, path: request.path)
    let fault = state.withLock { state -> Responder.Answer? in
      state.violations += violations
      state.requests.append(request)
      guard let place = state.faults.firstIndex(where: { request.target.contains($0.part) }) else { return nil }
      return state.faults.remove(at: place).answer
    }
    if let answer = fault ?? self.fault(request) { return responder.answer(answer) }
    guard request.header("authorization") == "Bot \(Self.token)",
      request.header("user-agent")?.hasPrefix("DiscordBot (") == true
    else { return responder.answer(Self.refuse(401, 0)) }
    let (answer, headers) = state.withLock { state in
      (
        Self.answer(request, &state),
        state.headers.filter { $0.part.isEmpty || request.target.contains($0.part) }.map(\.header)
      )
    }
    let isLost = state.withLock { state in
      guard let place = state.lost.firstIndex(of: request.method) else { return false }
      state.lost.remove(at: place)
      return true
    }
    guard !isLost, case .respond(let status, let own, let body) = answer else {
      return responder.answer(isLost ? .reset : answer)
    }
    responder.answer(.respond(status: status, headers: own + headers, body: body))
  }

  private static func json(_ value: JSONValue) -> Responder.Answer { .json(value.serialized()) }

  private static func answer(_ request: RecordedRequest, _ state: inout State) -> Responder.Answer {
    let parts = request.path.split(separator: "/").map(String.init)
    let body = (try? JSONValue.parse(request.body))?.object ?? [:]
    let room = parts.count > 1 ? UInt64(parts[1]) ?? 0 : 0
    switch (request.method, parts.first, parts.count > 2 ? parts[2] : nil, parts.count) {
    case ("GET", "users", _, _): return json(user(bot, "green", isBot: true))
    case ("GET", "applications", _, _): return json(["id": "7700", "flags": .integer(1 << 19)])
    case ("GET", "guilds", nil, _):
      let everyone: JSONValue = ["id": .string("\(guild)"), "permissions": .string("\(state.permissions)")]
      return json(["id": .string("\(guild)"), "owner_id": "1", "roles": [everyone]])
    case ("GET", "guilds", "members", _): return json(["roles": [], "user": user(bot, "green", isBot: true)])
    case ("GET", "guilds", _, _): return json(threads(state, closed: false))
    case ("GET", "channels", nil, _):
      guard var found = state.rooms[room] else { return refuse(404, 10003) }
      found["last_message_id"] = state.messages[room]?.last?["id"] ?? nil
      return json(.object(found))
    case ("GET", "channels", "threads", 5): return closedThreads(request, room, state)
    case ("POST", "channels", "typing", _): return .respond(status: 204)
    case ("GET", "channels", "messages", 3): return page(request, room, &state)
    case ("POST", "channels", "messages", 3): return post(body, room, &state)
    case ("GET", "channels", "messages", 6):
      // The sign arrives percent-encoded.
      let sign = request.path.hasSuffix("%8D") ? "👍" : "👎"
      return json(.array(state.reactions[UInt64(parts[3]) ?? 0]?[sign] ?? []))
    case ("DELETE", "channels", "messages", 7):
      let sign = request.path.contains("%8D") ? "👍" : "👎"
      state.reactions[UInt64(parts[3]) ?? 0]?[sign]?.removeAll { $0["id"]?.string == "\(bot)" }
      return .respond(status: 204)
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

  private static func threads(_ state: State, closed: Bool) -> JSONValue {
    [
      "threads": .array(
        state.threads.filter { (state.closed[$0.key] != nil) == closed }.sorted { $0.key > $1.key }.map { id, thread in
          var thread = thread
          if let last = state.messages[id]?.last { thread["last_message_id"] = last["id"] }
          thread["thread_metadata"] = [
            "archived": .bool(closed), "archive_timestamp": .string(state.closed[id] ?? "2026-11-01T00:00:00+00:00"),
            "auto_archive_duration": 60, "locked": false,
          ]
          return .object(thread)
        }), "members": [], "has_more": false,
    ]
  }

  private static func closedThreads(
    _ request: RecordedRequest, _ room: UInt64, _ state: State
  ) -> Responder.Answer {
    let before = request.query["before"]
    var list = (threads(state, closed: true)["threads"]?.array ?? []).filter { $0["parent_id"]?.string == "\(room)" }
    func time(_ thread: JSONValue) -> String { thread["thread_metadata"]?["archive_timestamp"]?.string ?? "" }
    // All of one form here, so that their order is that of their letters.
    if let before { list = list.filter { time($0) < before } }
    list.sort { time($0) > time($1) }
    let limit = Int(request.query["limit"] ?? "") ?? 50
    return json([
      "threads": .array(Array(list.prefix(limit))), "members": [], "has_more": .bool(list.count > limit),
    ])
  }

  private static func page(_ request: RecordedRequest, _ room: UInt64, _ state: inout State) -> Responder.Answer {
    guard state.threads[room] != nil || (state.rooms[room]?["type"]?.int ?? 0) < 15 else { return refuse(400, 50024) }
    let limit = Int(request.query["limit"] ?? "50") ?? 50
    var messages = state.messages[room] ?? []
    func number(_ message: JSONObject) -> UInt64 { UInt64(message["id"]?.string ?? "") ?? .max }
    if let after = request.query["after"].flatMap({ UInt64($0) }) {
      // The nearest ones, and of these the newest first.
      messages = Array(messages.filter { number($0) > after }.prefix(limit))
      state.asked = max(state.asked, after, messages.last.map(number) ?? 0)
    } else {
      let before = request.query["before"].flatMap { UInt64($0) } ?? .max
      messages = Array(messages.filter { number($0) < before }.suffix(limit))
    }
    let reactions = state.reactions
    return json(
      .array(
        messages.reversed().map { message in
          var message = message
          let found = (reactions[number(message)] ?? [:]).sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }
          guard !found.isEmpty else { return .object(message) }
          message["reactions"] = .array(found.map { reaction($0.key, by: $0.value) })
          return .object(message)
        }))
  }

  static func reaction(_ sign: String, by users: [JSONValue]) -> JSONValue {
    [
      "emoji": ["name": .string(sign), "id": nil], "count": .integer(users.count),
      "count_details": ["burst": 0, "normal": .integer(users.count)], "burst_colors": [], "me_burst": false,
      "me": .bool(users.contains { $0["id"]?.string == "\(bot)" }),
    ]
  }

  private static func problem(_ body: JSONObject) -> Responder.Answer? {
    let words = body["content"]?.string ?? ""
    if words.allSatisfy(\.isWhitespace) { return refuse(400, 50006) }
    return words.utf16.count > 2_000 || body["allowed_mentions"] != ["parse": []] ? refuse(400, 50035) : nil
  }

  private static func post(_ body: JSONObject, _ room: UInt64, _ state: inout State) -> Responder.Answer {
    if let problem = problem(body) { return problem }
    guard let nonce = body["nonce"]?.string, nonce.utf8.count <= 25, body["enforce_nonce"] == true else {
      return refuse(400, 50035)
    }
    if let known = state.nonces[nonce] { return json(.object(known)) }
    state.next += 1
    // Blanks at both ends go.
    let words = (body["content"]?.string ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    var message = Self.message(state.next, in: room, words, by: user(bot, "green", isBot: true))
    let answered = body["message_reference"]?["message_id"]
    if let answered, state.messages[room]?.contains(where: { $0["id"] == answered }) == true {
      message["message_reference"] = ["message_id": answered, "channel_id": .string("\(room)"), "type": 0]
      message["type"] = 19
    } else if answered != nil, body["message_reference"]?["fail_if_not_exists"] != false {
      return refuse(400, 50035)
    }
    state.messages[room, default: []].append(message)
    state.nonces[nonce] = message
    return json(.object(message))
  }
}
