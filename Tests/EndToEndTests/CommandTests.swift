import Foundation
import JSON
import Testing

extension EndToEnd {
  /// Commands that need no running bot.
  @Suite struct CommandTests {
    static let decisionKeys = [
      "text", "decision", "reply", "language", "confidence", "candidates", "matched", "ticket", "parts", "explanation",
    ]

    @Test func `ask prints the documented keys, for every decision`() async throws {
      try await TestWorkspace.with { workspace in
        let cases = [
          ("opening hours", "answer", "intent:opening-hours"), ("I want a person", "escalate", "intent:talk-to-person"),
          ("payout missing", "collect", "intent:payout-missing"), ("hello", "clarify", nil), ("thanks", "silent", nil),
          ("zxqv blorp quux", "escalate", nil),
        ]
        for (text, decision, matched) in cases {
          let outcome = try await workspace.run("ask", text, "--json", "--as-of", "2026-11-23")
          #expect(outcome.code == 0 && outcome.errors.isEmpty)
          let answer = try JSONValue.parse(outcome.output)
          #expect(answer.object?.keys == Self.decisionKeys)
          #expect(answer["text"]?.string == text)
          #expect(answer["decision"]?.string == decision, "\(text)")
          #expect(answer["matched"]?.string == matched, "\(text)")
          #expect(answer["ticket"]?.isNull == (decision != "escalate"), "\(text)")
          #expect(answer["parts"]?.array?.isEmpty == true)
          #expect(answer["explanation"]?.array?.isEmpty == false)
          let confidence = try #require(answer["confidence"]?.double)
          #expect((0...1).contains(confidence))
        }
      }
    }

    @Test func `ask tells of each of several questions, and what ticket it would open`() async throws {
      try await TestWorkspace.with { workspace in
        let text = "What are your opening hours? And we have a letter from a lawyer."
        let outcome = try await workspace.run("ask", text, "--json", "--as-of", "2026-11-23")
        let answer = try JSONValue.parse(outcome.output)
        let parts = try #require(answer["parts"]?.array)
        #expect(parts.map { $0["matched"]?.string } == ["intent:opening-hours", "intent:legal-letter"])
        #expect(parts.allSatisfy { $0.object?.keys == Self.decisionKeys })
        #expect(answer["decision"]?.string == "escalate")
        #expect(answer["ticket"]?["queue"]?.string == "legal" && answer["ticket"]?["number"]?.isNull == true)
        #expect(answer["reply"]?.string?.contains("We are open from nine to six.") == true)
      }
    }

    @Test func `a batch is answered line for line, blank lines aside, from a file and from standard input`()
      async throws
    {
      try await TestWorkspace.with { workspace in
        let lines = [
          #"{"text": "opening hours"}"#, "", #"{"text": "thanks", "language": "pt", "region": "BR"}"#,
          #"{"text": "opening hours \u0000 \u202e", "expect": "none"}"#,
        ]
        let batch = "\u{FEFF}" + lines.joined(separator: "\r\n")
        try workspace.write(batch, to: "batch.jsonl")
        let fromFile = try await workspace.run("ask", "--batch", workspace.file("batch.jsonl"))
        #expect(fromFile.code == 0)
        let answers = try fromFile.lines.map { try JSONValue.parse($0) }
        #expect(answers.map { $0["decision"]?.string } == ["answer", "silent", "answer"])
        #expect(answers.map { $0["text"]?.string } == ["opening hours", "thanks", "opening hours \u{0} \u{202E}"])
        let fromInput = try await workspace.run("ask", "--batch", "-", input: batch)
        #expect(fromInput.output == fromFile.output)
      }
    }

