import Foundation
import HTTP
import JSON
import Support
import Synchronization
import TestSupport

@testable import Channels

/// Lark in memory, in the shapes of its server API: content as JSON in a string, oldest first, threads apart.
final class FakeLark: Sendable {
  struct Post {
    var id: String
    var time: Int
    var value: JSONObject
    var thread: String?
    /// Whether it stands in the thread only.
    var isInside = false
    var reactions: [(id: String, person: String, emoji: String)] = []
    var uuid: String?
  }

  struct State {
    var rooms: [String: [Post]] = ["oc_room": []]
    var isMember: [String: Bool] = [:]
    var time = 1_795_000_000_000
    var step = 7
    var number = 0
    var token = "t-1"
    var tokens = 0
    var tokenLife = 7_200
    var faults: [String: [Responder.Answer]] = [:]
    var lasting: [String: Responder.Answer] = [:]
    var calls: [RecordedRequest] = []
    var isDeaf = false
    /// Scopes that are granted; nil where the app may not ask.
    var scopes: Set<String>? = Set(LarkScope.wanted.map { $0.names[0] })
    /// Whether it says what Lark would never say.
    var isOdd = false
    /// 2 is on.
    var activation = 2
    var afterPage: (@Sendable (FakeLark) -> Void)?
  }

  static let room = "oc_room"
  static let app = "cli_app"
  static let bot = "ou_bot"

  let state = Mutex(State())
  private let server: LoopbackServer
  let polls = Tally()
  let requests = Tally()
  private let contract: VendorContract
  private let check = ContractCheck()

  init() async throws {
    contract = try VendorContract.lark.get()
    let box = Box()
    server = try await LoopbackServer { request, responder in
      guard let fake = box.fake.withLock({ $0 }) else { return responder.answer(.close) }
      responder.answer(fake.answer(request))
    }
    box.fake.withLock { $0 = self }
  }

  private final class Box: Sendable {
    let fake = Mutex<FakeLark?>(nil)
  }

  var address: String { server.baseURL }
  func stop() async { await server.stop() }

  /// That all requests so far, and what was answered, are as Lark describes them.
  func checkContract() { check.expectNone() }

  func calls(_ path: String) -> [RecordedRequest] {
    state.withLock { $0.calls.filter { $0.path == "/open-apis/" + path } }
  }

  // MARK: What people do

  @discardableResult func say(
    _ text: String, by person: String = "ou_anna", in room: String = "oc_room", thread: String? = nil,
    inside: Bool = false, kind: String = "text", with more: JSONObject = [:]
  ) -> String {
    let content: JSONValue = ["text": .string(text)]
    return post(
      kind, content.serialized(), ["id": .string(person), "id_type": "open_id", "sender_type": "user"],
      in: room, thread: thread, inside: inside, with: more)
  }

  @discardableResult func post(
    _ kind: String, _ content: String, _ sender: JSONValue, in room: String, thread: String? = nil,
    inside: Bool = false,
    with more: JSONObject = [:], uuid: String? = nil
  ) -> String {
    state.withLock { state in
      state.number += 1
      state.time += state.step
      let id = "om_\(100_000 + state.number)"
      var value: JSONObject = [
        "message_id": .string(id), "msg_type": .string(kind), "create_time": .string(String(state.time)),
        "update_time": .string(String(state.time)), "deleted": false, "updated": false, "chat_id": .string(room),
        "sender": sender, "body": ["content": .string(content)],
      ]
      if let thread { value["thread_id"] = .string(thread) }
      for (key, item) in more { value[key] = item }
      state.rooms[room, default: []].append(
        Post(id: id, time: state.time, value: value, thread: thread, isInside: inside, uuid: uuid))
      return id
    }
  }

  func change(_ id: String, _ body: (inout Post) -> Void) {
    state.withLock { state in
      for room in state.rooms.keys {
        guard let place = state.rooms[room]?.firstIndex(where: { $0.id == id }), var post = state.rooms[room]?[place]
        else { continue }
        body(&post)
        state.rooms[room]?[place] = post
      }
    }
  }

