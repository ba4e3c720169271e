package import Foundation
package import HTTP
import JSON
package import Support
import Synchronization

/// A bot of Telegram's Bot API as a channel (docs/telegram.md).
package struct TelegramChannel: Support.Channel {
  package let name: String
  private let settings: TelegramSettings
  private let server: TelegramServer
  private let state = TelegramState()
  private let texts = TelegramTexts()
  private let now: @Sendable () -> Date

  /// - Parameters:
  ///   - http: may be shared by channels; it is not shut down here.
  ///   - now: for message times, and for waits.
  /// - Throws: `ChannelSetupError` where the address or the token can be none, or the token cannot be fetched.
  package init(
    name: String, settings: TelegramSettings, secrets: SecretReader, http: HTTPClient,
    now: @escaping @Sendable () -> Date
  ) throws(ChannelSetupError) {
    let token = try ChannelSetupError.naming("token", of: name) { () throws(SecretError) in
      try secrets.read(settings.token)
    }
    server = try TelegramServer(channel: name, server: settings.server, token: token, http: http, now: now)
    self.name = name
    self.settings = settings
    self.now = now
  }

  /// The Bot API has no key by which it knows a message again.
  package var repeatsSafely: Bool { false }

  package func poll(after cursor: String?) async throws -> Poll {
    do {
      return try await TelegramPolling(
        server: server, settings: settings, state: state, texts: texts, now: now
      ).poll(after: cursor)
    } catch let refusal as TelegramRefusal {
      throw ChannelError(refusal, channel: name, during: .poll)
    }
  }

  package func send(_ reply: OutgoingReply) async throws -> [String] {
    do {
      return try await TelegramSending(server: server, state: state, now: now).send(
        settings.offersThumbs ? reply : reply.withoutThumbs)
    } catch let refusal as TelegramRefusal {
      throw ChannelError(refusal, channel: name, during: .reply)
    }
  }

  package var isCourteous: Bool { settings.showsTyping }

  package func typing(in conversation: ConversationID) async {
    guard settings.showsTyping, let chat = Int(conversation.room), state.rest(in: chat, at: now()) == nil else {
      return
    }
    var body: JSONObject = ["chat_id": .integer(chat), "action": "typing"]
    if let topic = conversation.thread.flatMap({ Int($0) }) { body["message_thread_id"] = .integer(topic) }
    _ = try? await server.bytes(
      TelegramCall(method: "sendChatAction", body: body, purpose: .courtesy, timeout: .seconds(5)))
  }

  package func findings() async throws -> [ChannelFinding] {
    do {
      return try await TelegramSetUp(server: server, settings: settings).findings()
    } catch let refusal as TelegramRefusal {
      throw ChannelError(refusal, channel: name, during: .setUp)
    }
  }
}
