import Foundation
import JSON
import Support

/// Writes replies into chats. What is there already of a reply is remembered, so that an attempt after a refusal half way
/// goes on behind it.
struct TelegramSending: Sendable {
  let server: TelegramServer
  let state: TelegramState
  let now: @Sendable () -> Date

  /// Where Telegram asks for a rest and does not say how long.
  private static let usualRest: Duration = .seconds(1)

  /// - Returns: the ids of the messages that now say it.
  func send(_ reply: OutgoingReply) async throws -> [String] {
    guard let chat = Int(reply.conversation.room) else {
      throw ChannelError(
        .refused, "channel '\(server.channel)': '\(reply.conversation.room)' is no chat of Telegram", isRetriable: false
      )
    }
    let pieces = TelegramMarkup.pieces(reply.text)
    guard !pieces.isEmpty else {
      throw ChannelError(
        .refused, "channel '\(server.channel)': a reply without words cannot be sent to Telegram", isRetriable: false)
    }
    if let rest = state.rest(in: chat, at: now()) {
      throw ChannelError(
        .rateLimited, "channel '\(server.channel)': Telegram asked to leave chat \(chat) alone for a while",
        isRetriable: true, retryAfter: rest, concernsOneRoom: true)
    }
    do {
      return try await send(pieces, of: reply, in: chat)
    } catch let refusal as TelegramRefusal where refusal.status == 429 {
      var error = ChannelError(refusal, channel: server.channel, during: .reply)
      error.concernsOneRoom = state.rest(in: chat, for: error.retryAfter ?? Self.usualRest, from: now())
      throw error
    }
  }

  private func send(_ pieces: [StyledText], of reply: OutgoingReply, in chat: Int) async throws -> [String] {
    let keyboard = TelegramMarkup.keyboard(reply.choices, asksWhetherHelped: reply.asksWhetherHelped)
    var ids = state.pieces(of: reply.idempotencyKey)
    for (number, piece) in pieces.enumerated().dropFirst(ids.count) {
      let buttons = number == pieces.count - 1 ? keyboard : nil
      let old = number < reply.replaces.count ? TelegramID(reply.replaces[number]) : nil
      if let old, try await edit(old, piece, buttons) {
        ids.append(TelegramID(chat: old.chat, message: old.message).description)
      } else {
        ids.append(try await write(piece, buttons, to: reply, in: chat, isFirst: number == 0))
      }
      state.setPieces(ids, of: reply.idempotencyKey)
    }
    for old in reply.replaces.dropFirst(pieces.count) { try await delete(old) }
    return ids
  }

  private func write(
    _ piece: StyledText, _ buttons: JSONValue?, to reply: OutgoingReply, in room: Int, isFirst: Bool
  ) async throws -> String {
    var body = Self.words(piece)
    let chat = state.place(of: room)
    body["chat_id"] = .integer(chat)
    if let topic = reply.conversation.thread.flatMap({ Int($0) }) { body["message_thread_id"] = .integer(topic) }
    if isFirst, chat == room, let answered = reply.inReplyTo.flatMap({ TelegramID($0) }), answered.chat == chat {
      body["reply_parameters"] = [
        "message_id": .integer(answered.message), "allow_sending_without_reply": true,
      ]
    }
    if let buttons { body["reply_markup"] = buttons }
    let call = TelegramCall(method: "sendMessage", body: body, purpose: .reply, repeatsSafely: false)
    do {
      let message = try await send(call, piece)
      guard let number = message["message_id"]?.int, number > 0 else {
        throw server.malformed(call, "gives no number")
      }
      return TelegramID(chat: message["chat"]?["id"]?.int ?? chat, message: number).description
    } catch let refusal as TelegramRefusal {
      // A group that became a supergroup has another number, and is the same to people.
      guard let new = refusal.migratedTo, new != chat, chat == room else { throw refusal }
      state.move(room, to: new)
      return try await write(piece, buttons, to: reply, in: room, isFirst: isFirst)
    }
  }

  /// - Returns: false where the message cannot be edited, and a new one has to say it.
  private func edit(_ old: TelegramID, _ piece: StyledText, _ buttons: JSONValue?) async throws -> Bool {
    var body = Self.words(piece)
    body["chat_id"] = .integer(state.place(of: old.chat))
    body["message_id"] = .integer(old.message)
    if let buttons { body["reply_markup"] = buttons }
    do {
      _ = try await send(TelegramCall(method: "editMessageText", body: body, purpose: .edit), piece)
      return true
    } catch let refusal as TelegramRefusal {
      switch refusal.topic {
      case .notModified: return true
      case .notFoundToEdit, .notEditable: return false
      case _ where refusal.status == 429: throw refusal
      default: throw ChannelError(refusal, channel: server.channel, during: .edit)
      }
    }
  }

  /// Should the marks not please the server, the words are sent without.
  private func send(_ call: TelegramCall, _ piece: StyledText) async throws -> JSONValue {
    do {
      return try await server.result(call)
    } catch let refusal as TelegramRefusal where refusal.topic == .badEntities {
      var plain = call
      plain.body["text"] = .string(piece.text)
      plain.body["parse_mode"] = nil
      return try await server.result(plain)
    }
  }

  private func delete(_ old: String) async throws {
    guard let id = TelegramID(old) else { return }
    do {
      _ = try await server.result(
        TelegramCall(
          method: "deleteMessage",
          body: ["chat_id": .integer(state.place(of: id.chat)), "message_id": .integer(id.message)], purpose: .edit))
    } catch let refusal as TelegramRefusal where refusal.status != 429 {
      // Too old, or taken away by somebody else.
      guard refusal.status == 400 else { throw ChannelError(refusal, channel: server.channel, during: .edit) }
    }
  }

  private static func words(_ piece: StyledText) -> JSONObject {
    [
      "text": .string(TelegramMarkup.html(piece)), "parse_mode": "HTML", "link_preview_options": ["is_disabled": true],
    ]
  }
}
