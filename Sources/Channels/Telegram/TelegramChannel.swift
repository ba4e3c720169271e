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
    let token: Secret
    do throws(SecretError) {
      token = try secrets.read(settings.token)
    } catch {
      throw ChannelSetupError(channel: name, "token: \(error)")
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
      return try await TelegramSending(server: server, state: state).send(reply)
    } catch let refusal as TelegramRefusal {
      throw ChannelError(refusal, channel: name, during: .reply)
    }
  }

  package func typing(in conversation: ConversationID) async {
    guard settings.showsTyping, let chat = Int(conversation.room) else { return }
    var body: JSONObject = ["chat_id": .integer(chat), "action": "typing"]
    if let topic = conversation.thread.flatMap({ Int($0) }) { body["message_thread_id"] = .integer(topic) }
    _ = try? await server.bytes(
      TelegramCall(method: "sendChatAction", body: body, purpose: .courtesy, timeout: .seconds(5)))
  }

  /// Asks the server whether all is set up for what the settings want.
  /// - Returns: what is missing, each a sentence with what to do; empty where all is well.
  /// - Throws: `ChannelError` where the token is not good or the server not there; `CancellationError`.
  package func shortcomings() async throws -> [String] {
    do {
      let me = try await server.result(TelegramCall(method: "getMe", purpose: .setUp))
      let hook = try await server.result(TelegramCall(method: "getWebhookInfo", purpose: .setUp))
      var missing: [String] = []
      if hook["url"]?.string?.isEmpty == false {
        missing.append("The bot has a webhook and cannot be polled: call deleteWebhook.")
      }
      let readsAll =
        settings.groups == .always || settings.rooms.contains { $0.key.hasPrefix("-") && $0.value.answering == .always }
      if readsAll, me["can_read_all_group_messages"]?.bool != true {
        missing.append(
          "The bot sees only what is addressed to it in groups: send /setprivacy to @BotFather and choose Disable, then take "
            + "the bot out of its groups and add it again.")
      }
      if settings.groups != .never, me["can_join_groups"]?.bool == false {
        missing.append("The bot cannot be added to groups: send /setjoingroups to @BotFather and choose Enable.")
      }
      return missing
    } catch let refusal as TelegramRefusal {
      throw ChannelError(refusal, channel: name, during: .setUp)
    }
  }
}

/// What a channel knows beside its settings, for as long as the program runs.
final class TelegramState: Sendable {
  private struct State {
    var identity: TelegramIdentity?
    var presses: [TelegramPress] = []
    var sent = RecentValues<String, [String]>(capacity: 500)
    var moved = RecentValues<Int, Int>(capacity: 500)
  }

  private let state = Mutex(State())

  var identity: TelegramIdentity? {
    get { state.withLock { $0.identity } }
    set { state.withLock { $0.identity = newValue } }
  }

  /// Presses that are answered with the next poll, when what they said is in the ledger.
  func add(_ presses: [TelegramPress]) {
    state.withLock { $0.presses = Array(($0.presses + presses).suffix(200)) }
  }

  func takePresses() -> [TelegramPress] {
    state.withLock { state in
      defer { state.presses = [] }
      return state.presses
    }
  }

  /// The pieces of a reply that are there already, by its key.
  func pieces(of key: String) -> [String] { state.withLock { $0.sent.value(for: key) ?? [] } }

  func setPieces(_ ids: [String], of key: String) { state.withLock { $0.sent.set(ids, for: key) } }

  /// Where a group has gone.
  func place(of chat: Int) -> Int { state.withLock { $0.moved.value(for: chat) ?? chat } }

  func move(_ chat: Int, to new: Int) { state.withLock { $0.moved.set(new, for: chat) } }
}