  func edit(_ id: String, to text: String) {
    let time = state.withLock { state in
      state.time += 5
      return state.time
    }
    let content: JSONValue = ["text": .string(text)]
    change(id) {
      $0.value["body"] = ["content": .string(content.serialized())]
      $0.value["updated"] = true
      $0.value["update_time"] = .string(String(time))
    }
  }

  func recall(_ id: String) {
    change(id) {
      $0.value["deleted"] = true
      $0.value["body"] = ["content": "This message was recalled"]
    }
  }

  func fail(_ path: String, _ answers: Responder.Answer...) {
    state.withLock { $0.faults[path, default: []] += answers }
  }
  func failAlways(_ answer: Responder.Answer, _ path: String = "*") { state.withLock { $0.lasting[path] = answer } }
  func recover() {
    state.withLock {
      $0.faults = [:]
      $0.lasting = [:]
      $0.isDeaf = false
    }
  }

  static func error(_ code: Int, status: Int = 400) -> Responder.Answer {
    .json("{\"code\":\(code),\"msg\":\"no\"}", status: status)
  }

  /// What the bot has written.
  func shown(in room: String = "oc_room") -> [Post] {
    state.withLock { ($0.rooms[room] ?? []).filter { $0.value["sender"]?["sender_type"]?.string == "app" } }
  }

  // MARK: The API

  private func answer(_ request: RecordedRequest) -> Responder.Answer {
    let path = String(request.path.dropFirst("/open-apis/".count))
    let fault = state.withLock { state -> Responder.Answer? in
      state.calls.append(request)
      if let lasting = state.lasting[path] ?? state.lasting["*"] { return lasting }
      guard state.faults[path]?.isEmpty == false else { return nil }
      return state.faults[path]?.removeFirst()
    }
    if path == "im/v1/messages", request.method == "GET" { polls.add() }
    requests.add()
    check.note(contract.problems(withWords: request, path: "/" + path))
    let isDeaf = state.withLock { $0.isDeaf }
    if let fault, !isDeaf { return fault }
    let body = (try? JSONValue.parse(request.body)) ?? .null
    if path == "auth/v3/tenant_access_token/internal" { return token(body) }
    guard request.header("Authorization") == "Bearer " + state.withLock({ $0.token }) else {
      return Self.error(99_991_663)
    }
    let answer = data(request.method, path.split(separator: "/").map(String.init), request.query, body)
    if let after = state.withLock({ $0.afterPage }), path == "im/v1/messages", request.method == "GET" { after(self) }
    if let fault { return fault }
    if let code = answer.int { return Self.error(code) }
    checkAnswer(answer)
    // The one call that is older than `data`.
    let name = path == "bot/v3/info" ? "bot" : "data"
    return .json(JSONValue.object(["code": 0, "msg": "success", name: answer]).serialized())
  }

  private func checkAnswer(_ answer: JSONValue) {
    guard !state.withLock({ $0.isOdd }) else { return }
    if answer["activate_status"] != nil { check.note(contract.problems(withAnswer: answer, "bot")) }
    for scope in answer["scopes"]?.array ?? [] { check.note(contract.problems(withAnswer: scope, "scope")) }
    guard let items = answer["items"]?.array else { return }
    check.note(contract.madeUp(in: answer, "page"))
    for item in items {
      if item["reaction_id"] != nil {
        check.note(contract.problems(withAnswer: item, "reaction"))
        check.note(contract.madeUp(in: item["operator"], "operator"))
      } else if item["msg_type"] != nil {
        check.note(contract.madeUp(in: item, "message"))
        for (member, type) in [("sender", "sender"), ("body", "body")] {
          check.note(contract.madeUp(in: item[member], type))
        }
        for mention in item["mentions"]?.array ?? [] { check.note(contract.madeUp(in: mention, "mention")) }
      } else {
        check.note(contract.problems(withAnswer: item, "chat"))
      }
    }
  }

