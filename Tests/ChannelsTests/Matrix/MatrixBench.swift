import Foundation
import HTTP
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

/// A Matrix channel beside a homeserver in memory, with a data folder of its own.
struct MatrixBench {
  let server: FakeHomeserver
  let http: HTTPClient
  let folder: URL

  static let now = Date(timeIntervalSince1970: 1_795_000_000)

  static func with(
    members: [String] = ["@anna:example.org", FakeHomeserver.bot], _ body: (MatrixBench) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "matrix-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let bench = MatrixBench(server: try await FakeHomeserver(), http: try HTTPClient(), folder: folder)
    bench.server.setMembers(members)
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(bench))
    } catch {
      result = .failure(error)
    }
    await bench.http.shutdown()
    await bench.server.stop()
    try? FileManager.default.removeItem(at: folder)
    try result.get()
  }

  func channel(
    _ authentication: MatrixSettings.Authentication = .accessToken(.environment("TOKEN")), password: String = "right",
    now: Date = now, change: (inout MatrixSettings) -> Void = { _ in }
  ) throws -> MatrixChannel {
    var settings = MatrixSettings(
      homeserver: server.baseURL, user: FakeHomeserver.bot, authentication: authentication, waitSeconds: 30)
    change(&settings)
    return try MatrixChannel(
      name: "matrix", settings: settings,
      secrets: SecretReader(environment: ["TOKEN": "token", "PASSWORD": password], folder: folder), folder: folder,
      http: http, now: { now })
  }

  static func reply(
    _ text: String, key: String = "key", to message: String? = nil, thread: String? = nil, author: String = "bot",
    room: String = FakeHomeserver.room
  ) -> OutgoingReply {
    OutgoingReply(
      id: 1, conversation: ConversationID(channel: "matrix", room: room, thread: thread), inReplyTo: message,
      text: text, author: author, idempotencyKey: key)
  }

  /// Everything that polls bring until one brings nothing new and nothing is left to be read.
  static func drain(_ channel: some Support.Channel, from cursor: String?, atMost polls: Int = 200) async throws -> Poll
  {
    var whole = Poll(cursor: cursor)
    for _ in 0..<polls {
      let poll = try await channel.poll(after: whole.cursor)
      whole.messages += poll.messages
      whole.unreadable += poll.unreadable
      whole.reactions += poll.reactions
      whole.redactions += poll.redactions
      whole.notices += poll.notices
      whole.cursor = poll.cursor
      if poll.cursor?.contains("gaps") != true, poll.cursor?.contains("invitations") != true { break }
    }
    return whole
  }
}
