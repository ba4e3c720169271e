import Foundation
import HTTP
import JSON
import Support
import Synchronization
import TestSupport

@testable import Channels

final class DiscordInTest: ChatServerInTest {
  private let server: FakeDiscord
  private let http: HTTPClient
  private let failure: FailureSwitch
  private let time = Mutex(MatrixBench.now)
  /// Things that have happened in the room.
  private let events = Tally()
  /// Pauses of the channel, which stand for polls that the server would hold.
  let polls = Tally()

  init() async throws {
    let failure = FailureSwitch()
    self.failure = failure
    server = try await FakeDiscord { _ in
      failure.answer(
        revoked: FakeDiscord.refuse(401, 0),
        limited: FakeDiscord.refuse(429, 0, ["retry_after": 2, "global": false]))
    }
    http = try HTTPClient()
  }

  func stop() async {
    await http.shutdown()
    await server.stop()
  }

  func client() throws -> any Support.Channel {
    try DiscordChannel(
      name: "discord",
      settings: DiscordSettings(
        token: .environment("TOKEN"), server: server.baseURL, rooms: ["\(FakeDiscord.room)": .init()],
        answering: .always),
      secrets: SecretReader(environment: ["TOKEN": FakeDiscord.token], folder: URL(filePath: "/nonexistent")),
      http: http, now: { self.time.withLock { $0 } }, sleep: { try await self.pause($0) })
  }

  /// Ends at once where there is something to read or to wait out, else when somebody says something.
  private func pause(_ duration: Duration) async throws {
    let goal = events.count + 1
    polls.add()
    if failure.isOn { return pass(duration / .seconds(1)) }
    if server.isQuiet { try await events.reachedOrCancelled(goal) }
  }

  private func pass(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }

  func say(_ text: String, by sender: Speaker) -> String {
    let user =
      switch sender {
      case .person: FakeDiscord.user()
      case .anotherPerson: FakeDiscord.user(43, "ben")
      case .itself: FakeDiscord.user(FakeDiscord.bot, "green", isBot: true)
      case .anotherBot: FakeDiscord.user(50, "beep", isBot: true)
      }
    defer { events.add() }
    return server.say(text, by: user)
  }

  func say(_ text: String, at milliseconds: Int) {
    let date = Date(timeIntervalSince1970: TimeInterval(milliseconds) / 1_000)
    let isDate = abs(milliseconds) < 100_000_000_000_000
    server.say(
      text, also: ["timestamp": .string(isDate ? date.formatted(.iso8601) : String(milliseconds))])
    events.add()
  }

  /// Seen at a second look.
  func edit(_ message: String, to text: String) -> Void? {
    server.edit(message, to: text, at: "2026-11-23T10:00:01+00:00")
    pass(60)
    return ()
  }

  func delete(_ message: String) -> Void? {
    server.delete(message)
    pass(60)
    return ()
  }

  /// Looked for under the bot's own messages only.
  func react(to message: String, isHelpful: Bool) -> Void? {
    guard server.shown().contains(where: { $0["id"]?.string == message }) else { return nil }
    server.react(isHelpful ? "👍" : "👎", to: message, by: [FakeDiscord.user()])
    pass(60)
    return ()
  }

  func shown() -> [ShownReply] {
    server.shown().map { message in
      let markup = message["content"]?.string ?? ""
      return ShownReply(
        text: Self.words(of: markup), markup: markup,
        inReplyTo: message["message_reference"]?["message_id"]?.string)
    }
  }

  /// As people read it: marks gone, and what was escaped in its place.
  static func words(of markup: String) -> String {
    var words = ""
    var isEscaped = false
    for character in markup {
      if !isEscaped, character == "\\" {
        isEscaped = true
        continue
      }
      if isEscaped || !"*_~`".contains(character) { words.append(character) }
      isEscaped = false
    }
    return words
  }

  func fail(_ failure: ServerFailure) { self.failure.set(failure) }

  func recover() {
    failure.set(nil)
    pass(3_600)
  }
}