  private func token(_ body: JSONValue) -> Responder.Answer {
    guard body["app_id"]?.string == Self.app, body["app_secret"]?.string == "lark-secret" else {
      return .json("{\"code\":10014,\"msg\":\"app secret invalid\"}")
    }
    return state.withLock { state in
      state.tokens += 1
      return .json(
        "{\"code\":0,\"msg\":\"ok\",\"tenant_access_token\":\"\(state.token)\",\"expire\":\(state.tokenLife)}")
    }
  }

  private func data(_ method: String, _ path: [String], _ query: [String: String], _ body: JSONValue) -> JSONValue {
    switch (method, path.count, path.last) {
    case ("GET", _, "info"):
      let status = state.withLock { $0.activation }
      return ["activate_status": .integer(status), "app_name": "Greenroom", "open_id": .string(Self.bot)]
    case ("GET", _, "scopes"):
      guard let scopes = state.withLock({ $0.scopes }) else { return 99_991_672 }
      let asked = Set(LarkScope.wanted.flatMap(\.names))
      return [
        "scopes": .array(
          asked.sorted().map { ["scope_name": .string($0), "grant_status": .integer(scopes.contains($0) ? 1 : 2)] })
      ]
    case ("GET", 4, _) where path[0] == "contact": return ["user": ["name": .string("Name of \(path[3])")]]
    case ("GET", 3, "chats"):
      let items = state.withLock { state in
        state.rooms.keys.filter { !$0.hasPrefix("oc_p2p") && state.isMember[$0] ?? true }.sorted()
      }
      return ["items": .array(items.map { ["chat_id": .string($0)] }), "has_more": false, "page_token": ""]
    case ("GET", 4, _) where path[2] == "chats":
      return ["chat_mode": path[3].hasPrefix("oc_p2p") ? "p2p" : "group"]
    case ("GET", 3, "messages"): return list(query)
    case ("POST", 3, "messages"): return write(body, room: body["receive_id"]?.string, parent: nil)
    case ("POST", 5, "reply"): return write(body, room: nil, parent: path[3])
    case ("POST", 5, "reactions"):
      let emoji = body["reaction_type"]?["emoji_type"]?.string ?? ""
      let id = "own-\(emoji)-\(path[3])"
      change(path[3]) { post in
        if !post.reactions.contains(where: { $0.id == id }) { post.reactions.append((id, Self.app, emoji)) }
      }
      return ["reaction_id": .string(id)]
    case ("DELETE", 6, _) where path[4] == "reactions":
      guard post(path[3])?.reactions.contains(where: { $0.id == path[5] && $0.person == Self.app }) == true else {
        return 231_007
      }
      change(path[3]) { $0.reactions.removeAll { $0.id == path[5] } }
      return [:]
    case ("GET", 5, "reactions"):
      let wanted = query["reaction_type"]
      let found = (post(path[3])?.reactions ?? []).filter { wanted == nil || $0.emoji == wanted }
      return [
        "items": .array(
          found.map {
            [
              "reaction_id": .string($0.id),
              "operator": [
                "operator_id": .string($0.person), "operator_type": .string($0.person == Self.app ? "app" : "user"),
              ],
              "action_time": "1795000000000", "reaction_type": ["emoji_type": .string($0.emoji)],
            ]
          }), "has_more": false,
      ]
    case ("GET", 4, _):
      guard let found = post(path[3]) else { return 230_110 }
      return ["items": [.object(found.value)]]
    case ("PUT", 4, _), ("PATCH", 4, _):
      change(path[3]) { $0.value["body"] = ["content": body["content"] ?? .null] }
      return [:]
    case ("DELETE", 4, _):
      recall(path[3])
      return [:]
    default: return 404
    }
  }

  private func post(_ id: String) -> Post? {
    state.withLock { state in state.rooms.values.lazy.flatMap(\.self).first { $0.id == id } }
  }

