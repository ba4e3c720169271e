import Foundation
import JSON
import Testing

extension EndToEnd {
  /// `greenroom channel` on a server of this machine, at a terminal and without one.
  @Suite(.timeLimit(.minutes(5))) struct ChannelCommandTests {
    static let settings =
      "# ours\nchat: {enabled: false} # no page\ndesk: {queues: [general, payouts, legal, safety]}\n"

    static func with(_ settings: String = settings, _ body: (TestWorkspace, BotAPI) async throws -> Void) async throws {
      let server = try await BotAPI()
      let result: Result<Void, any Error>
      do {
        result = .success(
          try await TestWorkspace.with(settings: settings) { try await body($0, server) })
      } catch {
        result = .failure(error)
      }
      await server.stop()
      try result.get()
    }

    static func add(_ workspace: TestWorkspace, _ server: BotAPI, _ more: String...) -> [String] {
      ["channel", "add", "telegram"] + more
        + ["--set", "server=\(server.base)", "--workspace", workspace.path, "--data", workspace.data]
    }

    static func text(_ workspace: TestWorkspace, _ name: String = "greenroom.yml") throws -> String {
      try String(contentsOfFile: workspace.file(name), encoding: .utf8)
    }

    static func files(_ workspace: TestWorkspace) throws -> Set<String> {
      Set(try FileManager.default.contentsOfDirectory(atPath: workspace.path))
    }

    @Test func `a person is walked through it, corrects a wrong token, and the bot then answers`() async throws {
      try await Self.with { workspace, server in
        let terminal = try Pseudoterminal()
        let program = try RunningProgram(
          Self.add(workspace, server), environment: ["TERM": "xterm"], terminal: terminal.handle,
          keyboard: terminal.handle)
        try await terminal.answer([
          ("The channel's name", "rooms"), ("Where is it kept", ""),
          ("@BotFather's token (it is not shown)", BotAPI.token + "x"),
          ("In groups, answer", "often"), ("It must be", "never"), ("Groups of which", ""), ("What now", "secret"),
          ("Where is it kept", "data"), ("@BotFather's token (it is not shown)", BotAPI.token), ("Add this to", "yes"),
        ])
        #expect(await program.end() == 0, "\(terminal.screen.value)\(program.errors.value)")
        #expect(terminal.echoes)
        let screen = terminal.screen.value
        #expect(!screen.contains(BotAPI.token) && screen.contains("\u{1B}["))
        #expect(screen.contains("the bot is @GreenRoomBot") && screen.contains("The token is not good"))
        let added = """
          channels:
            - name: rooms
              type: telegram
              token: {file: data/secrets/rooms}
              groups: never
              server: \(server.base)

          """
        #expect(try Self.text(workspace) == Self.settings + added)
        let secret = workspace.file("data/secrets/rooms")
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == BotAPI.token + "\n")
        let mode = try FileManager.default.attributesOfItem(atPath: secret)[.posixPermissions] as? Int
        #expect(mode == 0o600)

        let check = try await workspace.run("channel", "check", "--data", workspace.data)
        #expect(check.code == 0 && check.output.contains("✓ The token is good"), "\(check.output)\(check.errors)")
        let list = try await workspace.run("channel", "list")
        #expect(list.code == 0 && list.output.contains("file data/secrets/rooms"))
        #expect(list.lines.count == 2 && !list.output.contains(BotAPI.token))

        let bot = try workspace.startBot("--no-models")
        server.say("I want a human")
        #expect(await server.sent.wait(within: .seconds(60)) { !$0.isEmpty })
        await bot.stop()
      }
    }

    @Test
    func `with everything given nothing is asked, and the secret comes from a variable, a file or standard input`()
      async throws
    {
      try await Self.with { workspace, server in
        try workspace.write(BotAPI.token + "\n", to: "own-secret")
        chmod(workspace.file("own-secret"), 0o600)
        let environment = ["GREENROOM_TELEGRAM_TOKEN": BotAPI.token, "MY_TOKEN": BotAPI.token]
        for (arguments, input, line): ([String], String?, String) in [
          (["a"], nil, "token: {env: GREENROOM_TELEGRAM_TOKEN}"),
          (["b", "--secret-env", "MY_TOKEN"], nil, "token: {env: MY_TOKEN}"),
          (["c", "--secret-file", workspace.file("own-secret")], nil, "token: {file: own-secret}"),
          (["d", "--secret-file", "-"], BotAPI.token + "\r\n", "token: {file: data/secrets/d}"),
        ] {
          let outcome = try await greenroom(
            array: Self.add(workspace, server) + arguments + ["--yes"], environment: environment, input: input)
          #expect(outcome.code == 0, "\(arguments): \(outcome.output)\(outcome.errors)")
          #expect(try Self.text(workspace).contains("  - name: \(arguments[0])\n    type: telegram\n    \(line)\n"))
          #expect(!outcome.output.contains(BotAPI.token))
        }
        let check = try await greenroom(
          array: ["channel", "check", "--json", "--workspace", workspace.path, "--data", workspace.data],
          environment: environment)
        let channels = try JSONValue.parse(Array(check.output.utf8))["channels"]?.array
        #expect(check.code == 0 && channels?.map { $0["status"] } == Array(repeating: "ok", count: 4))
        // Without the variables, two of them say so, and the other two are tested all the same.
        let partly = try await greenroom(
          "channel", "check", "--workspace", workspace.path, "--data", workspace.data)
        #expect(partly.code == 1 && partly.output.contains("MY_TOKEN is not set"))
        #expect(partly.output.components(separatedBy: "the bot is @GreenRoomBot").count == 3)
      }
    }

