import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Sodium
import Support

/// The chat page and what it asks for.
struct ChatRoutes: Sendable {
  let configuration: ConsoleConfiguration
  let pages: Pages
  let store: any ChatRoomStore
  let room: ChatRoom
  let rate: SendingRate
  let now: @Sendable () -> Date

  private var cookies: ChatCookies { ChatCookies(secure: configuration.cookiesAreSecure) }

  func add(to router: Router<ConsoleContext>) {
    router.get("/chat", use: page)
    router.post("/chat/session", use: introduce)
    router.post("/chat/messages", use: send)
    router.get("/chat/events", use: events)
    router.post("/chat/new", use: startOver)
    for asset in Asset.all {
      router.get(RouterPath(asset.path)) { request, context in
        try await request.ifNoneMatch(headers: asset.headers, eTag: asset.tag, context: context) { asset.response }
      }
    }
  }

  @Sendable private func page(_ request: Request, _ context: ConsoleContext) throws -> Response {
    let token = cookies.token(in: request) ?? ChatToken()
    let member = cookies.member(in: request)
    var response = Response.html(
      pages.chat(
        Pages.Chat(
          workspace: configuration.workspaceName(), token: token, member: member, regions: configuration.regions(),
          limit: configuration.limits.messageCharacters)))
    // Every visit makes the cookies last anew.
    cookies.set(token, on: &response)
    if let member { cookies.set(member, on: &response) }
    return response
  }

  @Sendable private func introduce(_ request: Request, _ context: ConsoleContext) async throws -> Response {
    _ = try owner(of: request)
    let fields = try await request.jsonObject(upTo: configuration.limits.pageBodyBytes)
    let member = try ChatMember(fields)
    var response = Response.json(["member": member.json])
    cookies.set(member, on: &response)
    return response
  }

  @Sendable private func send(_ request: Request, _ context: ConsoleContext) async throws -> Response {
    let token = try owner(of: request)
    let fields = try await request.jsonObject(upTo: configuration.limits.pageBodyBytes)
    guard let member = cookies.member(in: request) else {
      throw Problem(.conflict, "unknown-member", "Please tell us who you are first.")
    }
    let clientID = try fields.requiredText("client_id")
    guard Self.isClientID(clientID) else {
      throw Problem(
        .unprocessableContent, "bad-client-id", "'client_id' must be 8 to 64 letters, digits, '-' or '_'.")
    }
    let text = ChatText.cleaned(try fields.requiredText("text"))
    guard !text.trimmingSpaces().isEmpty else {
      throw Problem(.unprocessableContent, "missing", "'text' has nothing that can be read.")
    }
    guard text.count <= configuration.limits.messageCharacters else {
      throw Problem(
        .unprocessableContent, "text-too-long",
        "The message is longer than \(configuration.limits.messageCharacters) characters. Please send it in parts.")
    }
    let sentAt = now().wholeMilliseconds
    if let wait = await rate.take(from: token.conversation, at: sentAt) {
      throw Problem(
        .tooManyRequests, "too-fast", "That was a lot of messages at once. Please wait a moment, then go on.",
        retryAfter: max(1, Int(wait.rounded(.up))))
    }
    let draft = ChatDraft(
      conversation: token.conversation, sender: Sender(id: token.memberID, name: member.name), agency: member.network,
      text: text, language: member.language, region: member.region)
    // With the conversation in it, nobody reaches another's line by guessing its client id.
    let line = try await store.post(draft, clientID: "\(token.conversation)/\(clientID)", at: sentAt)
    await room.ring(.typed)
    await room.ring(.conversation(line.conversation))
    return .json(
      ["id": .integer(line.id), "at": .string(line.at.rfc3339)], status: line.isNew(asOf: sentAt) ? .created : .ok)
  }

  @Sendable private func events(_ request: Request, _ context: ConsoleContext) async throws -> Response {
    guard let token = cookies.token(in: request) else { throw Self.noConversation }
    let place = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] } ?? request.query("after") ?? "0"
    guard let after = Int(place), after >= 0 else {
      throw Problem(.badRequest, "bad-place", "'after' and Last-Event-ID must be the id of a line, or 0.")
    }
    guard await room.hasPlace(for: .conversation(token.conversation)) else {
      throw Problem(
        .tooManyRequests, "too-many-streams", "This conversation is open in too many tabs. Please close some.",
        retryAfter: 5)
    }
    var response = Response(
      status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"],
      body: ChatStream(
        conversation: token.conversation, after: after, store: store, room: room, limits: configuration.limits,
        workspaceName: configuration.workspaceName
      ).body(request: request, context: context))
    // nginx would otherwise hold events back until its buffer is full.
    if let buffering = HTTPField.Name("X-Accel-Buffering") { response.headers[buffering] = "no" }
    return response
  }

  @Sendable private func startOver(_ request: Request, _ context: ConsoleContext) throws -> Response {
    _ = try owner(of: request)
    let token = ChatToken()
    var response = Response.json([
      "conversation": .string(token.conversation), "anti_forgery": .string(token.antiForgery),
    ])
    cookies.set(token, on: &response)
    return response
  }

  /// The token of the conversation that the request may change.
  /// - Throws: `Problem` 403 where it comes from another site's page or lacks the page's own token, 401 without cookie.
  private func owner(of request: Request) throws -> ChatToken {
    guard request.isFromOwnPage(publicOrigin: configuration.publicOrigin) else {
      throw Problem(.forbidden, "cross-origin", "This can only be sent from the chat page itself.")
    }
    guard let token = cookies.token(in: request) else { throw Self.noConversation }
    let sent = HTTPField.Name("X-CSRF-Token").flatMap { request.headers[$0] } ?? ""
    guard constantTimeEqual(Array(sent.utf8), Array(token.antiForgery.utf8)) else {
      throw Problem(.forbidden, "stale-page", "This page is out of date. Please reload it.")
    }
    return token
  }

  private static let noConversation = Problem(
    .unauthorized, "no-conversation", "There is no conversation yet. Please reload the chat page.")

  private static func isClientID(_ text: String) -> Bool {
    (8...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
          || byte == 0x5F
      }
  }
}

extension ChatLine {
  /// Whether the call made at `moment` (to the millisecond) has made this line, or has found it there.
  func isNew(asOf moment: Date) -> Bool { abs(at.timeIntervalSince(moment)) < 0.0005 }
}
