import JSON
import Support
import TestSupport
import Testing

@testable import Channels

/// What `findings` says of the bot's side of things.
@Suite struct TelegramSetUpTests {
  static func findings(
    of settings: (inout TelegramSettings) -> Void = { _ in }, me: JSONObject = [:], hook: String = "",
    members: [Int: JSONValue] = [:]
  ) async throws -> [ChannelFinding] {
    var found: [ChannelFinding] = []
    try await TelegramBench.with {
      $0.groups = .addressed
      settings(&$0)
    } _: { bench in
      var bot: JSONObject = [
        "id": .integer(FakeTelegram.bot), "is_bot": true, "first_name": "Green", "username": "GreenRoomBot",
        "can_join_groups": true, "can_read_all_group_messages": false,
      ]
      for field in me { bot[field.key] = field.value }
      bench.telegram.fail("getMe", FakeTelegram.ok(.object(bot)))
      bench.telegram.fail("getWebhookInfo", FakeTelegram.ok(["url": .string(hook)]))
      for (chat, member) in members { bench.telegram.setMember(of: chat, member) }
      found = try await bench.channel().findings()
    }
    return found
  }

  static func bad(_ findings: [ChannelFinding]) -> [String] { findings.filter { !$0.isGood }.map(\.text) }

  @Test func `all is well`() async throws {
    let findings = try await Self.findings()
    #expect(Self.bad(findings) == [])
    #expect(findings.first?.text == "The token is good: the bot is @GreenRoomBot.")
    #expect(
      findings.contains { $0.text.contains("No webhook") } && findings.contains { $0.text.contains("privacy mode") })
  }

  @Test func `a webhook keeps the bot from being polled`() async throws {
    let bad = try await Self.bad(Self.findings(hook: "https://x.example/secret-path"))
    #expect(bad.count == 1 && bad[0].contains("409") && bad[0].contains("deleteWebhook"))
    #expect(!bad[0].contains("secret-path"))
  }

  @Test func `a bot that is to answer everything must see everything`() async throws {
    let bad = try await Self.bad(Self.findings(of: { $0.groups = .always }))
    #expect(bad.count == 1 && bad[0].contains("/setprivacy"))
    #expect(
      try await Self.bad(Self.findings(of: { $0.groups = .always }, me: ["can_read_all_group_messages": true])) == [])
    #expect(
      try await Self.bad(
        Self.findings(of: { $0.rooms["-5"] = .init(answering: .always) }, members: [-5: ["status": "member"]])
      ).count == 1)
  }

  @Test func `a bot that nobody may add to groups is of no use there`() async throws {
    let bad = try await Self.bad(Self.findings(me: ["can_join_groups": false]))
    #expect(bad.count == 1 && bad[0].contains("/setjoingroups"))
    #expect(
      try await Self.bad(Self.findings(of: { $0.groups = .never }, me: ["can_join_groups": false])) == [])
  }

  static let places: [(String, JSONValue?, Bool, String)] = [
    ("an administrator", ["status": "administrator"], true, "hears of reactions"),
    ("a member", ["status": "member"], true, "only as an administrator"),
    (
      "one who may write", ["status": "restricted", "is_member": true, "can_send_messages": true], true,
      "is in the group"
    ),
    (
      "one who may not", ["status": "restricted", "is_member": true, "can_send_messages": false], false, "may not write"
    ),
    ("restricted and gone", ["status": "restricted", "is_member": false], false, "is not in the group"),
    ("gone", ["status": "left"], false, "is not in the group"),
    ("thrown out", ["status": "kicked"], false, "is not in"),
    ("a status of next year", ["status": "dreaming"], false, "is not in the group"),
    ("nowhere", nil, false, "does not know"),
  ]

  @Test(arguments: places.indices)
  func `what the bot may do in a group that is named is said`(index: Int) async throws {
    let (name, member, isGood, says) = Self.places[index]
    let findings = try await Self.findings(
      of: { $0.rooms["-5"] = .init() }, members: member.map { [-5: $0] } ?? [:])
    #expect(findings.last?.isGood == isGood, "\(name)")
    #expect(findings.last?.text.contains(says) == true && findings.last?.text.contains("-5") == true, "\(name)")
  }

  @Test func `a group that has another number by now, and one that is not answered`() async throws {
    try await TelegramBench.with {
      $0.rooms["-5"] = .init()
      $0.rooms["-6"] = .init(answering: .never)
      $0.rooms["42"] = .init(agency: "Lumen")
    } _: { bench in
      bench.telegram.fail("getChatMember", FakeTelegram.refuse(400, "Bad Request: x", ["migrate_to_chat_id": -1_009]))
      let bad = try await Self.bad(bench.channel().findings())
      #expect(bad.count == 1 && bad[0].contains("-1009"))
      #expect(bench.telegram.calls("getChatMember").count == 1)
    }
  }

  @Test func `a token that is not good is found, and a server that cannot be asked is an error in words`() async throws
  {
    try await TelegramBench.with { bench in
      for status in [401, 404] {
        bench.telegram.fail("getMe", FakeTelegram.refuse(status, "x"))
        let findings = try await bench.channel().findings()
        #expect(findings.count == 1 && Self.bad(findings).first?.contains("@BotFather") == true)
      }
      let answers: [(Responder.Answer, ChannelError.Code)] = [
        (.respond(status: 404, body: Array("<html>".utf8)), .unauthorized),
        (FakeTelegram.refuse(500, "x"), .serverError), (FakeTelegram.ok(["id": "x"]), .malformed),
        (FakeTelegram.refuse(429, "x", ["retry_after": 3]), .rateLimited), (.json("{"), .malformed),
      ]
      for (answer, code) in answers {
        bench.telegram.fail("getMe", answer)
        let error = await #expect(throws: ChannelError.self) { try await bench.channel().findings() }
        #expect(error?.code == code && error?.isRetriable == true)
      }
      await bench.telegram.stop()
      let gone = await #expect(throws: ChannelError.self) { try await bench.channel().findings() }
      #expect(gone?.code == .unreachable)
    }
  }
}
