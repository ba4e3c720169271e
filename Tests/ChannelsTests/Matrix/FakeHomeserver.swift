import Foundation
import JSON
import Support
import Synchronization
import TestSupport

/// A homeserver in memory, as far as a bot needs one: accounts and devices, rooms, syncs that wait, pages, transaction
/// ids. It answers wrongly when a test says so.
final class FakeHomeserver: Sendable {
  struct Event: Sendable {
    var room: String
    var place: Int
    var value: JSONValue
    var sender: String
    var type: String
    var id: String
  }

  struct State {
    var events: [Event] = []
    /// By room, then user: join, invite or leave, and since when.
    var members: [String: [String: (membership: String, since: Int)]] = [:]
    var devices: [String: String] = [:]
    var logins: [String] = []
    var tokens: Set<String> = ["token"]
    var transactions: [String: String] = [:]
    var requests: [RecordedRequest] = []
    var faults: [(matches: @Sendable (RecordedRequest) -> Bool, answer: Responder.Answer)] = []
    var waiting: [(request: RecordedRequest, responder: Responder)] = []
    var isAway = false
  }

  static let bot = "@bot:example.org"
  static let room = "!room:example.org"
  private let state = Mutex(State())
  private let server: LoopbackServer
  let syncs = Tally()

  private let fault: @Sendable (RecordedRequest) -> Responder.Answer?

  /// - Parameter fault: what a request gets instead of the protocol's answer; nil for most.
  init(fault: @escaping @Sendable (RecordedRequest) -> Responder.Answer? = { _ in nil }) async throws {
    self.fault = fault
    let box = HandlerBox()
    server = try await LoopbackServer { request, responder in box.handle(request, responder) }
    box.set { [weak self] in self?.receive($0, $1) ?? $1.answer(.close) }
  }

  var baseURL: String { server.baseURL }
  func stop() async { await server.stop() }

  var requests: [RecordedRequest] { state.withLock { $0.requests } }
  var logins: [String] { state.withLock { $0.logins } }
  func events(of sender: String, type: String = "m.room.message") -> [JSONValue] {
    state.withLock { $0.events.filter { $0.sender == sender && $0.type == type }.map(\.value) }
  }