    @Test func `without a terminal, what is missing is named with the option that gives it, and nothing is written`()
      async throws
    {
      try await Self.with { workspace, server in
        let before = try Self.files(workspace)
        for (arguments, words) in [
          (["telegram", "--yes"], "--secret-env GREENROOM_TELEGRAM_TOKEN, or --secret-file FILE"),
          (["matrix", "--yes"], "--set homeserver=https://matrix.example.org"),
          (["matrix", "--yes"], "--set user=@greenroom:example.org"), (["discord", "--yes"], "--set rooms="),
          (["lark", "--yes"], "--set app_id="), (["webhook", "--yes", "--set", "auth=none"], "--set url="),
          (["telegram", "--secret-env", "X"], "--yes"), (["telegram", "--yes", "--secret-file", "-"], "no secret on"),
          (["telegram", "--yes", "--secret-env", "9x"], "must be the name of an environment variable"),
          (["telegram", "--yes", "--secret-env", "X", "--set", "groups=often"], "groups: It must be"),
          (["telegram", "--yes", "--secret-env", "X", "--set", "wiat=5"], "'wiat' is not known"),
          (["telegram", "../x", "--yes", "--secret-env", "X"], "name must"),
          (["telegram", "chat", "--yes", "--secret-env", "X"], "embedded chat's"),
          (["webhook", "--yes", "--set", "auth=none", "--secret-env", "X"], "needs no secret"),
          (["webhook", "--yes", "--set", "auth=basic"], "takes bearer, hmac, none"),
        ] {
          let outcome = try await greenroom(
            array: ["channel", "add"] + arguments + ["--workspace", workspace.path, "--data", workspace.data])
          #expect(outcome.code == 2 && outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
        }
        for arguments in [
          ["irc"], ["telegram", "--set", "wait"], ["telegram", "--set", "=5"],
          ["telegram", "--secret-env", "X", "--secret-file", "Y"],
        ] {
          let outcome = try await greenroom(array: ["channel", "add"] + arguments + ["--workspace", workspace.path])
          #expect(outcome.code == 64, "\(arguments): \(outcome.errors)")
        }
        let secret = try await greenroom(
          array: ["channel", "add", "telegram", "--yes", "--set", "token=s3cret", "--workspace", workspace.path])
        #expect(secret.code == 2 && secret.errors.contains("must not stand on a command line"))
        #expect(!secret.errors.contains("s3cret"))
        #expect(try Self.files(workspace) == before && Self.text(workspace) == Self.settings)
      }
    }

    @Test func `what the server finds missing keeps the channel out, unless it is to be added all the same`()
      async throws
    {
      try await Self.with { workspace, server in
        let command = Self.add(workspace, server, "--set", "rooms=-5", "--secret-file", "-", "--yes")
        let refused = try await greenroom(array: command, input: BotAPI.token)
        #expect(refused.code == 1 && refused.output.contains("✗ The bot does not know the group -5"))
        #expect(refused.errors.contains("--unfinished"))
        #expect(try Self.text(workspace) == Self.settings && !Self.files(workspace).contains("data"))
        let added = try await greenroom(array: command + ["--unfinished"], input: BotAPI.token)
        #expect(added.code == 0)
        #expect(try Self.text(workspace).contains("- {room: \"-5\"}"))
        let again = try await greenroom(array: command + ["--unfinished"], input: BotAPI.token)
        #expect(again.code == 2 && again.errors.contains("There is a channel 'telegram' already, at line 5"))
        let check = try await workspace.run("channel", "check", "telegram", "--data", workspace.data)
        #expect(check.code == 1 && check.output.contains("✗"))
        let unknown = try await workspace.run("channel", "check", "slack", "--data", workspace.data)
        #expect(unknown.code == 2 && unknown.errors.contains("there are telegram"))
      }
    }

