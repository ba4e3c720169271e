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

/// The adapters. A new one passes the suite by standing here.
enum Adapter: String, CaseIterable {
  case webhook, matrix

  var channelName: String { rawValue }
  /// The polls of this one say that the bot's own words and other bots' are theirs; a webhook server leaves them out, or
  /// they are named in the settings.
  var longestReply: Int { 400_000 }

  func with(_ body: (any ChatServerInTest) async throws -> Void) async throws {
    let server: any ChatServerInTest =
      switch self {
      case .webhook: try await WebhookInTest()
      case .matrix: try await MatrixInTest()
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
