import Foundation
import HTTP
import JSON
import Support
import Synchronization
import TestSupport

@testable import Channels

/// A Slack workspace in memory, in the shapes of the Web API: newest first, pages, threads apart, errors by name.
final class FakeSlack: Sendable {
  struct Post {
    var ts: String
    var time: SlackTime
    var value: JSONObject
    var thread: String?
  }

  struct State {
    var rooms: [String: [Post]] = ["C0GENERAL": []]
    var isMember: [String: Bool] = [:]
    var clock = 1_795_000_000
    var micros = 0
    /// What a method answers instead, in order; kept while `isLasting`.
    var faults: [String: [Responder.Answer]] = [:]
    var lasting: [String: Responder.Answer] = [:]
    var calls: [RecordedRequest] = []
    var pageLimit = 100
    var isDeaf = false
    /// What the header says that the token may do; none where Slack does not say.
    var scopes: String? = SlackScope.wanted.map(\.name).joined(separator: ",")
    var tokenIsBots = true
    var namesLatestReply = true
    /// Something that happens just after a page has been served.
    var afterPage: (@Sendable (FakeSlack) -> Void)?
  }

  static let room = "C0GENERAL"
  static let bot = "U0BOT"
  static let botID = "B0BOT"

  let state = Mutex(State())
  private let server: LoopbackServer
  let polls = Tally()
  let requests = Tally()
  private let contract: VendorContract
  private let check = ContractCheck()

  init() async throws {
    contract = try VendorContract.slack.get()
    let box = Box()
    server = try await LoopbackServer { request, responder in
      guard let fake = box.fake.withLock({ $0 }) else { return responder.answer(.close) }
      responder.answer(fake.answer(request))
    }
    box.fake.withLock { $0 = self }
  }

  private final class Box: Sendable {
    let fake = Mutex<FakeSlack?>(nil)
  }

  var address: String { server.baseURL + "/api" }
  func stop() async { await server.stop() }

  /// That all requests so far, and what was answered, are as Slack describes them.
  func checkContract() { check.expectNone() }

  func calls(_ method: String) -> [RecordedRequest] {
    state.withLock { $0.calls.filter { $0.path == "/api/" + method } }
  }

  // MARK: What people do

  @discardableResult func say(
    _ text: String, by user: String = "U0ANNA", in room: String = room, thread: String? = nil,
    with more: JSONObject = [:]
  ) -> String {
    state.withLock { state in
      state.micros += 1
      if state.micros % 50 == 0 { state.clock += 1 }
      var value: JSONObject = ["type": "message", "user": .string(user), "text": .string(text)]
      for (key, item) in more { value[key] = item }
      let ts = "\(state.clock).\(String(1_000_000 + state.micros).dropFirst())"
      state.rooms[room, default: []].append(Post(ts: ts, time: SlackTime(ts) ?? .zero, value: value, thread: thread))
      return ts
    }
  }

  func change(_ ts: String, in room: String = room, _ body: (inout JSONObject) -> Void) {
    state.withLock { state in
      guard let place = state.rooms[room]?.firstIndex(where: { $0.ts == ts }) else { return }
      if var post = state.rooms[room]?[place] {
        body(&post.value)
        state.rooms[room]?[place] = post
      }
    }
  }

  func edit(_ ts: String, to text: String, in room: String = room) {
    let at = state.withLock { state in
      state.micros += 1
      return "\(state.clock).\(String(1_000_000 + state.micros).dropFirst())"
    }
    change(ts, in: room) {
      $0["text"] = .string(text)
      $0["edited"] = ["user": $0["user"] ?? "U0ANNA", "ts": .string(at)]
    }
  }

  func delete(_ ts: String, in room: String = room) {
    state.withLock { $0.rooms[room]?.removeAll { $0.ts == ts } }
  }

  func react(_ name: String, to ts: String, by user: String = "U0ANNA", in room: String = room) {
    change(ts, in: room) { value in
      var list = value["reactions"]?.array ?? []
      if let place = list.firstIndex(where: { $0["name"]?.string == name }) {
        let users = (list[place]["users"]?.array ?? []) + [.string(user)]
        list[place] = ["name": .string(name), "users": .array(users), "count": .integer(users.count)]
      } else {
        list.append(["name": .string(name), "users": [.string(user)], "count": 1])
      }
      value["reactions"] = .array(list)
    }
  }

