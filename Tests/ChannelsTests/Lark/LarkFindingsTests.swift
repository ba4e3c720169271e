import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

@Suite(.timeLimit(.minutes(2))) struct LarkFindingsTests {
  private static func bad(_ findings: [ChannelFinding]) -> [String] { findings.filter { !$0.isGood }.map(\.text) }

  @Test func `a good app is said to be good, with its bot, scopes and groups`() async throws {
    try await LarkBench.with { bench in
      let findings = try await bench.client().findings()
      #expect(Self.bad(findings) == [])
      let text = findings.map(\.text).joined(separator: "\n")
      #expect(text.contains("Greenroom") && text.contains("every scope") && text.contains("in 1 groups"))
      #expect(bench.fake.shown().isEmpty)
    }
  }

  @Test func `a wrong secret is a finding that names neither, and the other domain`() async throws {
    try await LarkBench.with { bench in
      let findings = try await bench.client(secret: "not-the-secret").findings()
      #expect(findings.count == 1 && !findings[0].isGood)
      #expect(findings[0].text.contains("Credentials & Basic Info") && findings[0].text.contains("'domain'"))
      #expect(!findings[0].text.contains("not-the-secret"))
    }
  }

  @Test func `an app without its bot is told what to add`() async throws {
    try await LarkBench.with { bench in
      bench.fake.failAlways(FakeLark.error(230_006), "bot/v3/info")
      let bad = try await Self.bad(bench.client().findings())
      #expect(bad.count == 1 && bad[0].contains("\"Bot\""))
    }
  }

  @Test(arguments: [(0, "publish a version"), (1, "administrator has turned"), (3, "publish a version")])
  func `an app that is not on is told of`(_ activation: Int, _ words: String) async throws {
    try await LarkBench.with { bench in
      bench.fake.state.withLock { $0.activation = activation }
      let bad = try await Self.bad(bench.client().findings())
      #expect(bad.count == 1 && bad[0].contains(words))
    }
  }

  @Test(arguments: LarkScope.wanted.indices)
  func `a missing scope is named, with what is not possible without it`(_ number: Int) async throws {
    try await LarkBench.with { bench in
      let scope = LarkScope.wanted[number]
      bench.fake.state.withLock { state in
        state.scopes = Set(LarkScope.wanted.flatMap(\.names)).subtracting(scope.names)
      }
      let bad = try await Self.bad(bench.client().findings())
      #expect(bad.contains { $0.contains("The scope \(scope.names[0]) is missing; without it \(scope.loss)") })
    }
  }

  @Test func `where the app may not ask for its scopes, a look at a room shows what is missing`() async throws {
    try await LarkBench.with { bench in
      bench.fake.state.withLock { $0.scopes = nil }
      let refusal = """
        {"code":99991672,"msg":"no","error":{"permission_violations":[{"type":"action_scope_required",\
        "subject":"im:message.group_msg"},{"subject":"<b>"},{"subject":"im:message.group_msg:readonly"}]}}
        """
      bench.fake.failAlways(.json(refusal, status: 400), "im/v1/messages")
      let bad = try await Self.bad(bench.client().findings())
      #expect(bad.count == 1)
      #expect(bad[0].contains("give the app im:message.group_msg or im:message.group_msg:readonly and publish"))
    }
  }

  @Test func `a bot that is in no group is told how to get into one`() async throws {
    try await LarkBench.with { bench in
      bench.fake.state.withLock { $0.rooms = [:] }
      let bad = try await Self.bad(bench.client().findings())
      #expect(bad.count == 1 && bad[0].contains("in no group"))
    }
  }

  @Test func `a room that the settings name and the bot is not in is named`() async throws {
    try await LarkBench.with { bench in
      bench.fake.state.withLock { $0.isMember["oc_other"] = false }
      let channel = try bench.client { $0.rooms = ["oc_other": RoomSettings()] }
      let bad = try await Self.bad(channel.findings())
      #expect(bad.count == 1 && bad[0].contains("oc_other") && bad[0].contains("add the bot"))
    }
  }

  @Test(arguments: [Responder.Answer.reset, .respond(status: 503), .json("{")])
  func `a server that cannot be asked is an error and no finding`(_ answer: Responder.Answer) async throws {
    try await LarkBench.with { bench in
      bench.fake.failAlways(answer)
      let channel = try bench.client()
      let error = await #expect(throws: ChannelError.self) { try await channel.findings() }
      #expect(error?.isRetriable == true)
    }
  }
}
