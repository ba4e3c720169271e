package import JSON
import NIOCore
import NIOPosix
import Synchronization

/// The server's side of the chat webhook protocol (docs/webhook.md), whole and in memory.
///
/// Polls wait for messages; replies are kept by idempotency key; a key that comes again with another body is refused and
/// noted. What it knows outlives any client.
package final class WebhookServer: Sendable {
  private struct State {
    var messages: [JSONValue] = []
    var replies: [AcceptedReply] = []
    var placeByKey: [String: Int] = [:]
    var conflicts: [ConflictingReply] = []
    var parked: [Int: Parked] = [:]
    var lastParked = 0
    var polls = 0
    var waiting: [Int: ReplyWaiter] = [:]
    var lastWaiter = 0
  }

  private struct Parked {
    var after: Int
    var responder: Responder
    var timeout: Scheduled<Void>
  }

  private struct ReplyWaiter {
    var count: Int
    var continuation: CheckedContinuation<Bool, Never>
    var timeout: Scheduled<Void>
  }

  private let state = Mutex(State())
  private let mailbox = Mailbox()
  private let server = Mutex<LoopbackServer?>(nil)
  private let pageSize: Int
  private let isAuthorized: @Sendable (RecordedRequest) -> Bool
  private let fault: @Sendable (RecordedRequest) -> Responder.Answer?

  /// - Parameter pageSize: the most messages that one poll brings.
  /// - Parameter isAuthorized: a request for which it is false gets 401.
  /// - Parameter fault: what a request gets instead of the protocol's answer; nil for most.
  package init(
    pageSize: Int = 100, isAuthorized: @escaping @Sendable (RecordedRequest) -> Bool = { _ in true },
    fault: @escaping @Sendable (RecordedRequest) -> Responder.Answer? = { _ in nil }
  ) {
    self.pageSize = pageSize
    self.isAuthorized = isAuthorized
    self.fault = fault
  }

  /// Listens on a free port.
  /// - Returns: `http://127.0.0.1:<port>`; messages are at `/messages`, replies go to `/replies`.
  package func start() async throws -> String {
    mailbox.handler.withLock {
      $0 = { [weak self] request, responder in
        guard let self else { return responder.answer(.close) }
        self.handle(request, responder)
      }
    }
    let started = try await LoopbackServer { [mailbox] in mailbox.receive($0, $1) }
    server.withLock { $0 = started }
    return started.baseURL
  }

  package func stop() async {
    let started = server.withLock { server in
      defer { server = nil }
      return server
    }
    await started?.stop()
    let waiters = state.withLock { state in
      for parked in state.parked.values { parked.timeout.cancel() }
      state.parked.removeAll()
      defer { state.waiting.removeAll() }
      return Array(state.waiting.values)
    }
    for waiter in waiters {
      waiter.timeout.cancel()
      waiter.continuation.resume(returning: false)
    }
  }

  // MARK: What a test does

  /// Puts messages behind those that are there; polls that wait get them at once.
  package func enqueue(_ messages: [IncomingMessage]) {
    enqueue(messages.map(\.json))
  }

  /// Puts messages of any shape behind those that are there.
  package func enqueue(_ messages: [JSONValue]) {
    let answers = state.withLock { state in
      state.messages += messages
      let parked = state.parked.values
      state.parked.removeAll()
      return parked.map { ($0, page(of: state, after: $0.after)) }
    }
    for (parked, body) in answers {
      parked.timeout.cancel()
      parked.responder.answer(body)
    }
  }

  /// Each reply once, in the order in which it first arrived.
  package func replies() -> [AcceptedReply] { state.withLock { $0.replies } }

  /// Replies whose key had come before with another body.
  package func conflicts() -> [ConflictingReply] { state.withLock { $0.conflicts } }

  /// How many polls have been answered or wait.
  package func pollCount() -> Int { state.withLock { $0.polls } }

  /// Comes back when so many replies have arrived, or when the time is over.
  /// - Returns: whether they have.
  package func waitForReplies(_ count: Int, deadline: Duration) async -> Bool {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        guard state.replies.count < count else { return true }
        state.lastWaiter += 1
        let id = state.lastWaiter
        let timeout = MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: TimeAmount(deadline)) {
          [weak self] () -> Void in
          let waiter = self?.state.withLock { $0.waiting.removeValue(forKey: id) }
          waiter?.continuation.resume(returning: false)
        }
        state.waiting[id] = ReplyWaiter(count: count, continuation: continuation, timeout: timeout)
        return false
      }
      if isThere { continuation.resume(returning: true) }
    }
  }

  // MARK: The protocol

  private func handle(_ request: RecordedRequest, _ responder: Responder) {
    if let fault = fault(request) { return responder.answer(fault) }
    guard isAuthorized(request) else {
      return responder.answer(.json(#"{"error":"not authorized"}"#, status: 401))
    }
    switch (request.method, request.path) {
    case ("GET", "/messages"): poll(request, responder)
    case ("POST", "/replies"): reply(request, responder)
    default: responder.answer(.json(#"{"error":"no such address"}"#, status: 404))
    }
  }

  private func poll(_ request: RecordedRequest, _ responder: Responder) {
    let cursor = request.query["cursor"] ?? "0"
    guard let after = Int(cursor), after >= 0, let wait = Int(request.query["wait"] ?? "0") else {
      return responder.answer(.json(#"{"error":"cursor and wait must be numbers"}"#, status: 400))
    }
    let answer: Responder.Answer? = state.withLock { state in
      state.polls += 1
      if after < state.messages.count || wait <= 0 { return page(of: state, after: after) }
      state.lastParked += 1
      let id = state.lastParked
      let timeout = responder.channel.eventLoop.scheduleTask(in: .seconds(Int64(min(wait, 60)))) {
        [weak self] () -> Void in
        self?.unpark(id)
      }
      state.parked[id] = Parked(after: after, responder: responder, timeout: timeout)
      return nil
    }
    if let answer { responder.answer(answer) }
  }

  private func unpark(_ id: Int) {
    let (parked, answer) = state.withLock { state -> (Parked?, Responder.Answer?) in
      guard let parked = state.parked.removeValue(forKey: id) else { return (nil, nil) }
      return (parked, page(of: state, after: parked.after))
    }
    if let answer { parked?.responder.answer(answer) }
  }

  private func page(of state: State, after: Int) -> Responder.Answer {
    let page = state.messages.dropFirst(after).prefix(pageSize)
    let body: JSONValue = ["messages": .array(Array(page)), "cursor": .string("\(after + page.count)")]
    return .json(body.serialized())
  }

  private func reply(_ request: RecordedRequest, _ responder: Responder) {
    guard let key = request.header("Idempotency-Key"), !key.isEmpty,
      let body = try? JSONValue.parse(request.body), let conversation = body["conversation"]?.string,
      let text = body["text"]?.string
    else { return responder.answer(.json(#"{"error":"a reply needs a key, a conversation and a text"}"#, status: 400)) }
    let reply = AcceptedReply(
      key: key, conversation: conversation, thread: body["thread"]?.string, inReplyTo: body["in_reply_to"]?.string,
      text: text, author: body["author"]?.string)
    let (status, id, ready) = state.withLock { state -> (Int, Int, [ReplyWaiter]) in
      if let place = state.placeByKey[key] {
        guard state.replies[place].isSame(as: reply) else {
          state.conflicts.append(ConflictingReply(accepted: state.replies[place], refused: reply))
          return (422, place, [])
        }
        state.replies[place].deliveries += 1
        return (200, place, [])
      }
      state.placeByKey[key] = state.replies.count
      state.replies.append(reply)
      let count = state.replies.count
      let ready = state.waiting.filter { $0.value.count <= count }
      for id in ready.keys { state.waiting[id] = nil }
      return (201, count - 1, Array(ready.values))
    }
    responder.answer(.json(#"{"id":"\#(id)"}"#, status: status))
    for waiter in ready {
      waiter.timeout.cancel()
      waiter.continuation.resume(returning: true)
    }
  }
}