  /// - Returns: false where the bot has not reacted so.
  private func withdraw(_ name: String, from ts: String, in room: String) -> Bool {
    var isThere = false
    change(ts, in: room) { value in
      var list = value["reactions"]?.array ?? []
      guard let place = list.firstIndex(where: { $0["name"]?.string == name }),
        list[place]["users"]?.array?.contains(.string(Self.bot)) == true
      else { return }
      isThere = true
      let users = (list[place]["users"]?.array ?? []).filter { $0 != .string(Self.bot) }
      list[place] = ["name": .string(name), "users": .array(users), "count": .integer(users.count)]
      if users.isEmpty { list.remove(at: place) }
      value["reactions"] = .array(list)
    }
    return isThere
  }

  func takeBackReactions(of ts: String, in room: String = room) { change(ts, in: room) { $0["reactions"] = nil } }

  func fail(_ method: String, _ answers: Responder.Answer...) {
    state.withLock { $0.faults[method, default: []] += answers }
  }
  func failAlways(_ answer: Responder.Answer, _ methods: [String]) {
    state.withLock { state in for method in methods { state.lasting[method] = answer } }
  }
  func recover() {
    state.withLock {
      $0.faults = [:]
      $0.lasting = [:]
      $0.isDeaf = false
    }
  }

  static func error(_ name: String) -> Responder.Answer { .json("{\"ok\":false,\"error\":\"\(name)\"}") }

  /// What the bot has written, in order.
  func shown(in room: String = room) -> [JSONObject] {
    state.withLock { state in
      (state.rooms[room] ?? []).filter { $0.value["user"]?.string == Self.bot }.map { post in
        var value = post.value
        value["ts"] = .string(post.ts)
        if let thread = post.thread { value["thread_ts"] = .string(thread) }
        return value
      }
    }
  }

  // MARK: The API

  private func answer(_ request: RecordedRequest) -> Responder.Answer {
    let method = String(request.path.dropFirst("/api/".count))
    let fault = state.withLock { state -> Responder.Answer? in
      state.calls.append(request)
      if let lasting = state.lasting[method] ?? state.lasting["*"] { return lasting }
      guard state.faults[method]?.isEmpty == false else { return nil }
      return state.faults[method]?.removeFirst()
    }
    if method == "conversations.history" { polls.add() }
    requests.add()
    check.note(contract.problems(withWords: request, path: String(request.path.dropFirst("/api".count))))
    let isDeaf = state.withLock { $0.isDeaf }
    if let fault, !isDeaf { return fault }
    guard request.header("Authorization") == "Bearer xoxb-secret" else { return Self.error("invalid_auth") }
    let query = request.query
    let body = (try? JSONValue.parse(request.body)) ?? .null
    let answer: JSONValue
    switch method {
    case "auth.test": answer = identity()
    case "users.info":
      answer = [
        "ok": true,
        "user": ["name": "name", "profile": ["display_name": .string("Name of \(query["user"] ?? "")")]],
      ]
    case "users.conversations": answer = list(query)
    case "conversations.history": answer = history(query)
    case "conversations.replies": answer = replies(query)
    case "chat.postMessage": answer = post(body)
    case "chat.update": answer = update(body)
    case "chat.delete":
      delete(body["ts"]?.string ?? "", in: body["channel"]?.string ?? "")
      answer = ["ok": true, "channel": body["channel"] ?? .null, "ts": body["ts"] ?? .null]
    case "reactions.add":
      react(
        body["name"]?.string ?? "", to: body["timestamp"]?.string ?? "", by: Self.bot, in: body["channel"]?.string ?? ""
      )
      answer = ["ok": true]
    case "reactions.remove":
      let isThere = withdraw(
        body["name"]?.string ?? "", from: body["timestamp"]?.string ?? "", in: body["channel"]?.string ?? "")
      answer = isThere ? ["ok": true] : ["ok": false, "error": "no_reaction"]
    default: answer = ["ok": false, "error": "unknown_method"]
    }
    if method == "conversations.history", let after = state.withLock({ $0.afterPage }) { after(self) }
    // Done, and nobody hears of it.
    if let fault { return fault }
    if answer["ok"] == true { checkAnswer(answer, method) }
    var headers: [(String, String)] = []
    if let scopes = state.withLock({ $0.scopes }) { headers.append(("x-oauth-scopes", scopes)) }
    return .json(answer.serialized(), headers: headers)
  }

