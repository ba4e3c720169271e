import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// Starting, changing and stopping the bot.
  @Suite struct RunTests {
    @Test func `SIGTERM ends it within two seconds in the middle of a long poll`() async throws {
      let chat = ScriptedChat(polls: [])
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base, wait: 60)) { workspace in
        let bot = try workspace.startBot()
        #expect(await chat.pollRequests.wait(within: .seconds(20)) { $0.count == 1 })
        try await Self.expectEnd(of: bot, SIGTERM)
        let again = try workspace.startBot()
        #expect(await chat.pollRequests.wait(within: .seconds(20)) { $0.count == 2 })
        try await Self.expectEnd(of: again, SIGINT)
      }
      await chat.stop()
    }

    @Test func `SIGTERM in the middle of a reply leaves it to the next start, under the same key`() async throws {
      let page = BadInputTests.page([BadInputTests.good("m1")], "1")
      let chat = ScriptedChat(polls: [page], sends: [.hang])
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try workspace.startBot()
        #expect(await chat.replyRequests.wait(within: .seconds(20)) { $0.count == 1 })
        try await Self.expectEnd(of: bot, SIGTERM)
        let next = try workspace.startBot()
        #expect(await chat.replyRequests.wait(within: .seconds(20)) { $0.count == 2 })
        await next.stop()
        #expect(Set(chat.replies).count == 1)
      }
      await chat.stop()
    }

    @Test func `after SIGTERM the ledger is one file, and alone holds everything`() async throws {
      let chat = ScriptedChat(polls: [BadInputTests.page([BadInputTests.good("m1")], "1")])
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try workspace.startBot()
        #expect(await chat.replyRequests.wait(within: .seconds(20)) { $0.count == 1 })
        await bot.stop()
        let files = try FileManager.default.contentsOfDirectory(atPath: workspace.data).sorted()
        // Beside what can be worked out again.
        #expect(files.filter { $0 != "cache" } == ["greenroom.lock", "ledger.sqlite"])
        try FileManager.default.createDirectory(atPath: workspace.file("copy"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
          atPath: workspace.file("data/ledger.sqlite"), toPath: workspace.file("copy/ledger.sqlite"))
        let log = try await greenroom(
          "log", "--json", "--workspace", workspace.path, "--data", workspace.file("copy"))
        #expect(log.lines.count == 2)
      }
      await chat.stop()
    }

    @Test func `SIGTERM ends it while the server is away`() async throws {
      try await TestWorkspace.with(settings: TestWorkspace.webhook("http://127.0.0.1:9")) { workspace in
        let bot = try workspace.startBot()
        #expect(await bot.errors.wait(within: .seconds(20)) { $0.contains("nothing accepts connections") })
        try await Self.expectEnd(of: bot, SIGTERM)
      }
    }

    @Test func `a second bot on the same data folder is refused, and the first goes on`() async throws {
      let chat = ScriptedChat(polls: [])
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try workspace.startBot()
        #expect(await chat.pollRequests.wait(within: .seconds(20)) { $0.count == 1 })
        let second = try workspace.startBot()
        #expect(await second.end() == 2)
        #expect(second.errors.value.contains("Another bot"))
        #expect(second.errors.value.contains("Stop it, or name another data folder."))
        #expect(bot.isRunning)
        #expect(chat.pollRequests.value.count == 1)
        await bot.stop()
      }
      await chat.stop()
    }

    @Test func `a changed article is live without a restart, a broken change is not`() async throws {
      let server = WebhookServer()
      let base = try await server.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try workspace.startBot()
        server.enqueue([IncomingMessage(id: "m1", conversation: "a", text: "payout schedule")])
        #expect(await server.waitForReplies(1, deadline: .seconds(20)))
        try workspace.write("---\ntitle: When payouts are sent\n---\nPayouts go out on the 20th.\n", to: Self.article)
        #expect(await bot.errors.wait(within: .seconds(20)) { $0.contains("has changed and is live") })
        server.enqueue([IncomingMessage(id: "m2", conversation: "a", text: "payout schedule")])
        #expect(await server.waitForReplies(2, deadline: .seconds(20)))
        try workspace.write("---\ntitel: x\n---\nPayouts go out never.\n", to: Self.article)
        #expect(await bot.errors.wait(within: .seconds(20)) { $0.contains("the last good version stays") })
        #expect(await bot.errors.wait(within: .seconds(20)) { $0.contains("knowledge/payouts/schedule.md:2:1") })
        server.enqueue([IncomingMessage(id: "m3", conversation: "a", text: "payout schedule")])
        #expect(await server.waitForReplies(3, deadline: .seconds(20)))
        await bot.stop()
        #expect(server.replies().map { $0.text.contains("15th") } == [true, false, false])
        #expect(server.replies().map { $0.text.contains("20th") } == [false, true, true])
      }
      await server.stop()
    }

    private static let article = "knowledge/payouts/schedule.md"

    @Test func `a broken workspace is not started, and every error is listed`() async throws {
      try await TestWorkspace.with { workspace in
        try workspace.write("intents:\n  - id: a\n    tilte: x\n    answer: y\n", to: "intents/broken.yml")
        try workspace.write("---\ntitle: x\nvalid_from: soon\n---\nBody.\n", to: "knowledge/broken.md")
        let bot = try workspace.startBot()
        #expect(await bot.end() == 2)
        #expect(bot.errors.value.contains("intents/broken.yml:3:5: error:"))
        #expect(bot.errors.value.contains("knowledge/broken.md:3:13: error:"))
        #expect(bot.errors.value.contains("2 errors"))
        #expect(!FileManager.default.fileExists(atPath: workspace.data))
      }
    }

    @Test func `a missing workspace is named by every command that needs one`() async throws {
      for command in [["run"], ["ask", "hello"], ["chat"], ["test"], ["evaluate", "--questions", "/dev/null"]] {
        let program = try RunningProgram(command + ["--workspace", "/nonexistent/desk"])
        #expect(await program.end() == 2, "\(command)")
        #expect(program.errors.value.contains("/nonexistent/desk"), "\(command): \(program.errors.value)")
      }
      #expect(try await greenroom("check", "--workspace", "/nonexistent/desk").code == 1)
    }

    @Test func `a secret that is not there is named, and nothing is polled`() async throws {
      let chat = ScriptedChat(polls: [])
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try RunningProgram(["run", "--workspace", workspace.path, "--data", workspace.data])
        #expect(await bot.end() == 2)
        #expect(bot.errors.value.contains("E2E_TOKEN is not set"))
        #expect(chat.pollRequests.value.isEmpty)
      }
      await chat.stop()
    }

    @Test func `a token from a file that only its owner reads is sent`() async throws {
      let chat = ScriptedChat(polls: [])
      let base = try await chat.start()
      let settings = TestWorkspace.webhook(base).replacing("{env: E2E_TOKEN}", with: "{file: secrets/token}")
      try await TestWorkspace.with(settings: settings) { workspace in
        try workspace.write("file-token\n", to: "secrets/token")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: workspace.file("secrets/token"))
        let open = try workspace.startBot()
        #expect(await open.end() == 2, "a secret that everybody can read was taken")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: workspace.file("secrets/token"))
        let bot = try workspace.startBot()
        #expect(await chat.pollRequests.wait(within: .seconds(20)) { $0.count == 1 })
        #expect(chat.pollRequests.value.first?.header("Authorization") == "Bearer file-token")
        await bot.stop()
        #expect(!bot.errors.value.contains("file-token"))
      }
      await chat.stop()
    }

    @Test func `a damaged ledger is refused with what to do, and left as it is`() async throws {
      // So many that SQLite moves them from its write-ahead log into the file.
      let messages = (0..<1_200).map { BadInputTests.good("m\($0)", conversation: "c\($0 % 50)") }
      let chat = ScriptedChat(polls: [BadInputTests.page(messages, "1")])
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try workspace.startBot()
        #expect(await chat.replyRequests.wait(within: .seconds(60)) { $0.count == messages.count })
        await bot.stop()
        let ledger = URL(filePath: workspace.file("data/ledger.sqlite"))
        let whole = try Data(contentsOf: ledger)
        try #require(whole.count > 200_000)
        var overwritten = whole
        overwritten.replaceSubrange(8_192..<120_000, with: Data(repeating: 0xA5, count: 120_000 - 8_192))
        for damaged in [Data("this is no ledger\n".utf8), whole.prefix(60_000), overwritten] {
          for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: ledger.path(percentEncoded: false) + suffix)
          }
          try damaged.write(to: ledger)
          let next = try workspace.startBot()
          #expect(await next.end(within: .seconds(20)) == 2, "it was started on \(damaged.count) bytes")
          #expect(next.errors.value.contains("damaged") && next.errors.value.contains("backup"), "\(next.errors.value)")
          #expect(try Data(contentsOf: ledger) == damaged)
          #expect(try await workspace.run("ticket", "list").code == 2)
        }
      }
      await chat.stop()
    }

    @Test func `a data folder that cannot be made or is a file is refused with what to do`() async throws {
      try await TestWorkspace.with(settings: TestWorkspace.webhook("http://127.0.0.1:9")) { workspace in
        for data in ["/proc/greenroom-data", workspace.file("greenroom.yml")] {
          let bot = try RunningProgram(
            ["run", "--workspace", workspace.path, "--data", data], environment: TestWorkspace.environment)
          #expect(await bot.end() == 2, "\(data)")
          #expect(bot.errors.value.contains(data) && bot.errors.value.contains("folder"), "\(bot.errors.value)")
        }
      }
    }

    private static func expectEnd(
      of bot: RunningProgram, _ signal: Int32, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let clock = ContinuousClock()
      let start = clock.now
      bot.signal(signal)
      #expect(await bot.end() == 0, "\(bot.errors.value)", sourceLocation: sourceLocation)
      #expect(clock.now - start < .seconds(2), sourceLocation: sourceLocation)
    }
  }
}