  /// The next request of that kind gets this answer.
  func fail(_ answer: Responder.Answer, times: Int = 1, where matches: @escaping @Sendable (RecordedRequest) -> Bool) {
    state.withLock { state in
      for _ in 0..<times { state.faults.append((matches, answer)) }
    }
  }
  func fail(_ answer: Responder.Answer, times: Int = 1, on part: String) {
    fail(answer, times: times) { $0.path.contains(part) }
  }
  func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }
  func revokeTokens() { state.withLock { $0.tokens = [] } }
  func allow(_ token: String) { state.withLock { _ = $0.tokens.insert(token) } }

  func setMembers(_ users: [String], of room: String = FakeHomeserver.room) {
    state.withLock { state in
      let place = state.events.count
      for user in users { state.members[room, default: [:]][user] = ("join", place) }
    }
  }

  func invite(to room: String, by inviter: String, isDirect: Bool = false) {
    put(
      "m.room.member", by: inviter, in: room, content: ["membership": "invite", "is_direct": .bool(isDirect)],
      stateKey: Self.bot
    ) { $0.members[room, default: [:]][Self.bot] = ("invite", $0.events.count + 1) }
  }

  func kick(from room: String) {
    put("m.room.member", by: "@admin:example.org", in: room, content: ["membership": "leave"], stateKey: Self.bot) {
      $0.members[room, default: [:]][Self.bot] = ("leave", $0.events.count + 1)
    }
  }

  @discardableResult
  func say(
    _ text: String, by sender: String = "@anna:example.org", in room: String = FakeHomeserver.room,
    also fields: JSONObject = [:]
  ) -> String {
    var content: JSONObject = ["msgtype": "m.text", "body": .string(text)]
    for field in fields { content[field.key] = field.value }
    return put("m.room.message", by: sender, in: room, content: .object(content))
  }

  @discardableResult
  func put(
    _ type: String, by sender: String = "@anna:example.org", in room: String = FakeHomeserver.room, content: JSONValue,
    stateKey: String? = nil, top: JSONObject = [:], change: (inout State) -> Void = { _ in }
  ) -> String {
    let (id, ready) = state.withLock { state in
      change(&state)
      let id = Self.append(
        type, by: sender, in: room, content: content, stateKey: stateKey, top: top, to: &state)
      let ready = state.waiting
      state.waiting = []
      return (id, ready)
    }
    for (request, responder) in ready { responder.answer(answer(request)) }
    return id
  }

  private static func append(
    _ type: String, by sender: String, in room: String, content: JSONValue, stateKey: String? = nil,
    top: JSONObject = [:], to state: inout State
  ) -> String {
    let place = state.events.count + 1
    let id = "$e\(place)"
    var event: JSONObject = [
      "event_id": .string(id), "type": .string(type), "sender": .string(sender), "content": content,
      "origin_server_ts": .integer(1_795_000_000_000 + place),
    ]
    if let stateKey { event["state_key"] = .string(stateKey) }
    for field in top { event[field.key] = field.value }
    state.events.append(
      Event(room: room, place: place, value: .object(event), sender: sender, type: type, id: id))
    return id
  }

  private func receive(_ request: RecordedRequest, _ responder: Responder) {
    let fault: Responder.Answer? = state.withLock { state in
      state.requests.append(request)
      if state.isAway { return .respond(status: 502, body: Array("<html>Bad gateway</html>".utf8)) }
      guard let place = state.faults.firstIndex(where: { $0.matches(request) }) else { return self.fault(request) }
      return state.faults.remove(at: place).answer
    }
    defer { if request.path.hasSuffix("/sync") { syncs.add() } }
    if let fault { return responder.answer(fault) }
    if request.path.hasSuffix("/sync"), mustWait(request) {
      return state.withLock { $0.waiting.append((request, responder)) }
    }
    responder.answer(answer(request))
  }

  private func mustWait(_ request: RecordedRequest) -> Bool {
    guard request.query["timeout"].flatMap(Int.init) ?? 0 > 1_000, let since = request.query["since"] else {
      return false
    }
    return state.withLock { state in
      isAllowed(request, state) && !state.events.contains { $0.place > Self.place(since) && $0.sender != Self.bot }
    }
  }

  private func isAllowed(_ request: RecordedRequest, _ state: State) -> Bool {
    let bearer = request.header("authorization") ?? ""
    return bearer.hasPrefix("Bearer ") && state.tokens.contains(String(bearer.dropFirst(7)))
  }

  static func place(_ token: String) -> Int { Int(token.drop { !$0.isNumber }) ?? 0 }

  // MARK: Answers

  static func refuse(_ status: Int, _ code: String, _ more: JSONObject = [:]) -> Responder.Answer {
    var body: JSONObject = ["errcode": .string(code), "error": "what the server says is not shown"]
    for field in more { body[field.key] = field.value }
    return .json(JSONValue.object(body).serialized(), status: status)
  }

  private func answer(_ request: RecordedRequest) -> Responder.Answer {
    let parts = request.path.split(separator: "/").dropFirst(3).map { $0.removingPercentEncoding ?? "" }
    let body = (try? JSONValue.parse(request.body)) ?? .null
    return state.withLock { state in
      if request.path.hasSuffix("/versions") {
        return .json("{\"versions\":[\"r0.6.1\",\"v1.1\",\"v1.11\",\"v1.9\"]}")
      }
      if parts == ["login"] { return Self.login(body, &state) }
      guard isAllowed(request, state) else { return Self.refuse(401, "M_UNKNOWN_TOKEN", ["soft_logout": false]) }
      switch (request.method, parts.first, parts.count > 2 ? parts[2] : "") {
      case ("GET", "account", _): return .json("{\"user_id\":\"\(Self.bot)\",\"device_id\":\"D\"}")
      case ("GET", "profile", _): return .json("{\"displayname\":\"Greenroom\"}")
      case ("GET", "joined_rooms", _):
        let joined = state.members.filter { $0.value[Self.bot]?.membership == "join" }.keys.sorted()
        return .json(JSONValue.object(["joined_rooms": .array(joined.map { .string($0) })]).serialized())
      case ("GET", "sync", _): return Self.sync(request, state)
      case (_, "rooms", let what) where parts.count > 2: return Self.room(request, parts, what, body, &state)
      default: return Self.refuse(404, "M_UNRECOGNIZED")
      }
    }
  }

  private static func login(_ body: JSONValue, _ state: inout State) -> Responder.Answer {
    guard body["password"] == "right" else { return refuse(403, "M_FORBIDDEN") }
    let device = body["device_id"]?.string ?? "none"
    state.logins.append(device)
    let token = "token-\(state.logins.count)"
    state.tokens.insert(token)
    state.devices[token] = device
    return .json("{\"access_token\":\"\(token)\",\"user_id\":\"\(bot)\",\"device_id\":\"\(device)\"}")
  }

  private static func wanted(_ filter: JSONValue?, _ event: Event) -> Bool {
    let types = filter?["types"]?.array?.compactMap(\.string) ?? []
    let others = filter?["not_senders"]?.array?.compactMap(\.string) ?? []
    return types.contains(event.type) && !others.contains(event.sender)
  }

  private static func sync(_ request: RecordedRequest, _ state: State) -> Responder.Answer {
    let since = request.query["since"].map(place) ?? 0
    let isFirst = request.query["since"] == nil
    let roomFilter = (try? JSONValue.parse(request.query["filter"] ?? "{}"))?["room"]
    let filter = roomFilter?["timeline"]
    let stateFilter = roomFilter?["state"]
    let limit = filter?["limit"]?.int ?? 10
    var joined: JSONObject = [:]
    var invited: JSONObject = [:]
    var left: JSONObject = [:]
    for (room, members) in state.members.sorted(by: { $0.key < $1.key }) {
      guard let own = members[bot] else { continue }
      let isNew = own.since > since && !isFirst
      let events = state.events.filter {
        $0.room == room && ($0.place > since || isNew) && wanted(filter, $0)
          && (own.membership != "leave" || $0.place <= own.since)
      }
      let stateTypes = stateFilter?["types"]?.array ?? []
      let facts = state.events.filter { $0.room == room && stateTypes.contains(.string($0.type)) }
      let timeline: JSONValue = [
        "state": ["events": .array(facts.map(\.value))],
        "timeline": [
          "events": .array(events.suffix(limit).map(\.value)),
          "limited": .bool(events.count > limit || (isNew && own.membership == "join")), "prev_batch": "t0",
        ],
      ]
      switch own.membership {
      case "join" where !events.isEmpty || isNew || !facts.isEmpty: joined[room] = timeline
      case "leave" where own.since > since: left[room] = timeline
      case "invite" where own.since > since:
        let event = state.events.last { $0.room == room && $0.type == "m.room.member" }
        invited[room] = ["invite_state": ["events": .array(event.map { [$0.value] } ?? [])]]
      default: break
      }
    }
    let answer: JSONValue = [
      "next_batch": .string("s\(state.events.count)"),
      "rooms": ["join": .object(joined), "invite": .object(invited), "leave": .object(left)],
    ]
    return .json(answer.serialized())
  }

  private static func room(
    _ request: RecordedRequest, _ parts: [String], _ what: String, _ body: JSONValue, _ state: inout State
  ) -> Responder.Answer {
    let room = parts[1]
    if what == "join" {
      guard state.members[room]?[bot]?.membership == "invite" else { return refuse(403, "M_FORBIDDEN") }
      let id = append("m.room.member", by: bot, in: room, content: ["membership": "join"], stateKey: bot, to: &state)
      state.members[room]?[bot] = ("join", place(id))
      return .json("{\"room_id\":\"\(room)\"}")
    }
    guard state.members[room]?[bot]?.membership == "join" else { return refuse(403, "M_FORBIDDEN") }
    switch what {
    case "joined_members":
      let joined = (state.members[room] ?? [:]).filter { $0.value.membership == "join" }.keys.sorted()
      let members = joined.map { ($0, JSONValue.object(["display_name": .string("Name of \($0)")])) }
      return .json(JSONValue.object(["joined": .object(JSONObject(members))]).serialized())
    case "messages":
      let filter = try? JSONValue.parse(request.query["filter"] ?? "{}")
      let from = request.query["from"].map(place) ?? 0
      let limit = request.query["limit"].flatMap(Int.init) ?? 10
      let page = state.events.filter { $0.room == room && $0.place > from && wanted(filter, $0) }.prefix(limit)
      var answer: JSONObject = ["chunk": .array(page.map(\.value)), "start": .string("t\(from)")]
      if let last = page.last { answer["end"] = .string("t\(last.place)") }
      return .json(JSONValue.object(answer).serialized())
    case "event":
      guard let event = state.events.first(where: { $0.id == parts[3] && $0.room == room }) else {
        return refuse(404, "M_NOT_FOUND")
      }
      guard var value = event.value.object else { return refuse(404, "M_NOT_FOUND") }
      let isIn = state.events.contains {
        $0.sender == bot && $0.value["content"]?["m.relates_to"]?["event_id"] == .string(event.id)
          && $0.value["content"]?["m.relates_to"]?["rel_type"] == "m.thread"
      }
      value["unsigned"] = ["m.relations": ["m.thread": ["current_user_participated": .bool(isIn)]]]
      return .json(JSONValue.object(value).serialized())
    case "send", "redact":
      let device = state.devices[String((request.header("authorization") ?? "").dropFirst(7))] ?? "D"
      let key = device + (parts.last ?? "")
      if let known = state.transactions[key] { return .json("{\"event_id\":\"\(known)\"}") }
      if request.body.count > 60_000 { return refuse(413, "M_TOO_LARGE") }
      let id =
        what == "send"
        ? append(parts[3], by: bot, in: room, content: body, to: &state)
        : append("m.room.redaction", by: bot, in: room, content: ["redacts": .string(parts[3])], to: &state)
      state.transactions[key] = id
      return .json("{\"event_id\":\"\(id)\"}")
    case "receipt", "typing": return .json("{}")
    default: return refuse(404, "M_UNRECOGNIZED")
    }
  }
}

/// Lets the server be started before the object that answers is whole.
private final class HandlerBox: Sendable {
  private let handler = Mutex<LoopbackServer.Handler?>(nil)

  func set(_ new: @escaping LoopbackServer.Handler) { handler.withLock { $0 = new } }

  func handle(_ request: RecordedRequest, _ responder: Responder) {
    guard let handler = handler.withLock({ $0 }) else { return responder.answer(.close) }
    handler(request, responder)
  }
}