  private func checkAnswer(_ answer: JSONValue, _ method: String) {
    check.note(contract.problems(withAnswer: answer, method))
    for message in (answer["messages"]?.array ?? []) + [answer["message"] ?? .null] {
      check.note(contract.madeUp(in: message, "message"))
      for reaction in message["reactions"]?.array ?? [] { check.note(contract.madeUp(in: reaction, "reaction")) }
    }
  }

  private func identity() -> JSONValue {
    var answer: JSONObject = [
      "ok": true, "url": "https://north.slack.com/", "team": "North", "team_id": "T0NORTH", "user": "greenroom",
      "user_id": .string(Self.bot),
    ]
    if state.withLock({ $0.tokenIsBots }) { answer["bot_id"] = .string(Self.botID) }
    return .object(answer)
  }

  private func list(_ query: [String: String]) -> JSONValue {
    let types = (query["types"] ?? "").split(separator: ",").map(String.init)
    let scopes = state.withLock { $0.scopes.map(SlackScope.names) }
    if let scopes,
      let lacking = SlackScope.rooms.first(where: { types.contains($0.type) && !scopes.contains($0.scope + ":read") })
    {
      return ["ok": false, "error": "missing_scope", "needed": .string(lacking.scope + ":read"), "provided": ""]
    }
    let rooms = state.withLock { state in
      state.rooms.keys.sorted().filter {
        state.isMember[$0] ?? true && types.contains($0.hasPrefix("D") ? "im" : "public_channel")
      }.map { id -> JSONValue in
        id.hasPrefix("D")
          ? ["id": .string(id), "is_im": true, "user": "U0ANNA"] : ["id": .string(id), "is_channel": true]
      }
    }
    return ["ok": true, "channels": .array(rooms), "response_metadata": ["next_cursor": ""]]
  }

  private func json(_ post: Post, _ all: [Post], hasThreads: Bool, namesLatest: Bool) -> JSONValue {
    var value = post.value
    value["ts"] = .string(post.ts)
    if let thread = post.thread { value["thread_ts"] = .string(thread) }
    let answers = hasThreads ? all.filter { $0.thread == post.ts } : []
    if let last = answers.last {
      value["thread_ts"] = .string(post.ts)
      value["reply_count"] = .integer(answers.count)
      if namesLatest { value["latest_reply"] = .string(last.ts) }
      value["reply_users"] = .array(Set(answers.compactMap { $0.value["user"]?.string }).sorted().map { .string($0) })
    }
    return .object(value)
  }

  private func history(_ query: [String: String]) -> JSONValue {
    state.withLock { state in
      guard let all = state.rooms[query["channel"] ?? ""] else { return ["ok": false, "error": "channel_not_found"] }
      guard state.isMember[query["channel"] ?? ""] ?? true else { return ["ok": false, "error": "not_in_channel"] }
      let oldest = SlackTime(query["oldest"]) ?? .zero
      let latest = SlackTime(query["latest"]) ?? SlackTime("999999999999") ?? .zero
      let isInclusive = query["inclusive"] == "true"
      let found = all.filter { post in
        guard post.thread == nil || post.value["subtype"] == "thread_broadcast" else { return false }
        return isInclusive
          ? post.time >= oldest && post.time <= latest : post.time > oldest && post.time < latest
      }.reversed()
      return page(Array(found), all, query, state)
    }
  }

  private func replies(_ query: [String: String]) -> JSONValue {
    state.withLock { state in
      let all = state.rooms[query["channel"] ?? ""] ?? []
      guard let root = all.first(where: { $0.ts == query["ts"] }) else {
        return ["ok": false, "error": "thread_not_found"]
      }
      let oldest = SlackTime(query["oldest"]) ?? .zero
      let found = all.filter { $0.thread == root.ts && $0.time > oldest }
      return page([root] + found, all, query, state)
    }
  }

