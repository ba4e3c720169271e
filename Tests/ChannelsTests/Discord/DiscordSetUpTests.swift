import JSON
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// What `findings` says of the bot's side of things.
@Suite struct DiscordSetUpTests {
  static func bad(_ findings: [ChannelFinding]) -> [String] { findings.filter { !$0.isGood }.map(\.text) }

  @Test func `all is well`() async throws {
    try await DiscordBench.with {
      $0.readsThreads = true
    } _: { bench in
      let findings = try await bench.channel().findings()
      #expect(Self.bad(findings) == [])
      #expect(findings.count == 3 && findings[0].text == "The token is good: the bot is green.")
      #expect(findings[2].text == "The room #room-10 (10) can be read and written to.")
    }
  }

  @Test func `without Message Content Intent the bot sees no words`() async throws {
    for (flags, isGood) in [(0, false), (1 << 18, true), (1 << 19, true), (1 << 17, false)] {
      try await DiscordBench.with { bench in
        bench.discord.fail("applications/@me", .json("{\"id\":\"7700\",\"flags\":\(flags)}"))
        let bad = try await Self.bad(bench.channel().findings())
        #expect(bad.isEmpty == isGood && (isGood || bad[0].contains("Message Content Intent")))
      }
    }
  }

  @Test func `a room that the bot cannot see is named, with the way in`() async throws {
    try await DiscordBench.with {
      $0.rooms["11"] = .init()
      $0.rooms["12"] = .init(answering: .never)
    } _: { bench in
      let bad = try await Self.bad(bench.channel().findings())
      #expect(bad.count == 1 && bad[0].contains("the room 11"))
      #expect(
        bad[0].contains("https://discord.com/oauth2/authorize?client_id=7700&scope=bot&permissions=274877975616"))
    }
  }

  static let lacking: [(DiscordPermissions, Int, [String])] = [
    (.readMessageHistory, 0, ["Read Message History"]), (.sendMessages, 0, ["Send Messages"]),
    (.addReactions, 0, ["Add Reactions"]), (.sendMessagesInThreads, 0, ["Send Messages in Threads"]),
    ([.sendMessages, .addReactions], 0, ["Send Messages", "Add Reactions"]), (.sendMessages, 15, []),
    (.sendMessagesInThreads, 15, ["Send Messages in Threads"]), (.sendMessagesInThreads, 2, ["Connect"]),
    (
      .viewChannel, 0,
      ["View Channel", "Read Message History", "Send Messages", "Send Messages in Threads", "Add Reactions"]
    ),
  ]

  @Test(arguments: lacking.indices)
  func `what the bot lacks in a room is named as Discord names it`(index: Int) async throws {
    let (missing, kind, names) = Self.lacking[index]
    try await DiscordBench.with {
      $0.readsThreads = true
    } _: { bench in
      bench.discord.put(FakeDiscord.room(10, kind: kind))
      bench.discord.state.withLock {
        $0.permissions = DiscordPermissions.invitation.subtracting(missing).rawValue
      }
      let bad = try await Self.bad(bench.channel().findings())
      #expect(bad.count == (names.isEmpty ? 0 : 1))
      if !names.isEmpty { #expect(bad[0].contains("lacks \(names.joined(separator: ", ")):")) }
    }
  }

  @Test func `a category is no room, and what cannot be asked of a server is tried in the room`() async throws {
    try await DiscordBench.with { bench in
      bench.discord.put(FakeDiscord.room(10, kind: 4))
      let category = try await Self.bad(bench.channel().findings())
      #expect(category.count == 1 && category[0].contains("category"))
      bench.discord.put(FakeDiscord.room(10))
      bench.discord.fail("guilds/5", FakeDiscord.refuse(403, 50001))
      let tried = try await Self.bad(bench.channel().findings())
      #expect(tried == [])
      bench.discord.fail("guilds/5", FakeDiscord.refuse(403, 50001))
      bench.discord.fail("/messages", FakeDiscord.refuse(403, 50001))
      let closed = try await Self.bad(bench.channel().findings())
      #expect(closed.count == 1 && closed[0].contains("Read Message History"))
    }
  }

  @Test func `a token that is not good is found, and a server that cannot be asked is an error in words`() async throws
  {
    try await DiscordBench.with { bench in
      bench.discord.fail("users/@me", FakeDiscord.refuse(401, 0))
      let findings = try await bench.channel().findings()
      #expect(findings.count == 1 && Self.bad(findings).first?.contains("Developer Portal") == true)
      let answers: [(Responder.Answer, ChannelError.Code)] = [
        (FakeDiscord.refuse(500, 0), .serverError), (.json("{}"), .malformed), (.json("{"), .malformed),
        (FakeDiscord.refuse(429, 0, ["retry_after": 60, "global": true]), .rateLimited),
      ]
      for (answer, code) in answers {
        bench.discord.fail("users/@me", answer)
        let error = await #expect(throws: ChannelError.self) { try await bench.channel().findings() }
        #expect(error?.code == code && error?.isRetriable == true)
      }
      await bench.discord.stop()
      let gone = await #expect(throws: ChannelError.self) { try await bench.channel().findings() }
      #expect(gone?.code == .unreachable)
    }
  }

  // MARK: Permissions

  static let me = Snowflake(number: 77)

  static func permissions(
    everyone: DiscordPermissions = .invitation, roles: [DiscordPermissions] = [], owner: String = "1",
    changes: [(String, deny: DiscordPermissions, allow: DiscordPermissions)] = []
  ) -> DiscordPermissions {
    var list: [JSONValue] = [["id": "5", "permissions": .string("\(everyone.rawValue)")]]
    for (number, role) in roles.enumerated() {
      list.append(["id": .string("\(100 + number)"), "permissions": .string("\(role.rawValue)")])
    }
    // One that is not the bot's.
    list.append(["id": "900", "permissions": "8"])
    let overwrites: [JSONValue] = changes.map { id, deny, allow in
      ["id": .string(id), "deny": .string("\(deny.rawValue)"), "allow": .string("\(allow.rawValue)")]
    }
    return .of(
      me, guild: ["id": "5", "owner_id": .string(owner), "roles": .array(list)],
      member: ["roles": .array(roles.indices.map { .string("\(100 + $0)") })],
      room: ["permission_overwrites": .array(overwrites)])
  }

  @Test func `rights are those of everyone and of roles, changed by the room's own, in Discord's order`() {
    let send: DiscordPermissions = .sendMessages
    #expect(Self.permissions() == .invitation)
    #expect(Self.permissions(everyone: .viewChannel, roles: [send]) == [.viewChannel, send])
    #expect(Self.permissions(roles: [.administrator]).contains(.connect))
    #expect(Self.permissions(everyone: [], owner: "77").contains(.connect))
    #expect(!Self.permissions(changes: [("5", send, [])]).contains(send))
    // What one of the roles is allowed, another's ban does not take away; what the bot is denied, nothing gives.
    #expect(
      Self.permissions(roles: [[], []], changes: [("100", send, []), ("101", [], send)]).contains(send))
    #expect(Self.permissions(roles: [[]], changes: [("5", send, []), ("100", [], send)]).contains(send))
    #expect(!Self.permissions(roles: [[]], changes: [("100", [], send), ("77", send, [])]).contains(send))
    #expect(!Self.permissions(changes: [("900", [], .connect), ("77", [], [])]).contains(.connect))
    // Who cannot see a room can do nothing there.
    #expect(Self.permissions(changes: [("5", .viewChannel, [])]) == [])
    #expect(DiscordPermissions.of(Self.me, guild: ["id": "5"], member: [], room: .null) == [])
  }

  @Test func `the invitation asks for what is needed and no more`() {
    #expect(DiscordPermissions.invitation.rawValue == 274_877_975_616)
    #expect(DiscordPermissions.invitation.names.count == 5)
  }
}
