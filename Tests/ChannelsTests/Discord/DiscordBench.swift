import Foundation
import HTTP
import Support
import TestSupport

@testable import Channels

/// A channel, the server that it talks to, and the time.
struct DiscordBench {
  let discord: FakeDiscord
  let http: HTTPClient
  let time = ManualTime()
  var settings: DiscordSettings

  func channel() throws -> DiscordChannel {
    try DiscordChannel(
      name: "dc", settings: settings,
      secrets: SecretReader(environment: ["TOKEN": FakeDiscord.token], folder: URL(filePath: "/nonexistent")),
      http: http, now: { [time] in time.now }, sleep: { [time] in try await time.sleep($0) })
  }

  static func with(
    _ change: (inout DiscordSettings) -> Void = { _ in }, _ body: (DiscordBench) async throws -> Void
  ) async throws {
    let discord = try await FakeDiscord()
    let http = try HTTPClient()
    var settings = DiscordSettings(
      token: .environment("TOKEN"), server: discord.baseURL, rooms: ["\(FakeDiscord.room)": .init()],
      answering: .always,
      readsThreads: false, reviewSeconds: 0)
    change(&settings)
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(DiscordBench(discord: discord, http: http, settings: settings)))
    } catch {
      result = .failure(error)
    }
    await http.shutdown()
    await discord.stop()
    try result.get()
  }

  static func reply(
    _ text: String, key: String = "key", to id: String? = nil, thread: String? = nil, replaces: [String] = [],
    asks: Bool = false, offered: ReplyOffer = ReplyOffer(), attempts: Int = 0
  ) -> OutgoingReply {
    OutgoingReply(
      id: 1, conversation: ConversationID(channel: "dc", room: "\(FakeDiscord.room)", thread: thread), inReplyTo: id,
      text: text, author: "bot", idempotencyKey: key, attempts: attempts, replaces: replaces, asksWhetherHelped: asks,
      replacedOffer: offered)
  }
}
