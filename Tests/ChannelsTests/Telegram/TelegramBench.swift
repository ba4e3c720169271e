import Foundation
import HTTP
import JSON
import Support
import TestSupport

@testable import Channels

/// A channel, and the server that it talks to.
struct TelegramBench {
  static let now = Date(timeIntervalSince1970: 1_795_000_000)

  let telegram: FakeTelegram
  let http: HTTPClient
  let time = ManualTime(now: now)
  var settings: TelegramSettings

  func channel() throws -> TelegramChannel {
    try TelegramChannel(
      name: "tg", settings: settings,
      secrets: SecretReader(environment: ["TOKEN": FakeTelegram.token], folder: URL(filePath: "/nonexistent")),
      http: http, now: { [time] in time.now })
  }

  static func with(
    _ change: (inout TelegramSettings) -> Void = { _ in },
    _ body: (TelegramBench) async throws -> Void
  ) async throws {
    let telegram = try await FakeTelegram()
    let http = try HTTPClient()
    var settings = TelegramSettings(
      token: .environment("TOKEN"), server: telegram.baseURL, waitSeconds: 0, groups: .always)
    change(&settings)
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(TelegramBench(telegram: telegram, http: http, settings: settings)))
    } catch {
      result = .failure(error)
    }
    await http.shutdown()
    await telegram.stop()
    try result.get()
  }

  static func reply(
    _ text: String, key: String = "key", to id: String? = nil, thread: String? = nil, replaces: [String] = [],
    choices: [String] = [], asks: Bool = false, offered: ReplyOffer = ReplyOffer(), chat: Int = FakeTelegram.group
  ) -> OutgoingReply {
    OutgoingReply(
      id: 1, conversation: ConversationID(channel: "tg", room: String(chat), thread: thread), inReplyTo: id, text: text,
      author: "bot", idempotencyKey: key, replaces: replaces, choices: choices, asksWhetherHelped: asks,
      replacedOffer: offered)
  }
}
