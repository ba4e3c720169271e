import Foundation
import HTTP
import Support
import TestSupport

@testable import Channels

/// A chat server in memory with what the suite that every adapter must pass needs of it: people who talk, and faults.
protocol ChatServerInTest: Sendable {
  /// A client as a new start of the program makes it.
  func client() throws -> any Support.Channel
  func stop() async

  /// Somebody says something where the bot listens.
  /// - Returns: the id that the message is polled with.
  @discardableResult func say(_ text: String, by sender: Speaker) -> String
  /// Nil where the protocol has no edits, or none that can be told.
  func edit(_ message: String, to text: String) -> Void?
  func delete(_ message: String) -> Void?
  func react(to message: String, isHelpful: Bool) -> Void?
  /// A message with a time of its own.
  func say(_ text: String, at milliseconds: Int)

  /// What people see of the bot's replies, in order.
  func shown() -> [ShownReply]
  /// How many polls have begun.
  var polls: Tally { get }

  /// All requests, or the next replies, are answered like that, until `recover`.
  func fail(_ failure: ServerFailure)
  func recover()

  /// From here on polls get no answer, where the server does not hold them open by itself; until `recover`.
  func holdPolls()
  /// The bot's own clock, where clients follow one that can be turned.
  func turnClock(by seconds: TimeInterval)
}

extension ChatServerInTest {
  func holdPolls() {}
  func turnClock(by seconds: TimeInterval) {}
}

enum Speaker {
  case person, anotherPerson, itself, anotherBot
}

enum ServerFailure: CaseIterable {
  /// Nothing behind the proxy.
  case away
  case credentialsRevoked
  case rateLimited
  case wrongJSON
  case reset
  case endsEarly
}

struct ShownReply: Hashable {
  var text: String
  /// In the server's own markup; nil where it has none.
  var markup: String?
  var inReplyTo: String?
}

/// The adapters. A new one passes the suite by standing here, and by saying how its server is.
enum Adapter: String, CaseIterable {
  case webhook, matrix, telegram, slack, lark, discord

  var channelName: String { rawValue }

  /// Where the bot listens.
  var room: String {
    switch self {
    case .webhook: "room"
    case .matrix: FakeHomeserver.room
    case .telegram: "\(FakeTelegram.group)"
    case .slack: FakeSlack.room
    case .lark: FakeLark.room
    case .discord: "\(FakeDiscord.room)"
    }
  }

  /// Where a message is answered: on Slack in the thread that it begins.
  func thread(answering id: String?) -> String? {
    self == .slack ? id?.split(separator: ":").last.map(String.init) : nil
  }

  /// In characters; several messages where the server takes less at once.
  var longestReply: Int {
    switch self {
    case .webhook, .matrix, .slack, .lark: 400_000
    case .telegram, .discord: 40_000
    }
  }

  /// Whether the server knows a repeated reply again, or it can be seen there: Slack's rooms are searched. Telegram does
  /// neither: a reply that was on its way when the program ended is held, and staff look.
  var repeatsSafely: Bool { self != .telegram }

  /// Whether a poll tells of every change. Those of Slack, Lark and Discord tell how things are: what was changed before it
  /// was read was never otherwise.
  var tellsEveryChange: Bool { ![.slack, .lark, .discord].contains(self) }

  /// Whether edits of a message that is taken back are taken back by name as well.
  var takesEditsBack: Bool { self == .slack || self == .lark }

  /// Whether the server orders messages by their times, so that none has a time that is out of order.
  var ordersByTime: Bool { self == .slack || self == .lark }

  /// Whether thumbs are told of, under the bot's replies at least.
  var tellsReactions: Bool { self != .webhook }

  /// Whether nobody knows afterwards if a reply has arrived, so that it is left to staff. Where a reply is known again it is
  /// sent again; where it is not, only what was clearly refused is.
  func leavesInDoubt(_ failure: ServerFailure) -> Bool {
    guard !repeatsSafely else { return false }
    return switch failure {
    case .credentialsRevoked, .rateLimited: false
    case .away, .wrongJSON, .reset, .endsEarly: true
    }
  }

  /// How `**bold** <script>` is written there; nil for one that is given the Markdown.
  var markup: (bold: String, script: String)? {
    switch self {
    case .webhook: nil
    case .matrix: ("<strong>bold</strong>", "&lt;script&gt;")
    case .telegram: ("<b>bold</b>", "&lt;script&gt;")
    case .discord: ("**bold**", "\\<script\\>")
    case .slack: ("*bold*", "&lt;script&gt;")
    case .lark: ("**bold**", "&#60;script&#62;")
    }
  }

  func with(_ body: (any ChatServerInTest) async throws -> Void) async throws {
    let server: any ChatServerInTest =
      switch self {
      case .webhook: try await WebhookInTest()
      case .matrix: try await MatrixInTest()
      case .telegram: try await TelegramInTest()
      case .discord: try await DiscordInTest()
      case .slack: try await SlackInTest()
      case .lark: try await LarkInTest()
      }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(server))
    } catch {
      result = .failure(error)
    }
    await server.stop()
    try result.get()
  }
}