  private func list(_ query: [String: String]) -> JSONValue {
    state.withLock { state in
      let id = query["container_id"] ?? ""
      guard state.isMember[id] ?? true else { return 230_002 }
      var found: [Post]
      if query["container_id_type"] == "thread" {
        guard query["start_time"] == nil else { return 230_001 }
        found = state.rooms.values.flatMap(\.self).filter { $0.thread == id }
      } else {
        guard let room = state.rooms[id] else { return 230_002 }
        let start = (Int(query["start_time"] ?? "") ?? 0) * 1000
        found = room.filter { !$0.isInside && $0.time >= start }
      }
      if query["sort_type"] == "ByCreateTimeDesc" { found.reverse() }
      let size = min(Int(query["page_size"] ?? "") ?? 20, 50)
      let first = Int(query["page_token"] ?? "") ?? 0
      let end = min(found.count, first + size)
      let hasMore = end < found.count
      return [
        "items": .array(found[min(first, end)..<end].map { .object($0.value) }), "has_more": .bool(hasMore),
        "page_token": .string(hasMore ? String(end) : ""),
      ]
    }
  }

  private func write(_ body: JSONValue, room: String?, parent: String?) -> JSONValue {
    let uuid = body["uuid"]?.string
    let known = state.withLock { state in
      state.rooms.values.lazy.flatMap(\.self).first { $0.uuid != nil && $0.uuid == uuid }
    }
    if let known { return .object(known.value) }
    let answered = parent.flatMap { post($0) }
    if parent != nil, answered == nil || answered?.value["deleted"]?.bool == true { return 230_011 }
    guard let room = room ?? answered?.value["chat_id"]?.string else { return 230_001 }
    guard let content = body["content"]?.string, (try? JSONValue.parse(content)) != nil else { return 230_001 }
    if content.utf8.count > (body["msg_type"] == "text" ? 150 << 10 : 30 << 10) { return 230_025 }
    var more: JSONObject = [:]
    if let parent { more["parent_id"] = .string(parent) }
    let id = post(
      body["msg_type"]?.string ?? "", content, ["id": .string(Self.app), "id_type": "app_id", "sender_type": "app"],
      in: room, thread: answered?.thread, inside: body["reply_in_thread"]?.bool ?? false, with: more, uuid: uuid)
    return ["message_id": .string(id)]
  }
}

struct LarkBench: Sendable {
  let fake: FakeLark
  let http: HTTPClient
  let time = ManualTime()

  static func with(_ body: (LarkBench) async throws -> Void) async throws {
    let bench = LarkBench(fake: try await FakeLark(), http: try HTTPClient())
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(bench))
    } catch {
      result = .failure(error)
    }
    await bench.http.shutdown()
    await bench.fake.stop()
    bench.fake.checkContract()
    try result.get()
  }

  func client(_ change: (inout LarkSettings) -> Void = { _ in }, secret: String = "lark-secret") throws -> LarkChannel {
    var settings = LarkSettings(
      appID: FakeLark.app, appSecret: .environment("SECRET"), api: fake.address, groups: .always)
    change(&settings)
    let time = time
    return try LarkChannel(
      name: "lark", settings: settings,
      secrets: SecretReader(environment: ["SECRET": secret], folder: URL(filePath: "/")), http: http,
      now: { time.now }, sleep: { try await time.sleep($0) })
  }

  func collect(_ channel: LarkChannel, from cursor: inout String?, polls: Int = 3) async throws -> Poll {
    var all = Poll()
    for _ in 0..<polls {
      let poll = try await channel.poll(after: cursor)
      all.messages += poll.messages
      all.unreadable += poll.unreadable
      all.reactions += poll.reactions
      all.redactions += poll.redactions
      cursor = poll.cursor ?? cursor
    }
    return all
  }

  static func reply(
    _ text: String, key: String = "key", thread: String? = nil, to id: String? = nil, attempts: Int = 0,
    replaces: [String] = [], asks: Bool = false, offered: ReplyOffer = ReplyOffer()
  ) -> OutgoingReply {
    OutgoingReply(
      id: 1, conversation: ConversationID(channel: "lark", room: "oc_room", thread: thread), inReplyTo: id, text: text,
      author: "bot", idempotencyKey: key, attempts: attempts, replaces: replaces, asksWhetherHelped: asks,
      replacedOffer: offered)
  }
}
