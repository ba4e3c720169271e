import Foundation
import HTTP
import JSON
import Support
import TestSupport

@testable import Channels

final class TelegramInTest: ChatServerInTest {
  private let server: FakeTelegram
  private let http: HTTPClient
  private let failure: FailureSwitch
  private let time = ManualTime(now: MatrixBench.now)

  init() async throws {
    let failure = FailureSwitch()
    self.failure = failure
    server = try await FakeTelegram { _ in
      failure.answer(
        revoked: FakeTelegram.refuse(401, "Unauthorized"),
        limited: FakeTelegram.refuse(429, "Too Many Requests: retry after 2", ["retry_after": 2]))
    }
    http = try HTTPClient()
  }

  var polls: Tally { server.polls }

  func stop() async {
    await http.shutdown()
    await server.stop()
  }

  func client() throws -> any Support.Channel {
    try TelegramChannel(
      name: "telegram",
      settings: TelegramSettings(
        token: .environment("TOKEN"), server: server.baseURL, waitSeconds: 30, groups: .always),
      secrets: SecretReader(environment: ["TOKEN": FakeTelegram.token], folder: URL(filePath: "/nonexistent")),
      http: http, now: { [time] in time.now })
  }

  func say(_ text: String, by sender: Speaker) -> String {
    let user =
      switch sender {
      case .person: FakeTelegram.user()
      case .anotherPerson: FakeTelegram.user(43, "Ben")
      case .itself: FakeTelegram.user(FakeTelegram.bot, "Green", isBot: true)
      case .anotherBot: FakeTelegram.user(99, "Beep", isBot: true)
      }
    return server.say(text, by: user)
  }

  func say(_ text: String, at milliseconds: Int) { server.say(text, also: ["date": .integer(milliseconds)]) }

  func edit(_ message: String, to text: String) -> Void? {
    let number = TelegramID(message)?.message ?? 0
    server.say(
      text, kind: "edited_message", also: ["message_id": .integer(number), "edit_date": .integer(1_795_000_001)])
    return ()
  }

  /// The Bot API tells nobody what was taken away.
  func delete(_ message: String) -> Void? { nil }

  func react(to message: String, isHelpful: Bool) -> Void? {
    guard let id = TelegramID(message) else { return nil }
    server.put([
      "message_reaction": [
        "chat": FakeTelegram.chat(id.chat), "message_id": .integer(id.message), "date": 1_795_000_001,
        "user": FakeTelegram.user(), "old_reaction": [],
        "new_reaction": [["type": "emoji", "emoji": isHelpful ? "👍" : "👎"]],
      ]
    ])
    return ()
  }

  func shown() -> [ShownReply] {
    server.shown.map { body in
      let answered = body["reply_parameters"]?["message_id"]?.int
      let html = body["text"]?.string ?? ""
      return ShownReply(
        text: FakeTelegram.words(of: html) ?? "", markup: html,
        inReplyTo: answered.map { "\(FakeTelegram.group):\($0)" })
    }
  }

  func fail(_ failure: ServerFailure) { self.failure.set(failure) }

  func recover() {
    failure.set(nil)
    time.advance(by: 3_600)
  }
}
