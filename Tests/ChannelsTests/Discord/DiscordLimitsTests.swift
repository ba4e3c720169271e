import Foundation
import HTTP
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

/// What the server says of its limits is kept to, and one room's is no other's.
@Suite struct DiscordLimitsTests {
  static func answer(
    _ left: String? = nil, after: String? = nil, limit: String? = nil, bucket: String? = nil
  ) -> HTTPResponse {
    var headers: HTTPHeaders = [:]
    headers["X-RateLimit-Remaining"] = left
    headers["X-RateLimit-Reset-After"] = after
    headers["X-RateLimit-Limit"] = limit
    headers["X-RateLimit-Bucket"] = bucket
    return HTTPResponse(status: 200, headers: headers)
  }

  static let send = DiscordCall(method: .post, path: "channels/10/messages", purpose: .reply)
  static let elsewhere = DiscordCall(method: .post, path: "channels/20/messages", purpose: .reply)

  @Test func `calls that are left are counted down, by room, until the window ends`() {
    let time = ManualTime()
    let limits = DiscordLimits { time.now }
    #expect(limits.take(Self.send) == nil)
    limits.note(Self.answer("2", after: "5", limit: "3"), to: Self.send)
    #expect(limits.take(Self.send) == nil && limits.take(Self.send) == nil)
    #expect(limits.take(Self.send)?.wait == .seconds(5) && limits.take(Self.send)?.isGlobal == false)
    #expect(limits.take(Self.elsewhere) == nil)
    // Two that were on their way are not given back by an answer from before them.
    limits.note(Self.answer("2", after: "4"), to: Self.send)
    #expect(limits.take(Self.send)?.wait == .seconds(4))
    time.advance(by: 4)
    limits.note(Self.answer("2", after: "5", limit: "3"), to: Self.send)
    time.advance(by: 5)
    // Of the next window as many as the server gives.
    for _ in 0..<3 { #expect(limits.take(Self.send) == nil) }
    #expect(limits.take(Self.send)?.wait == .seconds(5))
  }

  @Test func `kinds of calls with one bucket share it`() {
    let time = ManualTime()
    let limits = DiscordLimits { time.now }
    let get = DiscordCall(path: "channels/10/messages?limit=1", purpose: .poll)
    let room = DiscordCall(path: "channels/10", purpose: .poll)
    limits.note(Self.answer(bucket: "abc"), to: room)
    limits.note(Self.answer("0", after: "3", bucket: "abc"), to: get)
    #expect(limits.take(room)?.wait == .seconds(3))
    #expect(limits.take(DiscordCall(path: "channels/20", purpose: .poll)) == nil)
    #expect(limits.take(Self.send) == nil)
  }

  @Test func `a 429 counts for its room, or for all`() {
    let time = ManualTime()
    let limits = DiscordLimits { time.now }
    limits.note(DiscordRefusal(status: 429, code: 0, retryAfter: .seconds(7)), to: Self.send)
    #expect(limits.take(Self.send)?.wait == .seconds(7) && limits.take(Self.elsewhere) == nil)
    limits.note(DiscordRefusal(status: 429, code: 0, retryAfter: .seconds(2), isGlobal: true), to: Self.send)
    #expect(limits.take(Self.elsewhere)?.isGlobal == true)
    time.advance(by: 2)
    #expect(limits.take(Self.elsewhere) == nil && limits.take(Self.send)?.wait == .seconds(5))
    time.advance(by: 5)
    #expect(limits.take(Self.send) == nil)
  }

  static let odd: [(String?, String?)] = [
    (nil, nil), ("0", nil), (nil, "3"), ("x", "3"), ("0", "x"), ("-1", "3"), ("0", "-3"), ("0", "nan"), ("0", "inf"),
    ("", ""),
  ]

  @Test(arguments: odd.indices)
  func `headers that say nothing hold nobody up`(index: Int) {
    let limits = DiscordLimits { ManualTime().now }
    limits.note(Self.answer(Self.odd[index].0, after: Self.odd[index].1, limit: "-5", bucket: ""), to: Self.send)
    #expect(limits.take(Self.send) == nil)
  }

  @Test func `a wait of years is an hour`() {
    let time = ManualTime()
    let limits = DiscordLimits { time.now }
    limits.note(Self.answer("0", after: "1e300", limit: "1e300"), to: Self.send)
    #expect(limits.take(Self.send)?.wait == .seconds(3_600))
    limits.note(DiscordRefusal(status: 429, code: 0, retryAfter: .seconds(1e9), isGlobal: true), to: Self.send)
    #expect(limits.take(Self.elsewhere)?.wait == .seconds(3_600))
  }

  static let routes: [(DiscordCall, String, String)] = [
    (send, "POST channels/…/messages", "channels/10"),
    (
      DiscordCall(path: "channels/10/messages?after=7&limit=1", purpose: .poll), "GET channels/…/messages",
      "channels/10"
    ),
    (
      DiscordCall(method: .patch, path: "channels/10/messages/7", purpose: .reply), "PATCH channels/…/messages/…",
      "channels/10"
    ),
    (
      DiscordCall(method: .put, path: "channels/1/messages/7/reactions/%F0%9F/@me", purpose: .courtesy),
      "PUT channels/…/messages/…/reactions/…/@me", "channels/1"
    ),
    (DiscordCall(path: "guilds/5/threads/active", purpose: .poll), "GET guilds/…/threads/active", "guilds/5"),
  ]

  @Test(arguments: routes.indices)
  func `a kind of call is its path without numbers`(index: Int) {
    let (call, route, resource) = Self.routes[index]
    #expect(call.route == route && call.resource == resource)
  }

  // MARK: In the channel

  @Test func `a room that has no calls left rests without a word, and the others are read`() async throws {
    try await DiscordBench.with {
      $0.rooms["\(FakeDiscord.otherRoom)"] = .init()
    } _: { bench in
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      bench.discord.setHeaders(
        [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset-After", "30")], for: "channels/10/messages")
      bench.discord.say("one")
      cursor = try await channel.poll(after: cursor).cursor
      bench.discord.say("two")
      bench.discord.say("elsewhere", in: FakeDiscord.otherRoom)
      let poll = try await channel.poll(after: cursor)
      #expect(poll.messages.map(\.text) == ["elsewhere"] && poll.unreadable.isEmpty)
      bench.discord.setHeaders([], for: "channels/10/messages")
      // Nobody waited for it.
      #expect(bench.time.slept.allSatisfy { $0 == .seconds(2) })
      bench.time.advance(by: 30)
      #expect(try await channel.poll(after: poll.cursor).messages.map(\.text) == ["two"])
    }
  }

  @Test func `a room that is asked too often is left alone as long as that takes, and staff hear of a long time`()
    async throws
  {
    try await DiscordBench.with {
      $0.rooms["\(FakeDiscord.otherRoom)"] = .init()
    } _: { bench in
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      bench.discord.say("late")
      bench.discord.fail(
        "channels/10/messages", FakeDiscord.refuse(429, 0, ["retry_after": 1_337, "global": false]))
      var told: [String?] = []
      for number in 0..<5 {
        bench.discord.say("\(number)", in: FakeDiscord.otherRoom)
        let poll = try await channel.poll(after: cursor)
        #expect(poll.messages.map(\.text) == ["\(number)"])
        told += poll.unreadable.map(\.id)
        cursor = poll.cursor
      }
      #expect(told == ["room 10"])
      #expect(bench.discord.calls("GET", "channels/10/messages").count == 2)
      bench.time.advance(by: 1_337)
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["late"])
    }
  }

  @Test func `a room at which the server fails is tried less and less often, told of after a minute, and read again`()
    async throws
  {
    try await DiscordBench.with {
      $0.rooms["\(FakeDiscord.otherRoom)"] = .init()
    } _: { bench in
      let channel = try bench.channel()
      var cursor = try await channel.poll(after: nil).cursor
      bench.discord.say("late")
      bench.discord.fail("channels/10/messages", FakeDiscord.refuse(500, 0), times: 8)
      var tries: [Int] = []
      var told = 0
      for _ in 0..<300 {
        let poll = try await channel.poll(after: cursor)
        cursor = poll.cursor
        told += poll.unreadable.count
        tries.append(bench.discord.calls("GET", "channels/10/messages").count)
        if !poll.messages.isEmpty {
          #expect(poll.messages.map(\.text) == ["late"])
          break
        }
        bench.time.advance(by: 1)
      }
      #expect(told == 1)
      // The first look, eight failures, and one that went well: in some minutes, not in seconds.
      #expect(tries.last == 10 && tries.count > 40)
    }
  }
}
