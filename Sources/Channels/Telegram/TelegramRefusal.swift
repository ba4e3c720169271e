import Foundation
import HTTP
import JSON
import Support

/// An answer of the Bot API that says no: `{"ok": false, "error_code": …, "description": …, "parameters": {…}}`.
struct TelegramRefusal: Error, Sendable, Hashable {
  /// What the description is about, where that matters. The description itself may repeat what was sent, and is shown to
  /// nobody.
  enum Topic: String, Sendable, Hashable, CaseIterable {
    case webhook = "webhook is active"
    case notModified = "message is not modified"
    case notFoundToEdit = "message to edit not found"
    case notEditable = "message can't be edited"
    case badEntities = "can't parse entities"
    case noTopic = "message thread not found"
    case closedTopic = "topic_closed"
  }

  var status: Int
  /// False where the answer is none of the Bot API's, as a proxy before a server gives it: then nobody knows what the server
  /// has done.
  var isFromServer: Bool
  var topic: Topic?
  var retryAfter: Duration?
  /// The group has become a supergroup with this number.
  var migratedTo: Int?

  init(
    status: Int, isFromServer: Bool = true, topic: Topic? = nil, retryAfter: Duration? = nil, migratedTo: Int? = nil
  ) {
    self.status = status
    self.isFromServer = isFromServer
    self.topic = topic
    self.retryAfter = retryAfter
    self.migratedTo = migratedTo
  }

  /// - Parameter body: the answer, where it is JSON.
  init(_ response: HTTPResponse, _ body: JSONValue?, now: Date) {
    let code = body?["error_code"]?.int
    let isFromServer = body?["ok"]?.bool == false
    self.isFromServer = isFromServer
    status = code.flatMap { isFromServer && (400...599).contains($0) ? $0 : nil } ?? response.status
    let words = (body?["description"]?.string ?? "").prefix(1_000).lowercased()
    topic = Topic.allCases.first {
      words.contains($0.rawValue) || words.contains($0.rawValue.replacing("'", with: "’"))
    }
    let seconds = body?["parameters"]?["retry_after"]?.double.flatMap { $0.isFinite && $0 > 0 ? min($0, 1e9) : nil }
    retryAfter = seconds.map { .seconds($0) } ?? RetryAfter.duration(response.headers["Retry-After"], now: now)
    migratedTo = body?["parameters"]?["migrate_to_chat_id"]?.int
  }

  /// Whether the call may have been carried out all the same. The Bot API itself says 500 of messages that were on their way
  /// when it was restarted, and a proxy says 502 and 504 of requests that it has passed on; 503 it says of those that it has not.
  var isUncertain: Bool {
    switch status {
    case 503: isFromServer
    case 408, 500...599: true
    default: false
    }
  }
}

extension ChannelError {
  /// Another process polls: it is given time to end, as the one before a restart does.
  private static let standBack: Duration = .seconds(30)

  init(_ refusal: TelegramRefusal, channel: String, during purpose: TelegramCall.Purpose) {
    let start = "channel '\(channel)': Telegram answered \(refusal.status) to \(purpose.rawValue)"
    func error(_ code: Code, _ advice: String, _ isRetriable: Bool, least: Duration? = nil) -> ChannelError {
      ChannelError(code, start + advice, isRetriable: isRetriable, retryAfter: refusal.retryAfter ?? least)
    }
    let isPoll = purpose != .reply && purpose != .edit
    switch refusal.status {
    case 401, 404:
      // The token is part of the address, so that a wrong one leads nowhere.
      self = error(.unauthorized, "; the token is not good (any more), take a new one from @BotFather", true)
    case 403 where isPoll: self = error(.unauthorized, "; check the bot in @BotFather", true)
    case 403:
      self = error(.refused, "; the bot was blocked, is not in the chat any more, or may not write there", false)
    case 409 where refusal.topic == .webhook:
      self = error(
        .conflict, "; the bot has a webhook, and cannot be polled until it is taken away with deleteWebhook", true,
        least: Self.standBack)
    case 409:
      self = error(
        .conflict, "; another process polls with the same token, end one of them; standing back", true,
        least: Self.standBack)
    case 413: self = error(.refused, "; what was sent is too long for it", false)
    case 429: self = error(.rateLimited, ": it is asked too often", true, least: .seconds(1))
    case 300...399: self = error(.refused, "; redirects are not followed, set the new address", isPoll)
    case 400 where refusal.topic == .noTopic || refusal.topic == .closedTopic:
      self = error(.refused, "; the topic is closed or gone, open it again or answer by hand", isPoll)
    case _ where refusal.isUncertain && purpose == .reply:
      self = error(
        .serverError, ", and nobody knows whether the reply is there; look into the chat", false)
    case 500...599: self = error(.serverError, "; it is tried again", true)
    case 408, 425: self = error(.unreachable, "", true)
    default: self = error(.refused, "; check the channel's settings and the bot's rights in the chat", isPoll)
    }
  }
}