    @Test func `every bad line of a batch is named with file, line and column, and none is answered`() async throws {
      try await TestWorkspace.with { workspace in
        let lines = [
          #"{"text": "opening hours"}"#, #"{"text": "x""#, "[]", #"{"text": 7}"#,
          #"{"text": "y", "expect": "nonsense"}"#,
          #"{"text": "y", "expect": []}"#, #"{"text": "a", "text": "b"}"#, #"{"text": "y", "language": 3}"#,
        ]
        try workspace.write(lines.joined(separator: "\n"), to: "bad.jsonl")
        let path = workspace.file("bad.jsonl")
        for command in [["ask", "--batch", path], ["evaluate", "--questions", path]] {
          let program = try RunningProgram(command + ["--workspace", workspace.path])
          #expect(await program.end() == 2)
          #expect(program.output.value.isEmpty)
          let complaints = program.errors.value.split(separator: "\n")
          #expect(complaints.count == 7, "\(program.errors.value)")
          for (complaint, line) in zip(complaints, 2...) {
            let pattern = try Regex(#":\#(line):[1-9][0-9]*: \S"#)
            #expect(complaint.contains(path) && complaint.contains(pattern), "\(complaint)")
          }
        }
        let missing = try await workspace.run("ask", "--batch", workspace.file("none.jsonl"))
        #expect(missing.code == 2 && missing.errors.contains("none.jsonl"))
      }
    }

    @Test func `check tells good from doubtful from broken by its exit code`() async throws {
      try await TestWorkspace.with { workspace in
        let good = try await workspace.run("check", "--strict", "--as-of", "2026-11-23")
        #expect(good.code == 0, "\(good.output)")
        #expect(good.output.hasPrefix("0 errors, 0 warnings in 7 intents and 3 articles"))
        try workspace.write(
          "---\ntitle: Where the studio is\nreview_by: 2026-01-31\n---\nIn the old harbour.\n",
          to: "knowledge/studio.md")
        let doubtful = try await workspace.run("check", "--as-of", "2026-11-23")
        #expect(doubtful.code == 0)
        #expect(doubtful.output.contains("knowledge/studio.md:3:"))
        #expect(doubtful.output.contains(": warning: "))
        #expect(try await workspace.run("check", "--strict", "--as-of", "2026-11-23").code == 1)
        try workspace.write("intents:\n  - id: a\n    tilte: x\n    answer: y\n", to: "intents/broken.yml")
        try workspace.write("intents:\n  - id: b\n    title: B\n    article: no/such\n", to: "intents/dangling.yml")
        let broken = try await workspace.run("check", "--as-of", "2026-11-23")
        #expect(broken.code == 1)
        #expect(broken.output.contains("intents/broken.yml:3:5: error: "))
        #expect(broken.output.contains("intents/dangling.yml:4:14: error: "))
        let json = try JSONValue.parse(try await workspace.run("check", "--json", "--as-of", "2026-11-23").output)
        #expect(json.object?.keys == ["version", "errors", "warnings", "phrases", "problems", "matching"])
        #expect(json["version"]?.isNull == true && json["errors"]?.int == 2)
        let problems = try #require(json["problems"]?.array)
        #expect(problems.allSatisfy { $0.object?.keys == ["severity", "file", "line", "column", "message"] })
        #expect(problems.filter { $0["severity"]?.string == "error" }.count == 2)
      }
    }

    @Test func `evaluate counts as counted by hand`() async throws {
      try await TestWorkspace.with { workspace in
        // Certain rules decide all of these, so that each count follows from reading them.
        let questions = [
          #"{"text": "opening hours", "expect": "intent:opening-hours", "kind": "rule"}"#,
          // An intent and the article it names are the same.
          #"{"text": "payout schedule", "expect": "article:payouts/schedule", "kind": "rule"}"#,
          // Answered, and wrong.
          #"{"text": "what is the payout schedule", "expect": "intent:opening-hours", "kind": "rule"}"#,
          // A ticket and a slot question that intents ask for are answers.
          #"{"text": "a person please", "expect": {"any": ["intent:talk-to-person", "intent:threats"]}, "kind": "person"}"#,
          #"{"text": "payout missing", "expect": "intent:payout-missing", "kind": "person"}"#,
          #"{"text": "Opening hours? And the payout schedule?", "#
            + #""expect": ["intent:opening-hours", "article:payouts/schedule"]}"#,
          // Answered, and should not have been.
          #"{"text": "a lawyer joke", "expect": "none", "kind": "out"}"#,
          // Escalated for lack of an answer, and asked back: not answered.
          #"{"text": "zxqv blorp quux", "expect": "none", "kind": "out"}"#,
          #"{"text": "hello", "expect": "none", "kind": "out"}"#,
        ]
        try workspace.write(questions.joined(separator: "\n"), to: "questions.jsonl")
        let outcome = try await workspace.run(
          "evaluate", "--json", "--as-of", "2026-11-23", "--questions", workspace.file("questions.jsonl"), "--scores",
          workspace.file("scores.jsonl"))
        #expect(outcome.code == 0, "\(outcome.errors)")
        let result = try JSONValue.parse(outcome.output)
        let countKeys = [
          "questions", "in_scope", "top1_accuracy", "top3_accuracy", "answered", "answered_right", "answered_wrong",
          "asked_back", "settled", "out_of_scope", "out_of_scope_answered",
        ]
        #expect(
          result.object?.keys == countKeys + [
            "by_kind", "latency_us", "load_seconds", "peak_rss_mb", "matching", "risk",
          ])
        func counts(_ value: JSONValue?) -> [Double?] { countKeys.map { value?[$0]?.double } }
        #expect(counts(result) == [9, 6, 0.8333, 0.8333, 7, 5, 2, 1, 5, 3, 1])
        let kinds = try #require(result["by_kind"]?.object)
        #expect(Set(kinds.keys) == ["rule", "person", "out", "unspecified"])
        #expect(counts(kinds["rule"]) == [3, 3, 0.6667, 0.6667, 3, 2, 1, 0, 2, 0, 0])
        #expect(counts(kinds["person"]) == [2, 2, 1, 1, 2, 2, 0, 0, 2, 0, 0])
        #expect(counts(kinds["unspecified"]) == [1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0])
        #expect(counts(kinds["out"]) == [3, 0, 0, 0, 1, 0, 1, 1, 0, 3, 1])
        #expect(result["latency_us"]?.object?.keys == ["p50", "p99"])
        // Five right answers, and two of three out of scope left alone.
        #expect(result["risk"]?["handled_right"]?.double == 7)
        #expect(result["risk"]?["answered_share"]?.double == 0.7778)
        #expect(result["risk"]?["wrong_share"]?.double == 0.2857)
        #expect((result["risk"]?["curve"]?.array?.count ?? 0) > 0)
        #expect((result["peak_rss_mb"]?.double ?? 0) > 1 && (result["load_seconds"]?.double ?? -1) >= 0)
        try await Self.checkScores(of: workspace, questions)
      }
    }

