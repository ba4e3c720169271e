import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// What staff do about replies that are held, beside a running bot.
  @Suite struct HeldReplyTests {
    private static func aside(_ workspace: TestWorkspace) async throws -> [JSONValue] {
      try await workspace.run("log", "--set-aside", "--json").lines.map { try JSONValue.parse($0) }
    }

    private static func heldReplies(_ count: Int, _ workspace: TestWorkspace) async throws -> [JSONValue] {
      for _ in 0..<100 {
        let held = try await aside(workspace).filter { $0["kind"]?.string == "held" }
        if held.count == count { return held }
      }
      return []
    }

    @Test func `a held reply is released or dropped, by whom is kept, and a running bot sends at once`() async throws {
      let polls = ["m1", "m2", "m3"].enumerated().map { number, id in
        BadInputTests.page([BadInputTests.good(id, conversation: "room \(id)")], "\(number + 1)")
      }
      let chat = ScriptedChat(polls: polls, sends: Array(repeating: .json("{}", status: 400), count: 3))
      try await BadInputTests.run(chat) { workspace, _ in
        #expect(await chat.replyRequests.wait(within: .seconds(30)) { $0.count == 3 })
        let held = try await Self.heldReplies(3, workspace)
        func number(_ message: String) throws -> String {
          String(try #require(held.first { $0["id"]?.string == message }?["reply"]?.int))
        }
        let (first, second, third) = (try number("m1"), try number("m2"), try number("m3"))
        let table = try await workspace.run("log", "--set-aside")
        #expect(table.output.contains("reply \(first)") && table.output.contains("'greenroom log release \(first)'"))

        let released = try await workspace.run("log", "release", first, "--as", "Ines")
        #expect(released.code == 0 && released.output.contains("Reply \(first) in vendor/room m1 is released"))
        #expect(await chat.replyRequests.wait(within: .seconds(20)) { $0.count == 4 })
        #expect(chat.replies.last == chat.replies.first { $0.inReplyTo == "m1" })
        let dropped = try await workspace.run("log", "drop", second, "--as", "Jo")
        #expect(dropped.code == 0 && dropped.output.contains("dropped"))
        let arrived = try await workspace.run("log", "drop", third, "--arrived", "--as", "Jo")
        #expect(arrived.code == 0 && arrived.output.contains("counts as sent"))

        let after = try await Self.aside(workspace)
        let outcomes = after.map { "\($0["id"]?.string ?? "") \($0["outcome"]?["verdict"]?.string ?? "")" }
        #expect(outcomes.sorted() == ["m1 released", "m2 dropped", "m3 arrived"])
        #expect(after.allSatisfy { $0["outcome"]?["by"]?.string == ($0["id"]?.string == "m1" ? "Ines" : "Jo") })
        let names = try await workspace.run("log", "--set-aside").output
        #expect(names.contains("released by Ines") && names.contains("dropped by Jo"))
        #expect(!names.contains("'greenroom log release"))

        for (arguments, complaint) in [
          (["release", second], "Jo dropped it"), (["drop", first], "it was sent"), (["drop", third], "it was sent"),
          (["release", "999"], "no reply 999"), (["release", "1"], "is no reply"),
        ] {
          let program = try RunningProgram(
            ["log"] + arguments + ["--workspace", workspace.path, "--data", workspace.data])
          #expect(await program.end() == 2, "\(arguments)")
          #expect(program.errors.value.contains(complaint), "\(arguments): \(program.errors.value)")
        }
        for arguments in [["release"], ["release", "x"], ["drop", "1.5"], ["release", first, "--arrived"]] {
          let program = try RunningProgram(["log"] + arguments)
          #expect(await program.end() == 64, "\(arguments)")
        }
        #expect(chat.replies.count == 4)
      }
    }

    @Test(.timeLimit(.minutes(3)))
    func `killed while it sends to a server that shows a text twice, it leaves no question without a word to staff`()
      async throws
    {
      var random = SeededGenerator(seed: 0x6865_6C64)
      let telegram = TelegramStandIn()
      let base = try await telegram.start()
      let settings = """
        name: Sample Desk
        chat: {enabled: false}
        channels:
          - {name: tg, type: telegram, token: {env: E2E_TOKEN}, server: "\(base)", wait: 0, typing: no}
        """
      try await TestWorkspace.with(settings: settings) { workspace in
        var asked: [String] = []
        for _ in 0..<8 {
          let count = Int.random(in: 1...6, using: &random)
          for _ in 0..<count { asked.append(telegram.ask("opening hours", in: Int.random(in: 1...4, using: &random))) }
          let before = telegram.stuck.value
          telegram.cut(after: Int.random(in: 0..<count, using: &random), arrives: Bool.random(using: &random))
          let bot = try workspace.startBot(environment: ["E2E_TOKEN": TelegramStandIn.token])
          #expect(await telegram.stuck.wait(within: .seconds(30)) { $0 > before }, "\(bot.errors.value)")
          bot.signal(SIGKILL)
          _ = await bot.end()
          telegram.restore()
        }
        let bot = try workspace.startBot(environment: ["E2E_TOKEN": TelegramStandIn.token])
        try await Self.check(asked, telegram, workspace)
        await bot.stop()
      }
      await telegram.stop()
    }

    private static func check(_ asked: [String], _ telegram: TelegramStandIn, _ workspace: TestWorkspace) async throws {
      // Every question is answered or held: first that it comes to be so, then that it is exactly so.
      var names: [String] = []
      for _ in 0..<200 {
        names = try await aside(workspace).compactMap { $0["id"]?.string }
        if Set(telegram.answered.value + names).isSuperset(of: asked) { break }
      }
      let shown = telegram.answered.value
      #expect(Set(shown).count == shown.count, "answered twice")
      #expect(asked.filter { !shown.contains($0) && !names.contains($0) } == [], "lost")
      #expect(Set(names).count == names.count && Set(names).isSubset(of: Set(asked)))
      #expect(!names.isEmpty && names.count < asked.count)
      // What is not in the chat is released, and then all of it is there.
      for item in try await aside(workspace) {
        let (name, reply) = (try #require(item["id"]?.string), try #require(item["reply"]?.int))
        let act = shown.contains(name) ? ["drop", "\(reply)", "--arrived"] : ["release", "\(reply)"]
        let program = try RunningProgram(["log"] + act + ["--workspace", workspace.path, "--data", workspace.data])
        #expect(await program.end() == 0, "\(program.errors.value)")
      }
      #expect(await telegram.answered.wait(within: .seconds(30)) { $0.count == asked.count })
      #expect(telegram.answered.value.sorted() == asked.sorted())
    }
  }
}
