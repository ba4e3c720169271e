import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// The Bot API in memory, as far as a bot needs it: updates that are gone once they are confirmed, polls that wait, texts
/// that are refused where they are too long or their marks are not right. It answers wrongly when a test says so, and holds
/// every request against the published description of the API.
final class FakeTelegram: Sendable {
  struct State {
    var updates: [JSONValue] = []
    var nextUpdate = 100
    var nextMessage = 1
    var requests: [RecordedRequest] = []
    var faults: [(method: String, answer: Responder.Answer)] = []
    var waiting: [(offset: Int, responder: Responder)] = []
    /// What the bot shows, by number, in order.
    var shown: [(id: Int, body: JSONObject)] = []
    /// What `getChatMember` says of the bot.
    var members: [Int: JSONValue] = [:]
    var violations: [String] = []
    /// How many more texts are answered; those after them are taken or not, and nobody hears of it.
    var cut: (left: Int, arrives: Bool)?
  }

  static let token = "7654321:AAE-secret_SECRET-0123456789abcdef"
  static let bot = 7_654_321
  static let group = -1_001_234_567_890
  private let state = Mutex(State())
  private let server: LoopbackServer
  private let fault: @Sendable (RecordedRequest) -> Responder.Answer?
  private let contract: VendorContract
  let polls = Tally()
  /// Texts that were cut off.
  let stuck = Tally()

  init(fault: @escaping @Sendable (RecordedRequest) -> Responder.Answer? = { _ in nil }) async throws {
    self.fault = fault
    contract = try VendorContract.telegram.get()
    let box = RequestBox()
    server = try await LoopbackServer { request, responder in box.handle(request, responder) }
    box.set { [weak self] in self?.receive($0, $1) ?? $1.answer(.close) }
  }

  var baseURL: String { server.baseURL }
  /// After the other end has closed its connections: until all that it sent has been dealt with.
  func hearOut() async throws { try await server.allClosed() }
  func stop() async {
    await server.stop()
    let violations = state.withLock { state in
      defer { state.violations = [] }
      return state.violations
    }
    for violation in Set(violations).sorted() { Issue.record("against the Bot API: \(violation)") }
  }
  func setMember(of chat: Int, _ member: JSONValue) { state.withLock { $0.members[chat] = member } }
  var requests: [RecordedRequest] { state.withLock { $0.requests } }
  var shown: [JSONObject] { state.withLock { $0.shown.map(\.body) } }
  /// The numbers of what is shown.
  var shownIDs: [Int] { state.withLock { $0.shown.map(\.id) } }
  /// The bodies of the calls of a method.
  func calls(_ method: String) -> [JSONValue] {
    requests.filter { $0.path.hasSuffix("/\(method)") }.compactMap { try? JSONValue.parse($0.body) }
  }

  /// The next calls of the method get this answer.
  func fail(_ method: String, _ answer: Responder.Answer, times: Int = 1) {
    state.withLock { state in for _ in 0..<times { state.faults.append((method, answer)) } }
  }

  /// After so many more texts the line is dead: what is sent then arrives or does not, and no answer comes.
  func cutOff(after texts: Int, arrives: Bool) { state.withLock { $0.cut = (texts, arrives) } }
  func restore() { state.withLock { $0.cut = nil } }

  static func refuse(_ status: Int, _ description: String, _ parameters: JSONObject = [:]) -> Responder.Answer {
    var body: JSONObject = ["ok": false, "error_code": .integer(status), "description": .string(description)]
    if !parameters.isEmpty { body["parameters"] = .object(parameters) }
    return .json(JSONValue.object(body).serialized(), status: status)
  }

  // MARK: What people do

  static func user(_ id: Int = 42, _ name: String = "Anna", isBot: Bool = false) -> JSONValue {
    ["id": .integer(id), "is_bot": .bool(isBot), "first_name": .string(name)]
  }

  static func chat(_ id: Int) -> JSONValue {
    ["id": .integer(id), "type": id > 0 ? "private" : "supergroup", "title": "Room"]
  }

  /// - Returns: the message's id as the channel names it.
  @discardableResult
  func say(
    _ text: String?, by user: JSONValue = FakeTelegram.user(), in chat: Int = FakeTelegram.group,
    kind: String = "message",
    also fields: JSONObject = [:]
  ) -> String {
    let number = state.withLock { state in
      state.nextMessage += 1
      return state.nextMessage
    }
    var message: JSONObject = [
      "message_id": .integer(number), "from": user, "chat": Self.chat(chat), "date": 1_795_000_000,
    ]
    if let text { message["text"] = .string(text) }
    for field in fields { message[field.key] = field.value }
    put([kind: .object(message)])
    return "\(chat):\(message["message_id"]?.int ?? number)"
  }

  /// Any update; it gets a number where it has none.
  @discardableResult
  func put(_ update: JSONObject) -> Int {
    let (id, ready, page) = state.withLock { state -> (Int, [Responder], [JSONValue]) in
      let id = state.nextUpdate
      state.nextUpdate += 1
      var numbered: JSONObject = ["update_id": .integer(id)]
      for field in update { numbered[field.key] = field.value }
      state.updates.append(.object(numbered))
      let ready = state.waiting.map(\.responder)
      state.waiting = []
      return (id, ready, state.updates)
    }
    for responder in ready { responder.answer(Self.ok(.array(page))) }
    return id
  }

  static func ok(_ result: JSONValue) -> Responder.Answer {
    .json(JSONValue.object(["ok": true, "result": result]).serialized())
  }

  // MARK: The protocol