    @Test func `evaluate draws its plot whole or says why not`() async throws {
      try await TestWorkspace.with { workspace in
        try workspace.write(
          #"{"text": "opening hours", "expect": "intent:opening-hours", "language": "en"}"# + "\n"
            + #"{"text": "zxqv blorp quux", "expect": "none"}"#, to: "questions.jsonl")
        let questions = workspace.file("questions.jsonl")
        let outcome = try await workspace.run(
          "evaluate", "--json", "--questions", questions, "--plot", workspace.file("risk.svg"), "--splits", "7")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let svg = try String(contentsOf: URL(filePath: workspace.file("risk.svg")), encoding: .utf8)
        #expect(svg.hasPrefix("<?xml") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains("2 questions, 1 of them out of scope"))
        let result = try JSONValue.parse(outcome.output)
        #expect(result["risk"]?["splits"]?["count"]?.double == 7)
        #expect(result["by_language"]?["en"]?["questions"]?.double == 1)
        for (path, reason) in [
          (workspace.file("missing/risk.svg"), "there is no folder"), (workspace.file("intents"), "which is a folder"),
          (workspace.file("questions.jsonl/risk.svg"), "questions.jsonl"), ("/dev/null", "no ordinary file"),
          ("", "names no file"),
        ] {
          let refused = try await workspace.run("evaluate", "--questions", questions, "--plot", path)
          #expect(refused.code == 2, "\(path)")
          #expect(refused.errors.contains(reason), "\(refused.errors)")
        }
        for count in ["0", "-1", "10001", "many"] {
          let refused = try await workspace.run("evaluate", "--questions", questions, "--splits", count)
          #expect(refused.code != 0, "\(count)")
        }
      }
    }

    private static func checkScores(of workspace: TestWorkspace, _ questions: [String]) async throws {
      let text = try String(contentsOf: URL(filePath: workspace.file("scores.jsonl")), encoding: .utf8)
      let scores = try text.split(separator: "\n").map { try JSONValue.parse(String($0)) }
      #expect(scores.count == questions.count)
      #expect(
        scores.allSatisfy {
          $0.object?.keys == ["text", "expect", "decision", "matched", "confidence", "candidates"]
        })
      for (score, question) in zip(scores, questions) {
        let asked = try JSONValue.parse(question)
        #expect(score["text"]?.string == asked["text"]?.string)
      }
      #expect(
        scores.map { $0["decision"]?.string } == [
          "answer", "answer", "answer", "escalate", "collect", "answer", "escalate", "escalate", "clarify",
        ])
      let nowhere = try await workspace.run(
        "evaluate", "--questions", workspace.file("questions.jsonl"), "--scores", "/nonexistent/scores.jsonl")
      #expect(nowhere.code == 2 && nowhere.errors.contains("/nonexistent/scores.jsonl"))
    }

