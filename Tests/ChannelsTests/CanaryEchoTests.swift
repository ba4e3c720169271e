import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

/// Polls bring what the bot itself has written where a canary is wanted, as nobody's message, and nowhere else; and it can be
/// taken back.
@Suite(.timeLimit(.minutes(2))) struct CanaryEchoTests {
  static func reply(_ room: String, channel: String) -> OutgoingReply {
    OutgoingReply(
      id: 0, conversation: ConversationID(channel: channel, room: room), inReplyTo: nil, text: "Canary 10:00",
      author: "bot", idempotencyKey: "canary")
  }

  /// - Parameter isHeard: whether the settings want a canary.
  static func check(
    _ channel: some Support.Channel, room: String, isHeard: Bool, isThere: () -> Bool,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws {
    var cursor = try await channel.poll(after: nil).cursor
    let ids = try await channel.send(Self.reply(room, channel: channel.name))
    #expect(ids.count == 1 && isThere(), sourceLocation: sourceLocation)
    var echoes: [String] = []
    for _ in 0..<3 {
      let poll = try await channel.poll(after: cursor)
      #expect(poll.isEmpty, sourceLocation: sourceLocation)
      echoes += poll.echoes
      cursor = poll.cursor ?? cursor
    }
    #expect(echoes == (isHeard ? ids : []), sourceLocation: sourceLocation)
    guard isHeard else { return }
    await channel.takeBack(ids, in: ConversationID(channel: channel.name, room: room))
    #expect(!isThere(), sourceLocation: sourceLocation)
    let after = try await channel.poll(after: cursor)
    #expect(after.messages.isEmpty && after.unreadable.isEmpty, sourceLocation: sourceLocation)
    // Somebody else has been quicker: nobody's concern.
    await channel.takeBack(ids + ["nonsense"], in: ConversationID(channel: channel.name, room: room))
  }

  @Test(arguments: [true, false])
  func matrix(isHeard: Bool) async throws {
    try await MatrixBench.with { bench in
      let room = FakeHomeserver.room
      let channel = try bench.channel {
        $0.waitSeconds = 0
        $0.rooms[room] = .init(answering: .never)
        if isHeard { $0.canary = CanarySettings(room: room) }
      }
      try await Self.check(channel, room: room, isHeard: isHeard) {
        bench.server.events(of: FakeHomeserver.bot, type: "m.room.redaction").isEmpty
      }
      let filters = bench.server.requests.compactMap { $0.query["filter"] }
      #expect(filters.allSatisfy { $0.contains("\"not_senders\":[]") == isHeard })
    }
  }

  @Test(arguments: [true, false])
  func slack(isHeard: Bool) async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client {
        if isHeard {
          $0.rooms[FakeSlack.room] = .init(answering: .never)
          $0.canary = CanarySettings(room: FakeSlack.room)
        }
      }
      try await Self.check(channel, room: FakeSlack.room, isHeard: isHeard) {
        !bench.fake.shown().isEmpty
      }
    }
  }

  @Test(arguments: [true, false])
  func lark(isHeard: Bool) async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client {
        if isHeard {
          $0.rooms[FakeLark.room] = .init(answering: .never)
          $0.canary = CanarySettings(room: FakeLark.room)
        }
      }
      try await Self.check(channel, room: FakeLark.room, isHeard: isHeard) {
        bench.fake.shown().contains { $0.value["deleted"] != true }
      }
    }
  }

  @Test(arguments: [true, false])
  func discord(isHeard: Bool) async throws {
    try await DiscordBench.with {
      guard isHeard else { return }
      $0.rooms["\(FakeDiscord.room)"] = .init(answering: .never)
      $0.canary = CanarySettings(room: "\(FakeDiscord.room)")
    } _: { bench in
      try await Self.check(bench.channel(), room: "\(FakeDiscord.room)", isHeard: isHeard) {
        !bench.discord.shown().isEmpty
      }
    }
  }
}
