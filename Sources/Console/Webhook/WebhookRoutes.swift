import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import ServiceLifecycle
import Sodium
import Support

/// The server side of the chat webhook protocol (docs/webhook.md), over what the chat page keeps.
struct WebhookRoutes: Sendable {
  let configuration: ConsoleConfiguration
  let store: any ChatRoomStore
  let room: ChatRoom
  let now: @Sendable () -> Date

  private static let longestKey = 200

  func add(to router: Router<ConsoleContext>) {
    router.get("/chat/webhook/messages", use: poll)
    router.post("/chat/webhook/replies", use: reply)
  }

  @Sendable private func poll(_ request: Request, _ context: ConsoleContext) async throws -> Response {
    try authenticate(request)
    guard let after = Self.wholeNumber(request.query("cursor") ?? "0") else {
      throw Problem(.badRequest, "bad-cursor", "'cursor' must be one that an earlier poll gave, or be left out.")
    }
    guard let wait = Self.wholeNumber(request.query("wait") ?? "0") else {
      throw Problem(.badRequest, "bad-wait", "'wait' must be a whole number of seconds, 0 to 60.")
    }
    let longest = Int(configuration.limits.longestWait.components.seconds)
    var lines = try await store.typed(after: after, limit: configuration.limits.messagesPerPoll)
    let waits = lines.isEmpty && wait > 0
    if waits {
      lines = try await typed(after: after, within: min(wait, longest), request: request, context: context)
    }
    var response = Response.json([
      "messages": .array(lines.compactMap(\.webhookJSON)), "cursor": .string("\(lines.last?.id ?? after)"),
    ])
    // Noticing that a waiting poller leaves takes its connection's input; it cannot carry another request.
    if waits { response.headers[.connection] = "close" }
    return response
  }

  /// Waits until something is typed, the time is over, the poller leaves or the server shuts down.
  private func typed(
    after: Int, within seconds: Int, request: Request, context: ConsoleContext
  ) async throws -> [ChatLine] {
    try await room.listening(to: .typed) { bell in
      try await request.body.consumeWithInboundCloseHandler { _ in
        try await withGracefulShutdownHandler {
          let deadline = NIODeadline.now() + .seconds(Int64(seconds))
          let alarm = context.channel.eventLoop.scheduleTask(deadline: deadline) { bell.ring() }
          defer { alarm.cancel() }
          var rings = bell.rings.makeAsyncIterator()
          repeat {
            let lines = try await store.typed(after: after, limit: configuration.limits.messagesPerPoll)
            if !lines.isEmpty || NIODeadline.now() >= deadline { return lines }
          } while await rings.next() != nil
          return []
        } onGracefulShutdown: {
          bell.silence()
        }
      } onInboundClosed: {
        bell.silence()
      }
    }
  }

  @Sendable private func reply(_ request: Request, _ context: ConsoleContext) async throws -> Response {
    try authenticate(request)
    let key = HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] } ?? ""
    guard !key.isEmpty, key.utf8.count <= Self.longestKey else {
      throw Problem(
        .badRequest, "bad-idempotency-key",
        "The header Idempotency-Key must be there, with 1 to \(Self.longestKey) characters.")
    }
    let fields = try await request.jsonObject(upTo: configuration.limits.replyBodyBytes)
    let reply = ChatReply(
      conversation: try fields.requiredText("conversation"), inReplyTo: try fields.text("in_reply_to"),
      author: try fields.text("author").flatMap { $0.isEmpty ? nil : $0 } ?? ChatLine.automated,
      text: try fields.requiredText("text"))
    guard try await !store.lines(of: reply.conversation, after: 0, limit: 1).isEmpty else {
      throw Problem(.notFound, "no-such-conversation", "There is no conversation with this id.")
    }
    let repliedAt = now().wholeMilliseconds
    let line = try await store.reply(reply, idempotencyKey: key, at: repliedAt)
    guard line.says(reply) else {
      throw Problem(
        .unprocessableContent, "key-reused", "This Idempotency-Key was used for another reply, which stays as it is.")
    }
    await room.ring(.conversation(line.conversation))
    return .json(["id": .string("\(line.id)")], status: line.isNew(asOf: repliedAt) ? .created : .ok)
  }

  private func authenticate(_ request: Request) throws {
    let expected = configuration.webhookToken
    let header = request.headers[.authorization] ?? ""
    let scheme = header.prefix(7)
    guard !expected.isEmpty, scheme.lowercased() == "bearer ",
      constantTimeEqual(Array(header.dropFirst(7).utf8), Array(expected.utf8))
    else {
      throw Problem(.unauthorized, "unauthorized", "Send the webhook's token: Authorization: Bearer <token>.")
    }
  }

  private static func wholeNumber(_ text: String) -> Int? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}

extension ChatLine {
  /// Whether this line is that reply, and not another that used its key before.
  fileprivate func says(_ reply: ChatReply) -> Bool {
    author == .desk(reply.author) && conversation == reply.conversation && text == reply.text
      && inReplyTo == reply.inReplyTo
  }
}