  private func receive(_ request: RecordedRequest, _ responder: Responder) {
    let method = request.path.split(separator: "/").last.map(String.init) ?? ""
    let path = String(request.path.dropFirst("/bot\(Self.token)".count))
    let violations = contract.problems(with: request, path: path)
    if !violations.isEmpty { state.withLock { $0.violations += violations } }
    let fault = state.withLock { state -> Responder.Answer? in
      state.requests.append(request)
      guard let place = state.faults.firstIndex(where: { $0.method == method }) else { return nil }
      return state.faults.remove(at: place).answer
    }
    if method == "getUpdates" { polls.add() }
    if let answer = fault ?? self.fault(request) { return responder.answer(answer) }
    guard request.path == "/bot\(Self.token)/\(method)", let body = (try? JSONValue.parse(request.body))?.object else {
      return responder.answer(Self.refuse(404, "Not Found"))
    }
    switch method {
    case "getMe":
      responder.answer(
        Self.ok([
          "id": .integer(Self.bot), "is_bot": true, "first_name": "Green", "username": "GreenRoomBot",
          "can_join_groups": true, "can_read_all_group_messages": true, "supports_inline_queries": false,
        ]))
    case "getWebhookInfo":
      responder.answer(Self.ok(["url": "", "has_custom_certificate": false, "pending_update_count": 0]))
    case "getUpdates": poll(body, responder)
    case "sendMessage": send(body, responder)
    case "editMessageText": edit(body, responder)
    case "deleteMessage":
      state.withLock { state in state.shown.removeAll { $0.id == body["message_id"]?.int } }
      responder.answer(Self.ok(true))
    case "getChatMember":
      let member = state.withLock { $0.members[body["chat_id"]?.int ?? 0] }
      responder.answer(member.map(Self.ok) ?? Self.refuse(400, "Bad Request: chat not found"))
    case "answerCallbackQuery", "sendChatAction": responder.answer(Self.ok(true))
    default: responder.answer(Self.refuse(404, "Not Found"))
    }
  }

  private func poll(_ body: JSONObject, _ responder: Responder) {
    let answer = state.withLock { state -> Responder.Answer? in
      if let offset = body["offset"]?.int { state.updates.removeAll { $0["update_id"]?.int ?? 0 < offset } }
      let page = Array(state.updates.prefix(body["limit"]?.int ?? 100))
      guard page.isEmpty, body["timeout"]?.int ?? 0 > 0 else { return Self.ok(.array(page)) }
      state.waiting.append((body["offset"]?.int ?? 0, responder))
      return nil
    }
    if let answer { responder.answer(answer) }
  }

  private func send(_ body: JSONObject, _ responder: Responder) {
    if let problem = Self.problem(body) { return responder.answer(Self.refuse(400, problem)) }
    let arrives = state.withLock { state -> Bool? in
      guard let cut = state.cut else { return nil }
      state.cut?.left -= 1
      return cut.left > 0 ? nil : cut.arrives
    }
    defer { if arrives != nil { stuck.add() } }
    if arrives == false { return responder.answer(.hang) }
    let id = state.withLock { state in
      state.nextMessage += 1
      state.shown.append((state.nextMessage, body))
      return state.nextMessage
    }
    if arrives == true { return responder.answer(.hang) }
    responder.answer(
      Self.ok(["message_id": .integer(id), "chat": ["id": body["chat_id"] ?? .null], "date": 1_795_000_000]))
  }

  private func edit(_ body: JSONObject, _ responder: Responder) {
    if let problem = Self.problem(body) { return responder.answer(Self.refuse(400, problem)) }
    let answer = state.withLock { state -> Responder.Answer in
      guard let place = state.shown.firstIndex(where: { $0.id == body["message_id"]?.int }) else {
        return Self.refuse(400, "Bad Request: message to edit not found")
      }
      // A keyboard that is not named goes.
      let isSame = ["text", "reply_markup"].allSatisfy { state.shown[place].body[$0] == body[$0] }
      guard !isSame else {
        return Self.refuse(
          400, "Bad Request: message is not modified: specified new message content is exactly the same")
      }
      state.shown[place].body["reply_markup"] = nil
      for field in body { state.shown[place].body[field.key] = field.value }
      return Self.ok(["message_id": body["message_id"] ?? .null])
    }
    responder.answer(answer)
  }

  /// What the server has against a text.
  static func problem(_ body: JSONObject) -> String? {
    guard let text = body["text"]?.string else { return "Bad Request: message text is empty" }
    guard let shown = body["parse_mode"] == "HTML" ? words(of: text) : text else {
      return "Bad Request: can't parse entities: Unsupported start tag"
    }
    guard shown.contains(where: { !$0.isWhitespace }) else { return "Bad Request: text must be non-empty" }
    return shown.utf16.count > 4096 ? "Bad Request: message is too long" : nil
  }

  /// The text of Telegram's HTML; nil where it is none.
  static func words(of html: String) -> String? {
    var words = ""
    var open: [Substring] = []
    var rest = html[...]
    while let next = rest.first {
      if next == "<" {
        guard let end = rest.firstIndex(of: ">") else { return nil }
        let tag = rest[rest.index(after: rest.startIndex)..<end]
        if tag.hasPrefix("/") {
          guard open.popLast() == tag.dropFirst() else { return nil }
        } else {
          let name = tag.prefix { $0 != " " }
          guard ["b", "i", "s", "code", "pre", "blockquote", "a"].contains(name) else { return nil }
          open.append(name)
        }
        rest = rest[rest.index(after: end)...]
      } else if next == "&" {
        let known = [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\"")]
        guard let (entity, character) = known.first(where: { rest.hasPrefix($0.0) }) else { return nil }
        words += character
        rest = rest.dropFirst(entity.count)
      } else {
        words.append(next)
        rest = rest.dropFirst()
      }
    }
    return open.isEmpty ? words : nil
  }
}