  private func page(_ found: [Post], _ all: [Post], _ query: [String: String], _ state: State) -> JSONValue {
    let limit = min(Int(query["limit"] ?? "") ?? 100, state.pageLimit)
    let start = Int(query["cursor"] ?? "") ?? 0
    let end = min(found.count, start + limit)
    let hasMore = end < found.count
    let hasThreads = all.contains { $0.thread != nil }
    return [
      "ok": true,
      "messages": .array(
        found[min(start, end)..<end].map {
          json($0, all, hasThreads: hasThreads, namesLatest: state.namesLatestReply)
        }),
      "has_more": .bool(hasMore),
      "response_metadata": ["next_cursor": .string(hasMore ? String(end) : "")],
    ]
  }

  private func post(_ body: JSONValue) -> JSONValue {
    let room = body["channel"]?.string ?? ""
    guard state.withLock({ $0.rooms[room] != nil }) else { return ["ok": false, "error": "channel_not_found"] }
    guard (body["text"]?.string ?? "").count <= 40_000 else { return ["ok": false, "error": "msg_too_long"] }
    for block in body["blocks"]?.array ?? [] {
      guard (block["text"]?["text"]?.string ?? "").count <= 3_000 else {
        return ["ok": false, "error": "invalid_blocks"]
      }
    }
    var more: JSONObject = ["bot_id": .string(Self.botID)]
    for key in ["metadata", "blocks"] { more[key] = body[key] }
    let ts = say(
      body["text"]?.string ?? "", by: Self.bot, in: room, thread: body["thread_ts"]?.string, with: more)
    return [
      "ok": true, "channel": .string(room), "ts": .string(ts),
      "message": ["type": "message", "text": body["text"] ?? "", "ts": .string(ts)],
    ]
  }

  private func update(_ body: JSONValue) -> JSONValue {
    let isThere = state.withLock { state in
      state.rooms[body["channel"]?.string ?? ""]?.contains { $0.ts == body["ts"]?.string } ?? false
    }
    guard isThere else { return ["ok": false, "error": "message_not_found"] }
    change(body["ts"]?.string ?? "", in: body["channel"]?.string ?? "") {
      $0["text"] = body["text"]
      $0["blocks"] = body["blocks"]
      $0["metadata"] = body["metadata"]
    }
    return ["ok": true, "channel": body["channel"] ?? .null, "ts": body["ts"] ?? .null, "text": body["text"] ?? ""]
  }
}

/// A server, clients of it, and the place where they go on.
struct SlackBench: Sendable {
  let fake: FakeSlack
  let http: HTTPClient
  let time = ManualTime()

  static func with(_ body: (SlackBench) async throws -> Void) async throws {
    let bench = SlackBench(fake: try await FakeSlack(), http: try HTTPClient())
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

  /// A client as a new start of the program makes it.
  func client(_ change: (inout SlackSettings) -> Void = { _ in }, token: String = "xoxb-secret") throws -> SlackChannel
  {
    var settings = SlackSettings(token: .environment("TOKEN"), api: fake.address, groups: .always)
    change(&settings)
    let time = time
    return try SlackChannel(
      name: "slack", settings: settings,
      secrets: SecretReader(environment: ["TOKEN": token], folder: URL(filePath: "/")), http: http,
      now: { time.now }, sleep: { try await time.sleep($0) })
  }

  /// Polls until nothing comes any more, each time with a new process where that is asked for.
  func collect(
    _ channel: SlackChannel, from cursor: inout String?, polls: Int = 12
  ) async throws -> [Message] {
    var messages: [Message] = []
    for _ in 0..<polls {
      let poll = try await channel.poll(after: cursor)
      messages += poll.messages
      cursor = poll.cursor ?? cursor
    }
    return messages
  }

  static func reply(
    _ text: String, key: String = "key", thread: String? = nil, to id: String? = nil, attempts: Int = 0,
    replaces: [String] = [], choices: [String] = [], asks: Bool = false,
    offered: ReplyOffer = ReplyOffer(), in room: String = FakeSlack.room
  ) -> OutgoingReply {
    OutgoingReply(
      id: 1, conversation: ConversationID(channel: "slack", room: room, thread: thread), inReplyTo: id, text: text,
      author: "bot", idempotencyKey: key, attempts: attempts, replaces: replaces, choices: choices,
      asksWhetherHelped: asks, replacedOffer: offered)
  }
}
