import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

/// What `findings` says of the bot's side of things.
@Suite struct MatrixFindingsTests {
  static func bad(_ findings: [ChannelFinding]) -> [String] { findings.filter { !$0.isGood }.map(\.text) }

  static func has(_ findings: [ChannelFinding], _ words: String) -> Bool {
    findings.contains { $0.text.contains(words) }
  }

  @Test func `all is well, and nothing is written to any room`() async throws {
    try await MatrixBench.with { bench in
      let findings = try await bench.channel().findings()
      #expect(Self.bad(findings) == [])
      for words in [
        "Matrix v1.11", "The access token is good: the bot is @bot:example.org, on the device D", "\"Greenroom\"",
        "It is in 1 room.", "invitations from everybody on example.org",
      ] {
        #expect(Self.has(findings, words), "\(words)")
      }
      #expect(bench.server.requests.allSatisfy { $0.method == "GET" })
    }
  }

  @Test func `a login with the password is kept for the run that follows`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel(MatrixLoginTests.password)
      #expect(Self.has(try await channel.findings(), "The login is good: the bot is @bot:example.org"))
      _ = try await bench.channel(MatrixLoginTests.password).poll(after: nil)
      #expect(bench.server.logins.count == 1)
    }
  }

  @Test func `a password or token that is not good is a finding, and shows itself nowhere`() async throws {
    try await MatrixBench.with { bench in
      let findings = try await bench.channel(MatrixLoginTests.password, password: "wrong-secret").findings()
      #expect(Self.bad(findings).count == 1 && Self.has(findings, "does not take the bot's user and password"))
      #expect(!Self.has(findings, "wrong-secret"))
      bench.server.revokeTokens()
      let revoked = try await bench.channel().findings()
      #expect(Self.bad(revoked).count == 1 && Self.has(revoked, "not good any more"))
      bench.server.allow("token")
      let other = try await bench.channel { $0.user = "@other:example.org" }.findings()
      #expect(Self.bad(other).count == 1 && Self.has(other, "belongs to another user"))
    }
  }

  @Test func `a kept login that has ended is made anew`() async throws {
    try await MatrixBench.with { bench in
      _ = try await bench.channel(MatrixLoginTests.password).findings()
      bench.server.revokeTokens()
      #expect(Self.bad(try await bench.channel(MatrixLoginTests.password).findings()) == [])
      #expect(bench.server.logins.count == 2 && Set(bench.server.logins).count == 1)
    }
  }

  static let noServers: [(String, Responder.Answer)] = [
    ("a page", .respond(status: 200, body: Array("<html>".utf8))), ("another JSON", .json("{}")),
    ("a list", .json("[]")), ("no such page", .respond(status: 404)), ("a way elsewhere", .respond(status: 301)),
  ]

  @Test(arguments: noServers.indices)
  func `an address at which no homeserver answers`(_ number: Int) async throws {
    try await MatrixBench.with { bench in
      bench.server.fail(Self.noServers[number].1, on: "/versions")
      let findings = try await bench.channel().findings()
      #expect(findings.count == 1 && Self.has(findings, "is no homeserver"), "\(Self.noServers[number].0)")
    }
  }

  @Test func `a homeserver that is too old`() async throws {
    for versions in ["[]", "[\"r0.6.1\"]", "[\"v1\", \"v1.x\", 7]"] {
      try await MatrixBench.with { bench in
        bench.server.fail(.json("{\"versions\":\(versions)}"), on: "/versions")
        let findings = try await bench.channel().findings()
        #expect(findings.count == 1 && Self.has(findings, "too old"))
      }
    }
  }

  @Test func `a server that is away, or gives no answers, is no finding`() async throws {
    for (answer, part): (Responder.Answer, String) in [
      (.respond(status: 502), "/versions"), (.reset, "/versions"), (.json("{}"), "/joined_rooms"),
      (.json("{}"), "/sync"), (FakeHomeserver.refuse(429, "M_LIMIT_EXCEEDED"), "/joined_rooms"),
    ] {
      try await MatrixBench.with { bench in
        bench.server.fail(answer, on: part)
        await #expect(throws: ChannelError.self, "\(part)") { _ = try await bench.channel().findings() }
      }
    }
  }

  @Test func `invitations that wait, and who they are from`() async throws {
    try await MatrixBench.with { bench in
      bench.server.invite(to: "!new:example.org", by: "@anna:example.org")
      bench.server.invite(to: "!far:other.org", by: "@mallory:other.org")
      let findings = try await bench.channel().findings()
      #expect(Self.bad(findings) == [])
      #expect(Self.has(findings, "from @anna:example.org to !new:example.org waits, and is accepted"))
      #expect(Self.has(findings, "from @mallory:other.org to !far:other.org waits and is not accepted"))
      let named = try await bench.channel { $0.inviters = ["other.org"] }.findings()
      #expect(Self.has(named, "@mallory:other.org to !far:other.org waits, and is accepted"))
      #expect(Self.has(named, "It accepts invitations from other.org."))
    }
  }

  @Test func `an encrypted room cannot be read, unless nothing is to be read there`() async throws {
    try await MatrixBench.with { bench in
      bench.server.put(
        "m.room.encryption", in: FakeHomeserver.room, content: ["algorithm": "m.megolm.v1.aes-sha2"], stateKey: "")
      let findings = try await bench.channel().findings()
      #expect(Self.bad(findings).count == 1 && Self.has(findings, "One of them is encrypted"))
      #expect(Self.has(findings, FakeHomeserver.room))
      let silent = try await bench.channel { $0.rooms[FakeHomeserver.room] = .init(answering: .never) }.findings()
      #expect(Self.bad(silent) == [])
    }
  }

  @Test func `a room that the settings name and the bot is not in`() async throws {
    try await MatrixBench.with { bench in
      let findings = try await bench.channel {
        $0.rooms = ["!gone:example.org": .init(), "!quiet:example.org": .init(answering: .never)]
      }.findings()
      #expect(Self.bad(findings).count == 1 && Self.has(findings, "not in !gone:example.org"))
    }
  }

  @Test func `in no room yet: that is how it begins`() async throws {
    try await MatrixBench.with(members: ["@anna:example.org"]) { bench in
      let findings = try await bench.channel().findings()
      #expect(Self.bad(findings) == [] && Self.has(findings, "invite @bot:example.org"))
    }
  }

  @Test func `names that others chose bring no line of their own`() async throws {
    try await MatrixBench.with { bench in
      bench.server.fail(.json("{\"displayname\":\"Green\\n\\u001b[2Jroom\"}"), on: "/profile/")
      let findings = try await bench.channel().findings()
      #expect(Self.has(findings, "Green[2Jroom"))
      #expect(findings.allSatisfy { !$0.text.contains("\n") && !$0.text.contains("\u{1B}") })
    }
  }
}
