import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct MatrixLoginTests {
  static let password = MatrixSettings.Authentication.password(.environment("PASSWORD"))

  @Test func `one login serves for all starts, and its device is kept for its owner alone`() async throws {
    try await MatrixBench.with { bench in
      _ = try await bench.channel(Self.password).poll(after: nil)
      _ = try await bench.channel(Self.password).poll(after: nil)
      #expect(bench.server.logins.count == 1)
      let file = bench.folder.appending(path: "matrix-matrix.json").path(percentEncoded: false)
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      #expect(!(try String(contentsOfFile: file, encoding: .utf8)).contains("right"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.path(percentEncoded: false)).count == 1)
    }
  }

  @Test func `a token that is not good any more is renewed under the same device, once for all who find out`()
    async throws
  {
    try await MatrixBench.with { bench in
      let channel = try bench.channel(Self.password)
      let cursor = try await channel.poll(after: nil).cursor
      _ = try await channel.send(MatrixBench.reply("before", key: "0"))
      bench.server.revokeTokens()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask { _ = try await channel.send(MatrixBench.reply("after", key: "\(number)")) }
        }
        try await group.waitForAll()
      }
      #expect(bench.server.logins.count == 2 && Set(bench.server.logins).count == 1)
      // The one from before was known again by its transaction.
      #expect(bench.server.events(of: FakeHomeserver.bot).count == 20)
      bench.server.say("hello")
      #expect(try await channel.poll(after: cursor).messages.count == 1)
    }
  }

  @Test func `a login that is refused is said in words, without the password, and not tried by everybody at once`()
    async throws
  {
    try await MatrixBench.with { bench in
      let channel = try bench.channel(Self.password, password: "wrong-secret")
      for _ in 0..<5 {
        let error = await #expect(throws: ChannelError.self) { _ = try await channel.send(MatrixBench.reply("x")) }
        #expect(error?.code == .unauthorized && error?.isRetriable == true)
        #expect(error?.description.contains("wrong-secret") == false)
      }
      #expect(bench.server.requests.count { $0.path.hasSuffix("/login") } == 1)
    }
  }

  @Test func `an access token that is revoked is unauthorized until it is good again`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.server.revokeTokens()
      for _ in 0..<2 {
        let error = await #expect(throws: ChannelError.self) { _ = try await channel.poll(after: cursor) }
        #expect(error?.code == .unauthorized && error?.isRetriable == true)
      }
      bench.server.allow("token")
      bench.server.say("hello")
      let mended = try bench.channel()
      #expect(try await mended.poll(after: cursor).messages.count == 1)
    }
  }

  @Test func `a token of another user is refused before anything is done with it`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel { $0.user = "@other:example.org" }
      let error = await #expect(throws: ChannelError.self) { _ = try await channel.poll(after: nil) }
      #expect(error?.code == .unauthorized)
      #expect(!bench.server.requests.contains { $0.path.hasSuffix("/sync") })
    }
  }

  @Test func `a login of another account or server is not used for this one`() async throws {
    try await MatrixBench.with { bench in
      let file = MatrixStateFile(folder: bench.folder, channel: "matrix")
      try file.write(
        .init(homeserver: "https://other.example", user: FakeHomeserver.bot, device: "OLD", token: "token"))
      _ = try await bench.channel(Self.password).poll(after: nil)
      #expect(bench.server.logins.count == 1 && bench.server.logins.first != "OLD")
    }
  }

  static let damage: [(String, String)] = [
    ("empty", ""), ("no JSON", "x"), ("another shape", "[]"), ("no device", "{\"homeserver\":\"a\",\"user\":\"b\"}"),
  ]

  @Test(arguments: damage)
  func `a damaged login file is named, and not written over`(_ name: String, _ text: String) async throws {
    try await MatrixBench.with { bench in
      let file = bench.folder.appending(path: "matrix-matrix.json")
      try Data(text.utf8).write(to: file)
      chmod(file.path(percentEncoded: false), 0o600)
      let error = await #expect(throws: ChannelError.self) {
        _ = try await bench.channel(Self.password).poll(after: nil)
      }
      #expect(error?.description.contains("matrix-matrix.json is damaged") == true)
      #expect(bench.server.logins.isEmpty)
      #expect(try Data(contentsOf: file) == Data(text.utf8))
    }
  }

  @Test func `a login file that others can read, or that is a link or a folder, is not used`() async throws {
    try await MatrixBench.with { bench in
      let path = bench.folder.appending(path: "matrix-matrix.json").path(percentEncoded: false)
      let good =
        "{\"homeserver\":\"\(bench.server.baseURL)\",\"user\":\"\(FakeHomeserver.bot)\",\"device_id\":\"D\",\"access_token\":\"token\"}"
      try Data(good.utf8).write(to: URL(filePath: path))
      chmod(path, 0o644)
      var error = await #expect(throws: ChannelError.self) {
        _ = try await bench.channel(Self.password).poll(after: nil)
      }
      #expect(error?.description.contains("chmod 600") == true)
      chmod(path, 0o600)
      _ = try await bench.channel(Self.password).poll(after: nil)
      #expect(bench.server.logins.isEmpty)
      try FileManager.default.moveItem(atPath: path, toPath: path + ".elsewhere")
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + ".elsewhere")
      error = await #expect(throws: ChannelError.self) { _ = try await bench.channel(Self.password).poll(after: nil) }
      #expect(error != nil)
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      error = await #expect(throws: ChannelError.self) { _ = try await bench.channel(Self.password).poll(after: nil) }
      #expect(error != nil)
    }
  }

  @Test func `a server that is not one at the login`() async throws {
    for answer: Responder.Answer in [
      .json("{}"), .json("{\"access_token\":\"a\\nb\",\"user_id\":\"@bot:example.org\"}"),
      .json("{\"access_token\":\"t\",\"user_id\":\"@other:example.org\"}"), .respond(status: 200), .reset,
      FakeHomeserver.refuse(429, "M_LIMIT_EXCEEDED", ["retry_after_ms": 100]),
      FakeHomeserver.refuse(403, "M_USER_DEACTIVATED"),
    ] {
      try await MatrixBench.with { bench in
        bench.server.fail(answer, on: "/login")
        let error = await #expect(throws: ChannelError.self) {
          _ = try await bench.channel(Self.password).poll(after: nil)
        }
        #expect(error?.isRetriable == true)
        // A new start goes on with the device that was made.
        _ = try await bench.channel(Self.password).poll(after: nil)
        #expect(bench.server.logins.count == 1)
      }
    }
  }

  @Test func `settings that cannot work are named before anything runs`() async throws {
    try await MatrixBench.with { bench in
      for (change, words): ((inout MatrixSettings) -> Void, String) in [
        ({ $0.homeserver = "matrix.example.org" }, "homeserver"),
        ({ $0.authentication = .password(.environment("MISSING")) }, "MISSING"),
        ({ $0.authentication = .accessToken(.file("nothing")) }, "nothing"),
      ] {
        let error = #expect(throws: ChannelSetupError.self) { _ = try bench.channel(change: change) }
        #expect(error?.description.contains(words) == true)
      }
    }
  }
}
