import Foundation
import HTTP
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

/// Answers that are damaged: each is a poll or an error in words, never the end.
@Suite struct DiscordFuzzTests {
  static let odd: [JSONValue] = [
    .null, true, 0, -1, .integer(.max), .integer(.min), 1e300, -0.5, "", "\u{0}", "0", "-7", "99999999999999999999", [],
    [[]], [:], ["id": "7"], .string(String(repeating: "9", count: 5_000)),
  ]

  static func room(_ id: String, _ kind: Int) -> JSONValue {
    [
      "id": .string(id), "type": .integer(kind), "guild_id": "5", "last_message_id": "900",
      "permission_overwrites": [
        ["id": "5", "allow": "1024", "deny": "2048"]
      ],
    ]
  }

  static let answers: [(part: String, answer: JSONValue)] = [
    ("channels/10", room("10", 0)), ("channels/10", room("10", 15)),
    (
      "threads/active",
      ["threads": [["id": "2000", "parent_id": "10", "last_message_id": "2001", "owner_id": "77", "member": [:]]]]
    ),
    (
      "threads/archived",
      [
        "threads": [
          ["id": "2000", "parent_id": "10", "thread_metadata": ["archive_timestamp": "2026-11-23T10:00:00+00:00"]]
        ], "has_more": true,
      ]
    ),
    ("channels/10/messages", .array([.object(FakeDiscord.message(3_000, in: 10, "x", by: FakeDiscord.user()))])),
    ("users/@me", FakeDiscord.user(FakeDiscord.bot, "green", isBot: true)),
  ]

  @Test(arguments: answers.indices)
  func `any value anywhere in an answer to a poll`(index: Int) async throws {
    let (part, answer) = Self.answers[index]
    try await DiscordBench.with {
      $0.readsThreads = true
      $0.reviewSeconds = 1
    } _: { bench in
      bench.discord.say("x")
      let thread = bench.discord.openThread()
      bench.discord.say("x", in: thread)
      for seed in 0..<60 as Range<UInt64> {
        var draws = Draws(seed: seed)
        var changed = answer
        for _ in 0..<Int.random(in: 1...2, using: &draws) {
          changed = TelegramReadingTests.changed(changed, Self.odd.randomElement(using: &draws) ?? .null, &draws)
        }
        let channel = try bench.channel()
        bench.discord.fail(part, .json(changed.serialized()))
        var cursor: String? = "{\"rooms\":{\"10\":{\"after\":\"900\",\"began\":\"900\",\"looked\":1}},\"threads\":{}}"
        if seed % 2 == 0 { cursor = nil }
        do {
          let poll = try await channel.poll(after: cursor)
          #expect(poll.cursor.map { DiscordCursor($0) != nil } == true)
          #expect(poll.messages.allSatisfy { !$0.text.contains("\u{0}") && !$0.sender.id.isEmpty })
        } catch let error as ChannelError {
          #expect(error.isRetriable && error.description.hasPrefix("channel 'dc': "))
        }
        bench.time.advance(by: 61)
      }
    }
  }

  @Test func `answers cut and changed at any byte`() async throws {
    let body = JSONValue.array([
      .object(FakeDiscord.message(3_000, in: 10, "x", by: FakeDiscord.user())),
      .object(FakeDiscord.message(3_001, in: 10, "y", by: FakeDiscord.user())),
    ]).serializedBytes()
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      for seed in 0..<150 as Range<UInt64> {
        var draws = Draws(seed: seed)
        var bytes = body
        for _ in 0..<3 {
          bytes[Int.random(in: 0..<bytes.count, using: &draws)] = UInt8.random(in: 0...255, using: &draws)
        }
        if seed % 3 == 0 { bytes = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &draws))) }
        bench.discord.fail("/messages", .respond(status: 200, body: bytes))
        do {
          let poll = try await channel.poll(after: cursor)
          #expect(poll.messages.count + poll.unreadable.count <= 4)
        } catch let error as ChannelError {
          #expect(error.isRetriable)
        }
      }
    }
  }

  @Test func `refusals of any form`() {
    let whole: JSONValue = ["code": 50001, "message": "x", "retry_after": 1.5, "global": true, "errors": [:]]
    for seed in 0..<500 as Range<UInt64> {
      var draws = Draws(seed: seed)
      let body = TelegramReadingTests.changed(whole, Self.odd.randomElement(using: &draws) ?? .null, &draws)
      let headers = HTTPHeaders([
        .init(name: "Retry-After", value: ["", "-1", "nan", "1e999", "5"].randomElement(using: &draws) ?? ""),
        .init(name: "X-RateLimit-Scope", value: ["user", "global", "shared", ""].randomElement(using: &draws) ?? ""),
      ])
      let status = [400, 401, 403, 404, 429, 500, 302, 999].randomElement(using: &draws) ?? 0
      let refusal = DiscordRefusal(
        HTTPResponse(status: status, headers: headers, body: body.serializedBytes()), now: TelegramBench.now)
      for purpose in [DiscordCall.Purpose.poll, .reply, .setUp] {
        let error = ChannelError(refusal, channel: "dc", during: purpose)
        #expect(error.retryAfter.map { $0 > .zero } ?? true)
      }
    }
  }

  @Test func `a limit is everybody's by the body, by either header, and else the room's`() {
    func refusal(_ headers: HTTPHeaders, _ body: String = "{\"message\":\"x\",\"retry_after\":1,\"global\":false}")
      -> DiscordRefusal
    {
      DiscordRefusal(HTTPResponse(status: 429, headers: headers, body: Array(body.utf8)), now: TelegramBench.now)
    }
    #expect(refusal(["X-RateLimit-Global": "true"]).isGlobal && refusal(["X-RateLimit-Scope": "global"]).isGlobal)
    #expect(refusal([:], "{\"message\":\"x\",\"retry_after\":1,\"global\":true}").isGlobal)
    #expect(
      !refusal(["X-RateLimit-Scope": "shared"]).isGlobal && refusal(["X-RateLimit-Scope": "user"]).concernsOneRoom)
    // A ban by what stands before the API, in HTML.
    #expect(!refusal(["Retry-After": "600"], "<html>").concernsOneRoom)
  }

  @Test func `rights made of anything are rights`() {
    let guild: JSONValue = ["id": "5", "owner_id": "1", "roles": [["id": "5", "permissions": "1024"]]]
    let member: JSONValue = ["roles": ["100"]]
    let room: JSONValue = ["permission_overwrites": [["id": "5", "allow": "2048", "deny": "0", "type": 0]]]
    for seed in 0..<500 as Range<UInt64> {
      var draws = Draws(seed: seed)
      func change(_ value: JSONValue) -> JSONValue {
        TelegramReadingTests.changed(value, Self.odd.randomElement(using: &draws) ?? .null, &draws)
      }
      let rights = DiscordPermissions.of(
        Snowflake(number: 77), guild: change(guild), member: change(member), room: change(room))
      #expect(rights.names.count <= 6)
    }
  }
}