    @Test func `printed, nothing is written`() async throws {
      try await Self.with { workspace, server in
        let before = try Self.files(workspace)
        let outcome = try await greenroom(
          array: Self.add(workspace, server, "--secret-file", "-", "--print"), input: BotAPI.token)
        #expect(outcome.code == 0 && outcome.output.hasPrefix("channels:\n  - name: telegram\n"), "\(outcome.errors)")
        #expect(outcome.errors.contains("The secret was not kept"))
        #expect(try Self.files(workspace) == before && Self.text(workspace) == Self.settings)
      }
    }

    static let forPeople = [
      "channels: [{name: w, type: webhook, url: \"https://a.example/m\", reply_url: \"https://a.example/r\"}]\n",
      "{chat: {enabled: false}}\n",
    ]

    @Test(arguments: forPeople)
    func `where the lines cannot be put in safely they are printed, and the secret is kept`(
      _ settings: String
    ) async throws {
      try await Self.with(settings) { workspace, server in
        let outcome = try await greenroom(
          array: Self.add(workspace, server, "--secret-file", "-", "--yes"), input: BotAPI.token)
        #expect(outcome.code == 2 && outcome.errors.contains("add the lines above to it by hand"), "\(outcome.errors)")
        #expect(
          outcome.output.contains("  - name: telegram\n    type: telegram\n    token: {file: data/secrets/telegram}"))
        #expect(try Self.text(workspace) == settings)
        #expect(FileManager.default.fileExists(atPath: workspace.file("data/secrets/telegram")))
      }
    }

    @Test func `a read-only file is left to a person; another secret of that name is not written over`() async throws {
      try await Self.with { workspace, server in
        chmod(workspace.file("greenroom.yml"), 0o444)
        let command = Self.add(workspace, server, "--secret-file", "-", "--yes")
        let outcome = try await greenroom(array: command, input: BotAPI.token)
        #expect(outcome.code == 2 && outcome.errors.contains("may not be written to"))
        chmod(workspace.file("greenroom.yml"), 0o644)
        try FileManager.default.removeItem(atPath: workspace.file("data/secrets/telegram"))
        try workspace.write("other\n", to: "data/secrets/telegram")
        chmod(workspace.file("data/secrets/telegram"), 0o600)
        let taken = try await greenroom(array: command, input: BotAPI.token)
        #expect(taken.code == 2 && taken.errors.contains("with another secret"))
        #expect(try Self.text(workspace) == Self.settings)
        #expect(try Self.text(workspace, "data/secrets/telegram") == "other\n")
      }
    }

    @Test func `who leaves in the middle leaves nothing behind, and a terminal that shows what is typed`() async throws
    {
      try await Self.with { workspace, server in
        let before = try Self.files(workspace)
        for keys in ["\u{3}", "\u{4}"] {
          let terminal = try Pseudoterminal()
          let program = try RunningProgram(
            Self.add(workspace, server, "rooms"), environment: ["TERM": "dumb"], terminal: terminal.handle,
            keyboard: terminal.handle)
          try await terminal.answer([("Where is it kept", "")])
          #expect(await terminal.screen.wait(within: .seconds(30)) { $0.contains("it is not shown") })
          #expect(!terminal.echoes)
          terminal.type(keys)
          #expect(await program.end() == 2)
          #expect(program.errors.value.contains("Nothing was added."))
          #expect(terminal.echoes && !terminal.screen.value.contains("\u{1B}"))
        }
        let terminal = try Pseudoterminal()
        let program = try RunningProgram(
          Self.add(workspace, server, "rooms"), terminal: terminal.handle, keyboard: terminal.handle)
        try await terminal.answer([
          ("Where is it kept", ""), ("it is not shown", BotAPI.token), ("In groups", ""), ("Groups of which", ""),
        ])
        #expect(await terminal.screen.wait(within: .seconds(30)) { $0.contains("Add this to") })
        program.signal(SIGINT)
        #expect(await program.end() == -SIGINT)
        #expect(try Self.files(workspace) == before && Self.text(workspace) == Self.settings)
      }
    }

    @Test func `a folder that is no workspace, and a workspace without channels`() async throws {
      try await TestWorkspace.with([:], settings: "") { workspace in
        try FileManager.default.removeItem(atPath: workspace.file("greenroom.yml"))
        let outcome = try await greenroom(
          "channel", "add", "telegram", "--yes", "--secret-env", "X", "--workspace", workspace.path)
        #expect(outcome.code == 2 && outcome.errors.contains("holds no workspace"))
      }
      try await TestWorkspace.with { workspace in
        let list = try await workspace.run("channel", "list")
        #expect(list.code == 0 && list.output.contains("names no channel"))
        let check = try await workspace.run("channel", "check")
        #expect(check.code == 2 && check.errors.contains("greenroom channel add"))
      }
    }
  }
}
