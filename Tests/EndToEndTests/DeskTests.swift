import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// Tickets, log and reports beside a running bot.
  @Suite struct DeskTests {
    @Test func `a ticket lives from the message that opened it to the conversation handed back`() async throws {
      try await Self.withBot { workspace, server, _ in
        server.enqueue([Self.message("m1", "I want a person"), Self.message("m2", "it is about my contract, really")])
        #expect(await server.waitForReplies(2, deadline: .seconds(20)))
        #expect(server.replies().allSatisfy { $0.text.contains("**#1**") })

        let list = try JSONValue.parse(try await workspace.run("ticket", "list", "--json").output)
        #expect(list.array?.map { $0["number"]?.int } == [1])
        #expect(list[0]?["state"]?.string == "new" && list[0]?["queue"]?.string == "general")
        #expect(list[0]?["requester"]?["name"]?.string == "Ana")

        #expect(try await workspace.run("ticket", "take", "1", "--as", "Ines").output.contains("taken by Ines"))
        server.enqueue([Self.message("m3", "opening hours")])
        #expect(try await Self.shows("opening hours", workspace))
        let noted = try await workspace.run(
          "ticket", "note", "1", "called the partner team", "--tried", "looked the contract up", "--evidence",
          "it ended",
          "--next-step", "ask legal", "--owner", "Ines", "--due", "2026-12-01", "--as", "Ines")
        #expect(noted.code == 0)
        let replied = try await workspace.run("ticket", "reply", "1", "We look into **your contract**.", "--as", "Ines")
        #expect(replied.code == 0)
        #expect(await server.waitForReplies(3, deadline: .seconds(20)))
        let personal = try #require(server.replies().last)
        #expect(personal.text == "We look into **your contract**." && personal.author == "Ines")
        #expect(personal.conversation == "room" && !personal.text.contains("opening"))

        #expect(try await workspace.run("ticket", "reply", "1", "-", "--as", "Ines", input: "From a file.\n").code == 0)
        #expect(await server.waitForReplies(4, deadline: .seconds(20)))
        #expect(try await workspace.run("ticket", "resolve", "1", "--as", "Ines").output.contains("resolved"))
        server.enqueue([Self.message("m4", "opening hours")])
        #expect(await server.waitForReplies(5, deadline: .seconds(20)))
        #expect(server.replies().last?.text == "We are open from nine to six.")
        #expect(server.replies().last?.inReplyTo == "m4")
        try await Self.checkHistory(of: workspace)

        #expect(try await workspace.run("ticket", "reopen", "1", "--as", "Ines").code == 0)
        #expect(try await workspace.run("ticket", "move", "1", "on-hold", "--as", "Ines").output.contains("on-hold"))
        #expect(try await workspace.run("ticket", "list", "--state", "on-hold").output.contains("#1"))
        #expect(try await workspace.run("ticket", "list", "--state", "closed").output == "No tickets.\n")
      }
    }

    /// Whether the ticket comes to show what an agency wrote: nothing is sent that could be waited for.
    private static func shows(_ text: String, _ workspace: TestWorkspace) async throws -> Bool {
      for _ in 0..<50 where try await workspace.run("ticket", "show", "1").output.contains(text) { return true }
      return false
    }

    private static func checkHistory(of workspace: TestWorkspace) async throws {
      let shown = try await workspace.run("ticket", "show", "1", "--json")
      let ticket = try JSONValue.parse(shown.output)
      #expect(ticket["state"]?.string == "resolved" && ticket["owner"]?.string == "Ines")
      let history = try #require(ticket["history"]?.array)
      #expect(history.first?["event"]?.string == "opened")
      let messages = history.filter { $0["event"]?.string == "message" }.compactMap { $0["text"]?.string }
      #expect(messages.contains("it is about my contract, really"))
      // What was said while a person had the conversation is on the ticket; what came after its resolution is not.
      #expect(messages.filter { $0 == "opening hours" }.count == 1)
      let note = try #require(history.first { $0["event"]?.string == "note" })
      #expect(note["text"]?.string == "called the partner team" && note["tried"]?.string == "looked the contract up")
      #expect(note["evidence"]?.string == "it ended" && note["next_step"]?.string == "ask legal")
      #expect(note["owner"]?.string == "Ines" && note["due"]?.string == "2026-12-01T00:00:00Z")
      #expect(history.filter { $0["event"]?.string == "reply" }.count == 2)
      let prose = try await workspace.run("ticket", "show", "1")
      #expect(prose.output.contains("called the partner team") && !prose.output.contains("\u{1B}"))
    }

    @Test func `what cannot be done to a ticket is said, and nothing is done`() async throws {
      try await Self.withBot { workspace, server, _ in
        server.enqueue([Self.message("m1", "I want a person")])
        #expect(await server.waitForReplies(1, deadline: .seconds(20)))
        for command in [["ticket", "show", "7"], ["ticket", "take", "7"], ["ticket", "reply", "0", "Hello"]] {
          let program = try RunningProgram(command + ["--workspace", workspace.path, "--data", workspace.data])
          #expect(await program.end() == 2, "\(command)")
          #expect(program.errors.value.contains("There is no ticket #\(command[2])"), "\(program.errors.value)")
        }
        #expect(try await workspace.run("ticket", "reply", "1", "   ").code == 2)
        #expect(try await workspace.run("ticket", "reopen", "1").code == 2)
        #expect(try await workspace.run("ticket", "note", "1").code == 2)
        #expect(try await workspace.run("ticket", "list", "--json").output.contains(#""state": "new""#))
        #expect(server.replies().count == 1)
      }
    }

    @Test func `the log is filtered by what was decided, by whom and when, in every format`() async throws {
      try await Self.withBot { workspace, server, _ in
        server.enqueue([
          Self.message("m1", "opening hours", room: "a"), Self.message("m2", "payout schedule", room: "a"),
          Self.message("m3", "I want a person", room: "b"), Self.message("m4", "thanks", room: "c"),
          Self.message("m5", "=HYPERLINK(1), \"opening hours\"", room: "c"),
        ])
        #expect(await server.waitForReplies(4, deadline: .seconds(20)))
        func ids(_ flags: String...) async throws -> [String] {
          let program = try RunningProgram(
            ["log", "--json", "--workspace", workspace.path, "--data", workspace.data] + flags)
          #expect(await program.end() == 0, "\(program.errors.value)")
          return try program.output.value.split(separator: "\n").map { try JSONValue.parse(String($0)) }
            .filter { $0["direction"]?.string == "in" }.compactMap { $0["message"]?.string }.sorted()
        }
        #expect(try await ids() == ["m1", "m2", "m3", "m4", "m5"])
        #expect(try await ids("--decision", "answer") == ["m1", "m2", "m5"])
        #expect(try await ids("--decision", "escalate") == ["m3"])
        #expect(try await ids("--decision", "silent") == ["m4"])
        #expect(try await ids("--intent", "opening-hours") == ["m1", "m5"])
        #expect(try await ids("--ticket", "1") == ["m3"])
        #expect(try await ids("--since", "1h") == ["m1", "m2", "m3", "m4", "m5"])
        #expect(try await ids("--until", "2026-01-01") == [])
        #expect(try await ids("--intent", "no-such") == [])
        #expect(try await ids("--agency", "nobody") == [])
        let limited = try await workspace.run("log", "--json", "--limit", "2")
        #expect(limited.lines.count == 2)

        let csv = try await workspace.run("log", "--format", "csv", "--limit", "0")
        #expect(csv.output.split(whereSeparator: \.isNewline).count == 10)
        #expect(csv.output.hasPrefix("id,time,direction,agency,"))
        #expect(!csv.output.contains(",=HYPERLINK") && !csv.output.contains(",\"=HYPERLINK"))
        let table = try await workspace.run("log")
        #expect(table.output.contains("opening hours") && !table.output.contains("\u{1B}"))
        let line = try JSONValue.parse(try #require(try await workspace.run("log", "--json").lines.first))
        #expect(
          line.object?.keys == [
            "id", "time", "direction", "agency", "conversation", "message", "author", "text", "decision", "matched",
            "confidence", "language", "ticket", "result", "latency_ms", "workspace_version", "parts",
          ])
      }
    }

    @Test func `the weekly update of a week is the same bytes each time, in each format`() async throws {
      try await Self.withBot { workspace, server, bot in
        server.enqueue([
          Self.message("m1", "opening hours"), Self.message("m2", "I want a person"),
          Self.message("m3", "payout schedule"),
          Self.message("m4", "thanks"),
        ])
        #expect(await server.waitForReplies(3, deadline: .seconds(20)))
        await bot.stop()
        let starts = [
          "markdown": "#", "html": "<!doctype html>", "csv": "section,key,label,value,before,unit", "json": "{",
        ]
        for (format, start) in starts {
          let first = try await workspace.run("report", "weekly", "--format", format)
          let second = try await workspace.run("report", "weekly", "--format", format)
          #expect(first.code == 0 && first.output == second.output, "\(format)")
          #expect(first.output.lowercased().hasPrefix(start), "\(format): \(first.output.prefix(60))")
          #expect(!first.output.contains("\u{1B}"))
        }
        let json = try JSONValue.parse(try await workspace.run("report", "weekly", "--json").output)
        #expect(json["figures"]?["messages_in"]?.int == 4 && json["figures"]?["messages_out"]?.int == 3)
        #expect(json["figures"]?["outcomes"]?["answered"]?["count"]?.int == 2)
        #expect(json["figures"]?["outcomes"]?["escalated"]?["count"]?.int == 1)
        #expect(json["figures"]?["tickets_opened"]?.int == 1)
        #expect(json["articles_used"]?[0]?["id"]?.string == "payouts/schedule")
        let past = try await workspace.run("report", "weekly", "--week", "2020-W10", "--json")
        #expect(try JSONValue.parse(past.output)["figures"]?["messages_in"]?.int == 0)

        let page = try await workspace.run("report", "weekly", "--output", workspace.file("week.html"))
        #expect(page.code == 0 && page.output.isEmpty)
        let text = try String(contentsOf: URL(filePath: workspace.file("week.html")), encoding: .utf8)
        #expect(text.contains("<svg") && !text.contains("<script") && !text.contains("src=\"http"))
        let nowhere = try await workspace.run("report", "weekly", "--output", "/nonexistent/week.html")
        #expect(nowhere.code == 2 && nowhere.errors.contains("/nonexistent/week.html"))
      }
    }

    static func message(_ id: String, _ text: String, room: String = "room") -> IncomingMessage {
      IncomingMessage(id: id, conversation: room, text: text)
    }

    static func withBot(
      _ use: (TestWorkspace, WebhookServer, RunningProgram) async throws -> Void
    ) async throws {
      let server = WebhookServer { $0.header("Authorization") == "Bearer \(TestWorkspace.token)" }
      let base = try await server.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try workspace.startBot()
        do {
          try await use(workspace, server, bot)
        } catch {
          bot.signal(SIGKILL)
          _ = await bot.end()
          throw error
        }
        if bot.isRunning { await bot.stop() }
      }
      await server.stop()
    }
  }
}
