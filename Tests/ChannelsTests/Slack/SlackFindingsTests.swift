import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

@Suite(.timeLimit(.minutes(2))) struct SlackFindingsTests {
  private static func bad(_ findings: [ChannelFinding]) -> [String] { findings.filter { !$0.isGood }.map(\.text) }

  @Test func `a good token is said to be good, with the bot, the workspace and its channels`() async throws {
    try await SlackBench.with { bench in
      let findings = try await bench.client().findings()
      #expect(Self.bad(findings) == [])
      let text = findings.map(\.text).joined(separator: "\n")
      #expect(text.contains("@greenroom") && text.contains("North") && text.contains("every scope"))
      #expect(text.contains("reads 1 of"))
      #expect(bench.fake.shown().isEmpty)
    }
  }

  @Test(arguments: [
    ("xoxp-1", "a person's"), ("xapp-1", "an app-level token"), ("xoxe.xoxb-1", "ends within hours"),
    ("xoxc-1", "a browser's"), ("secret", "no token that Slack gives to bots"),
  ])
  func `a token of the wrong kind is named by its kind and not repeated`(_ token: String, _ word: String) async throws {
    try await SlackBench.with { bench in
      let findings = try await bench.client(token: token).findings()
      #expect(Self.bad(findings).count == 1 && findings.count == 1)
      #expect(findings[0].text.contains(word) && findings[0].text.contains("xoxb-"))
      #expect(!findings[0].text.contains(token))
    }
  }

  @Test func `a person's token that Slack takes is told from the bot's`() async throws {
    try await SlackBench.with { bench in
      bench.fake.state.withLock { $0.tokenIsBots = false }
      let bad = try await Self.bad(bench.client().findings())
      #expect(bad.count == 1 && bad[0].contains("a person's"))
    }
  }

  @Test(arguments: ["token_revoked", "account_inactive", "invalid_auth"])
  func `a token that is not good any more is a finding, and no failure`(_ code: String) async throws {
    try await SlackBench.with { bench in
      bench.fake.failAlways(FakeSlack.error(code), ["auth.test"])
      let bad = try await Self.bad(bench.client().findings())
      #expect(bad.count == 1 && bad[0].contains(code))
    }
  }

  @Test(arguments: SlackScope.wanted.map(\.name))
  func `a missing scope is named, with what is not possible without it, and the rest works`(_ name: String) async throws
  {
    try await SlackBench.with { bench in
      bench.fake.state.withLock {
        $0.scopes = SlackScope.wanted.map(\.name).filter { $0 != name }.joined(separator: ", ")
        $0.rooms["D0ANNA"] = []
      }
      let channel = try bench.client()
      let bad = try await Self.bad(channel.findings())
      #expect(bad.count == 1)
      #expect(bad.first?.contains("The scope \(name) is missing; without it ") == true)
      // Rooms of the other kinds are read all the same.
      _ = try await channel.poll(after: nil)
    }
  }

  @Test func `a bot that is in no channel is told how to get into one`() async throws {
    try await SlackBench.with { bench in
      bench.fake.state.withLock { $0.rooms = [:] }
      let bad = try await Self.bad(bench.client().findings())
      #expect(bad.count == 1 && bad[0].contains("/invite @greenroom"))
    }
  }

  @Test func `a channel that the settings name and the bot cannot see is named`() async throws {
    try await SlackBench.with { bench in
      bench.fake.state.withLock {
        $0.rooms["C0SECRET"] = []
        $0.isMember["C0SECRET"] = false
      }
      let channel = try bench.client {
        $0.rooms = ["C0SECRET": RoomSettings(), "C0NONE": RoomSettings(), "C0NEVER": RoomSettings(answering: .never)]
      }
      let bad = try await Self.bad(channel.findings())
      #expect(bad.count == 2)
      #expect(bad[0].contains("C0NONE") && bad[0].contains("channel_not_found"))
      #expect(bad[1].contains("C0SECRET") && bad[1].contains("invite the bot"))
    }
  }

  @Test(arguments: [Responder.Answer.reset, .respond(status: 503), .json("{")])
  func `a server that cannot be asked is an error and no finding`(_ answer: Responder.Answer) async throws {
    try await SlackBench.with { bench in
      bench.fake.failAlways(answer, ["*"])
      let channel = try bench.client()
      let error = await #expect(throws: ChannelError.self) { try await channel.findings() }
      #expect(error?.isRetriable == true)
    }
  }
}