    @Test func `dialogues pass, or fail with their place`() async throws {
      try await TestWorkspace.with { workspace in
        let dialogue = """
          dialogues:
            - name: hours
              steps:
                - agency: opening hours
                  decision: answer
                  reply_contains: nine

          """
        try workspace.write(dialogue, to: "dialogues/hours.yml")
        let good = try await workspace.run("test")
        #expect(good.code == 0, "\(good.output)\(good.errors)")
        try workspace.write(dialogue.replacing("nine", with: "midnight"), to: "dialogues/hours.yml")
        let bad = try await workspace.run("test")
        #expect(bad.code == 1)
        #expect(bad.output.contains("FAIL") && bad.output.contains("dialogues/hours.yml:"))
        let json = try JSONValue.parse(try await workspace.run("test", "--json").output)
        #expect(json[0]?.object?.keys == ["name", "passed", "complaints"])
      }
    }

    @Test func `chat answers line for line and acts for the desk`() async throws {
      try await TestWorkspace.with { workspace in
        let outcome = try await workspace.run(
          "chat", "--as-of", "2026-11-23",
          input:
            "opening hours\na person please\n/take\nopening hours\n/reply Here I am.\n/resolve\nopening hours\n/why\n/quit\n"
        )
        #expect(outcome.code == 0)
        let bot = outcome.lines.filter { $0.hasPrefix("bot> ") }
        #expect(bot.count == 4)
        #expect(bot.first == "bot> We are open from nine to six." && bot.last == bot.first)
        #expect(outcome.output.contains("Here I am.") && outcome.output.contains("#1"))
        #expect(!outcome.output.contains("\u{1B}"))
      }
    }

    @Test func `a wrong command line ends with 64 and says how it is right`() async throws {
      for arguments in [
        ["nonsense"], ["ask"], ["ask", "a", "--batch", "b"], ["ask", "a", "--as-of", "soon"],
        ["log", "--since", "soon"],
        ["log", "--limit", "-1"], ["log", "--intent", "a", "--article", "b"], ["log", "--decision", "guess"],
        ["report", "weekly", "--week", "2026-W99"], ["report", "weekly", "--format", "pdf"],
        ["run", "--port", "70000"],
        ["run", "--log-level", "loud"], ["ticket", "show"], ["ticket", "show", "one"], ["evaluate"],
      ] {
        let program = try RunningProgram(arguments)
        #expect(await program.end() == 64, "\(arguments)")
        #expect(program.errors.value.contains("Usage: greenroom"), "\(arguments)")
        #expect(program.output.value.isEmpty, "\(arguments)")
      }
    }

    @Test func `commands on a ledger that is not there yet say how to get one`() async throws {
      try await TestWorkspace.with { workspace in
        for command in [["log"], ["ticket", "list"], ["ticket", "take", "1"], ["report", "weekly"]] {
          let program = try RunningProgram(command + ["--workspace", workspace.path, "--data", workspace.data])
          #expect(await program.end() == 2)
          #expect(program.errors.value.contains("greenroom run") && program.errors.value.contains(workspace.data))
          #expect(!FileManager.default.fileExists(atPath: workspace.data))
        }
      }
    }

    @Test func `colours are for terminals, and not for those with NO_COLOR`() async throws {
      try await TestWorkspace.with { workspace in
        let command = ["ask", "opening hours", "--workspace", workspace.path]
        let coloured = try await Self.onTerminal(command, ["TERM": "xterm"])
        #expect(coloured.contains("\u{1B}["))
        for environment in [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"]] {
          let plain = try await Self.onTerminal(command, environment)
          #expect(plain.contains("nine to six") && !plain.contains("\u{1B}"))
        }
        let piped = try await workspace.run("ask", "opening hours")
        #expect(piped.output.contains("nine to six") && !piped.output.contains("\u{1B}"))
      }
    }

    /// Runs a command with a terminal of its own as standard output.
    private static func onTerminal(_ command: [String], _ environment: [String: String]) async throws -> String {
      let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      try #require(terminal >= 0)
      defer { close(terminal) }
      // What grantpt, unlockpt and ptsname do; Swift's Glibc does not offer them. TIOCSPTLCK and TIOCGPTN of ioctl_tty(2).
      var lock: CInt = 0
      var number: CInt = -1
      try #require(ioctl(terminal, 0x4004_5431, &lock) == 0 && ioctl(terminal, 0x8004_5430, &number) == 0)
      let handle = try #require(FileHandle(forWritingAtPath: "/dev/pts/\(number)"))
      let program = try RunningProgram(command, environment: environment, terminal: handle)
      #expect(await program.end() == 0)
      // What was written waits in the terminal; a read behind its end would wait for more.
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(terminal, &buffer, buffer.count)
      try handle.close()
      return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
  }
}
