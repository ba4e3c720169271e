import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
  /// With what messages are matched: models that are missing or damaged, services, and the cache.
  @Suite struct EncoderTests {
    private static let question = "how do i give a ring light back"

    /// Every command that decides, on the workspace's data folder.
    private static func commands(_ workspace: TestWorkspace) throws -> [[String]] {
      try workspace.write(#"{"text": "opening hours", "expect": "intent:opening-hours"}"#, to: "questions.jsonl")
      try workspace.write(
        "dialogues:\n  - name: hours\n    steps:\n      - {agency: opening hours, decision: answer}\n",
        to: "dialogues/a.yml")
      return [
        ["ask", question], ["check", "--strict"], ["test"],
        ["evaluate", "--questions", workspace.file("questions.jsonl")],
      ]
    }

    @Test func `commands that decide do without a data folder, and make none`() async throws {
      try await TestWorkspace.with { workspace in
        for command in try Self.commands(workspace) {
          let outcome = try await greenroom(array: command + ["--workspace", workspace.path, "--data", workspace.data])
          #expect(outcome.code == 0, "\(command): \(outcome.output)\(outcome.errors)")
          #expect(outcome.errors.isEmpty, "\(outcome.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: workspace.data))
      }
    }

    @Test func `a data folder that is a file, or holds files in the place of folders, stops nothing`() async throws {
      try await TestWorkspace.with { workspace in
        let commands = try Self.commands(workspace)
        try workspace.write("not a folder", to: "file")
        try workspace.write("not a folder", to: "data/cache")
        try workspace.write("not a folder", to: "data/models")
        for data in ["file", "data"] {
          for command in commands {
            let outcome = try await greenroom(
              array: command + ["--workspace", workspace.path, "--data", workspace.file(data)])
            #expect(outcome.code == 0, "\(command): \(outcome.output)\(outcome.errors)")
          }
        }
      }
    }

    @Test func `a model that is damaged is named by check and left out by all`() async throws {
      try await TestWorkspace.with { workspace in
        let commands = try Self.commands(workspace)
        try workspace.write(String(repeating: "no model ", count: 1_000), to: "data/models/minilm-l6-v2.model")
        for command in commands {
          let outcome = try await greenroom(array: command + ["--workspace", workspace.path, "--data", workspace.data])
          #expect(outcome.code == 0, "\(command): \(outcome.output)\(outcome.errors)")
        }
        let check = try await greenroom(
          "check", "--json", "--workspace", workspace.path, "--data", workspace.data)
        let matching = try JSONValue.parse(check.output)["matching"]
        #expect(matching?["encoders"]?.array?.map { $0["state"]?.string } == ["unusable", "missing"])
        #expect(matching?["mode"]?.string == "words and characters")
      }
    }

    @Test func `check notes what is not installed with what to do, and says nothing where it was not asked for`()
      async throws
    {
      try await TestWorkspace.with { workspace in
        let bare = try await workspace.run("check", "--strict")
        #expect(bare.code == 0)
        #expect(bare.output.contains("note: Matching is on words and characters alone"))
        #expect(bare.output.contains("greenroom model install"))
        #expect(!(try await workspace.run("check", "--no-models")).output.contains("note:"))
        try workspace.write("matching: {encoders: []}\n", to: "greenroom.yml")
        #expect(!(try await workspace.run("check")).output.contains("note:"))
      }
    }

    @Test func `the same workspace decides the same, with a cache, without, and from it`() async throws {
      try await TestWorkspace.with { workspace in
        try FileManager.default.createDirectory(atPath: workspace.data, withIntermediateDirectories: true)
        var answers: Set<String> = []
        for flag in [[], [], ["--no-cache"], ["--no-models"]] {
          let outcome = try await greenroom(
            array: ["ask", Self.question, "--json", "--workspace", workspace.path, "--data", workspace.data] + flag)
          #expect(outcome.code == 0, "\(outcome.errors)")
          answers.insert(outcome.output)
        }
        #expect(answers.count == 1)
      }
    }

    @Test func `ask is short, and with --explain says everything`() async throws {
      try await TestWorkspace.with { workspace in
        let short = try await workspace.run("ask", Self.question)
        let full = try await workspace.run("ask", Self.question, "--explain")
        #expect(short.code == 0 && full.code == 0)
        #expect(full.output.count > short.output.count)
        #expect(full.output.contains("  1.  ") && full.output.contains("article:devices/ring-light"))
        #expect(full.output.contains("knowledge/devices/ring-light.md:2"))
        #expect(full.output.contains("threshold"))
      }
    }

    @Test func `the log tells of a decision what ask tells, by the id that the table shows`() async throws {
      let chat = ScriptedChat(polls: [BadInputTests.page([BadInputTests.good("m1")], "1")])
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try workspace.startBot()
        #expect(await chat.replyRequests.wait(within: .seconds(20)) { $0.count == 1 })
        await bot.stop()
        #expect(bot.errors.value.contains("Matching is on words and characters alone"))
        #expect(bot.errors.value.contains("greenroom model install"))
        let table = try await workspace.run("log")
        #expect(table.output.contains("ID"))
        let lines = try await workspace.run("log", "--json").lines.map { try JSONValue.parse($0) }
        let incoming = try #require(lines.first { $0["direction"]?.string == "in" }?["id"]?.int)
        let outgoing = try #require(lines.first { $0["direction"]?.string == "out" }?["id"]?.int)
        let explained = try await workspace.run("log", "--explain", "\(incoming)")
        #expect(explained.code == 0 && explained.output.hasPrefix("Message \(incoming), "))
        #expect(explained.output.contains("workspace"))
        let json = try await workspace.run("log", "--explain", "\(incoming)", "--json")
        #expect(try JSONValue.parse(json.output)["id"]?.int == incoming)
        for (id, reason) in [("\(outgoing)", "went out"), ("999", "no message 999"), ("-1", "explain")] {
          let refused = try await workspace.run("log", "--explain", id)
          #expect(refused.code != 0 && refused.output.isEmpty && refused.errors.contains(reason), "\(refused.errors)")
        }
      }
      await chat.stop()
    }

    @Test func `a service encodes the workspace and each question, and what it gave is not asked for again`()
      async throws
    {
      let service = try await EmbeddingsStandIn()
      try await TestWorkspace.with(settings: service.settings) { workspace in
        try FileManager.default.createDirectory(atPath: workspace.data, withIntermediateDirectories: true)
        func ask() async throws -> Outcome {
          let program = try RunningProgram(
            ["ask", Self.question, "--json", "--workspace", workspace.path, "--data", workspace.data],
            environment: ["EMBEDDINGS_KEY": EmbeddingsStandIn.key])
          let code = await program.end()
          return Outcome(code: code, output: program.output.value, errors: program.errors.value)
        }
        let first = try await ask()
        #expect(first.code == 0 && first.errors.isEmpty, "\(first.errors)")
        #expect(service.texts.contains(Self.question) && service.texts.contains("How to return a ring light"))
        #expect(service.requests.value.allSatisfy { $0.header("Authorization") == "Bearer \(EmbeddingsStandIn.key)" })
        service.requests.update { $0 = [] }
        let second = try await ask()
        #expect(second.output == first.output)
        #expect(!service.texts.contains("How to return a ring light"))
      }
      await service.stop()
    }

    @Test func `a service that is not there, refuses, or has other vectors is named, and the rest goes on`()
      async throws
    {
      let service = try await EmbeddingsStandIn()
      let away = "matching: {encoders: [{service: {url: 'http://127.0.0.1:9/v1', model: m}}]}\n"
      let keyless = "matching: {encoders: [{service: {url: '\(service.base)/v1', model: m}}]}\n"
      let unset = "matching: {encoders: [{service: {url: '\(service.base)/v1', model: m, key: {env: NOT_SET_HERE}}}]}\n"
      let other = service.settings.replacing("model: m", with: "model: m, dimension: 99")
      for (settings, reason) in [
        (away, "127.0.0.1:9"), (keyless, "check its key"), (unset, "NOT_SET_HERE is not set"),
        (other, "greenroom.yml says 99"),
      ] {
        try await TestWorkspace.with(settings: settings) { workspace in
          let program = try RunningProgram(
            ["check", "--workspace", workspace.path, "--data", workspace.data],
            environment: ["EMBEDDINGS_KEY": EmbeddingsStandIn.key])
          #expect(await program.end() == 0)
          let output = program.output.value
          #expect(output.contains("note: ") && output.contains(reason), "\(output)")
          #expect(!output.contains(EmbeddingsStandIn.key))
          #expect(try await workspace.run("ask", Self.question).code == 0)
        }
      }
      await service.stop()
    }

    @Test func `what would have been right is written down, or refused with a reason`() async throws {
      let chat = ScriptedChat(polls: [BadInputTests.page([BadInputTests.good("m1")], "1")])
      let base = try await chat.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        let bot = try workspace.startBot()
        #expect(await chat.replyRequests.wait(within: .seconds(20)) { $0.count == 1 })
        await bot.stop()
        let lines = try await workspace.run("log", "--json").lines.map { try JSONValue.parse($0) }
        let id = try #require(lines.first { $0["direction"]?.string == "in" }?["id"]?.int)
        for answer in ["article:payouts/schedule", "intent:opening-hours", "right", "none"] {
          let done = try await workspace.run("log", "correct", "\(id)", "--right-answer", answer, "--as", "amira")
          #expect(done.code == 0 && done.output.hasPrefix("Message \(id): "), "\(done.errors)")
        }
        for (arguments, reason) in [
          (["999", "--right-answer", "none"], "no message 999"),
          (["\(id)", "--right-answer", "article:no/such"], "no article:no/such in the workspace"),
          (["\(id)", "--right-answer", "perhaps"], "right-answer"),
          (["\(id)", "--right-answer", "right", "--part", "2"], "no number 2"),
        ] {
          let refused = try await greenroom(
            array: ["log", "correct"] + arguments + ["--workspace", workspace.path, "--data", workspace.data])
          #expect(refused.code != 0 && refused.errors.contains(reason), "\(refused.errors)")
        }
        // Beside the findings, every command goes on.
        #expect(try await greenroom("check", "--workspace", workspace.path, "--data", workspace.data).code == 0)
      }
      await chat.stop()
    }
  }
}
