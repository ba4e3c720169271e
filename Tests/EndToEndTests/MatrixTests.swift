import Foundation
import JSON
import Testing

/// The program on a real homeserver.
@Suite(
  .serialized, .timeLimit(.minutes(10)),
  .enabled(if: Homeserver.missing == nil, "Left out: no homeserver can be installed here. \(Homeserver.missing ?? "")")
) struct MatrixTests {
  static let intents = """
    intents:
      - id: payout-late
        title: Payout is late
        examples: [my payout is late, where is my payout]
        patterns: ['\\bpayout\\b']
        answer: "Payouts are sent by the **15th**."
      - id: verify
        title: Verify an account
        examples: [how do I verify my account]
        patterns: ['\\bverify\\b']
        answer: "Send a photo of your passport."
    """

  static func with(_ body: (Homeserver, TestWorkspace, Person, Person) async throws -> Void) async throws {
    try await Homeserver.with { server in
      let bot = try await server.person("bot")
      let anna = try await server.person("anna")
      let settings = """
        chat: {enabled: false}
        channels:
          - name: rooms
            type: matrix
            homeserver: \(server.base)
            user: "@bot:localhost"
            password: {env: BOT_PASSWORD}

        """
      try await TestWorkspace.with(["intents/a.yml": intents], settings: settings) { workspace in
        try await body(server, workspace, bot, anna)
      }
    }
  }

  static func start(_ workspace: TestWorkspace) throws -> RunningProgram {
    try workspace.startBot("--no-models", environment: ["BOT_PASSWORD": "pw-bot"])
  }

  static func said(_ events: [JSONValue], by person: Person) -> [JSONValue] {
    events.filter { $0["sender"] == .string(person.name) && $0["type"] == "m.room.message" }
  }

  static func answers(_ events: [JSONValue], by bot: Person) -> [String] {
    said(events, by: bot).compactMap { $0["content"]?["m.relates_to"]?["m.in_reply_to"]?["event_id"]?.string }
  }

  @Test func `a direct chat: invited, asked, edited, thumbed, taken back`() async throws {
    try await Self.with { _, workspace, bot, anna in
      let program = try Self.start(workspace)
      let room = try await anna.room(inviting: [bot], isDirect: true)
      let question = try await anna.say("where is my payout?", in: room)
      var events = try await anna.wait(for: room) { !Self.said($0, by: bot).isEmpty }
      let answer = try #require(Self.said(events, by: bot).first)
      #expect(answer["content"]?["formatted_body"] == "Payouts are sent by the <strong>15th</strong>.")
      #expect(Self.answers(events, by: bot) == [question])
      let id = try #require(answer["event_id"]?.string)
      try await anna.say(
        "* how do I verify?", in: room,
        also: [
          "m.new_content": ["msgtype": "m.text", "body": "how do I verify?"],
          "m.relates_to": ["rel_type": "m.replace", "event_id": .string(question)],
        ])
      events = try await anna.wait(for: room) { Self.said($0, by: bot).count > 1 }
      let edit = Self.said(events, by: bot).last?["content"]
      #expect(edit?["m.relates_to"] == ["rel_type": "m.replace", "event_id": .string(id)])
      #expect(edit?["m.new_content"]?["body"] == "Send a photo of your passport.")
      let thumb = try await anna.put(
        "send/m.reaction", ["m.relates_to": ["rel_type": "m.annotation", "event_id": .string(id), "key": "👍"]], in: room
      )
      try await anna.put("redact/\(thumb)", [:], in: room)
      try await anna.say("payout, again", in: room)
      _ = try await anna.wait(for: room) { Self.said($0, by: bot).count > 2 }
      await program.stop()
      #expect(Self.said(try await anna.history(of: room), by: bot).count == 3)
    }
  }

  @Test func `a group: only what is meant for the bot, also in its threads`() async throws {
    try await Self.with { server, workspace, bot, anna in
      let ben = try await server.person("ben")
      let program = try Self.start(workspace)
      let room = try await anna.room(inviting: [bot, ben])
      _ = try await ben.ask("POST", "/rooms/\(room)/join", [:])
      _ = try await anna.wait(for: room) { events in
        events.contains { $0["state_key"] == .string(bot.name) && $0["content"]?["membership"] == "join" }
      }
      try await anna.say("my payout is late, Ben", in: room)
      let asked = try await ben.say(
        "where is my payout?", in: room, also: ["m.mentions": ["user_ids": [.string(bot.name)]]])
      var events = try await anna.wait(for: room) { !Self.said($0, by: bot).isEmpty }
      #expect(Self.answers(events, by: bot) == [asked])
      let own = try #require(Self.said(events, by: bot).first?["event_id"])
      let threaded = try await anna.say(
        "how do I verify?", in: room, also: ["m.relates_to": ["rel_type": "m.thread", "event_id": own]])
      events = try await anna.wait(for: room) { Self.said($0, by: bot).count > 1 }
      let last = Self.said(events, by: bot).last?["content"]?["m.relates_to"]
      #expect(last?["rel_type"] == "m.thread" && last?["event_id"] == own)
      #expect(last?["m.in_reply_to"]?["event_id"] == .string(threaded))
      await program.stop()
    }
  }

  @Test func `killed in mid-flood, down for a while, the server restarted: every question is answered once, in order`()
    async throws
  {
    try await Self.with { server, workspace, bot, anna in
      var program = try Self.start(workspace)
      var rooms: [String] = []
      for _ in 0..<3 { rooms.append(try await anna.room(inviting: [bot], isDirect: true)) }
      var asked: [String: [String]] = [:]
      func ask(_ count: Int) async throws {
        for number in 0..<count {
          let room = rooms[number % rooms.count]
          asked[room, default: []].append(try await anna.say("where is my payout? \(UUID())", in: room))
        }
      }
      for round in 0..<3 {
        try await ask(30)
        program.signal(SIGKILL)
        _ = await program.end()
        // While nobody listens, more than a sync brings.
        try await ask(round == 1 ? 330 : 12)
        if round == 0 {
          try await server.stop()
          program = try Self.start(workspace)
          _ = await program.errors.wait(within: .seconds(30)) { $0.contains("retry in") }
          try await server.start()
        } else {
          program = try Self.start(workspace)
        }
      }
      for room in rooms {
        let expected = asked[room] ?? []
        let events = try await anna.wait(for: room, within: .seconds(240)) {
          Self.answers($0, by: bot).count >= expected.count
        }
        #expect(Self.answers(events, by: bot) == expected)
      }
      await program.stop()
    }
  }

  @Test func `a canary is written, seen in a poll, and answered by nobody; shut out of its room it says so`()
    async throws
  {
    try await Homeserver.with { server in
      let bot = try await server.person("bot")
      let anna = try await server.person("anna")
      let den = try await anna.room(inviting: [bot])
      let settings = """
        chat: {enabled: true, host: 127.0.0.1, port: 0}
        channels:
          - name: rooms
            type: matrix
            homeserver: \(server.base)
            user: "@bot:localhost"
            password: {env: BOT_PASSWORD}
            canary: {room: "\(den)", every: 30s}

        """
      try await TestWorkspace.with(["intents/a.yml": Self.intents], settings: settings) { workspace in
        _ = try await bot.ask("POST", "/rooms/\(den)/join", [:])
        let program = try Self.start(workspace)
        let room = try await anna.room(inviting: [bot], isDirect: true)
        let events = try await anna.wait(for: den) { !Self.said($0, by: bot).isEmpty }
        #expect(Self.said(events, by: bot).first?["content"]?["body"]?.string?.hasPrefix("Canary ") == true)
        try await anna.say("payout", in: den)
        try await anna.say("where is my payout?", in: room)
        _ = try await anna.wait(for: room) { !Self.said($0, by: bot).isEmpty }
        #expect(await program.errors.wait(within: .seconds(60)) { $0.contains("/health") })
        let address = try #require(
          program.errors.value.firstMatch(of: /Health +(http:[^ \n]+)\/health/)?.1, "\(program.errors.value)")
        func status() async throws -> JSONValue {
          try JSONValue.parse(
            Array(
              try await greenroom("status", "--json", "--url", String(address), "--workspace", workspace.path).output
                .utf8))
        }
        var health = try await status()
        let isSeen: (JSONValue) -> Bool = { health in
          health["channels"]?.array?.first { $0["name"] == "rooms" }?["canary"]?["last_seen"]?.string != nil
        }
        let end = ContinuousClock.now + .seconds(30)
        while !isSeen(health), ContinuousClock.now < end {
          try await Task.sleep(for: .milliseconds(300))
          health = try await status()
        }
        #expect(isSeen(health) && health["status"] == "ok", "\(health.serialized())")
        let shown = try await greenroom("status", "--url", String(address), "--workspace", workspace.path).output
        #expect(shown.contains(/rooms +ok +\d+ s ago/) && shown.contains(/canary: last seen \d+ s ago/), "\(shown)")
        // Its words in the den are the canary's alone.
        #expect(Self.said(try await anna.history(of: den), by: bot).count == 1)
        let log = try await workspace.run("log", "--format", "jsonl")
        #expect(!log.output.contains("Canary") && !log.output.contains(den) && log.lines.count == 2, "\(log.output)")

        // Shut out of the room, the next one cannot be written.
        _ = try await anna.ask("POST", "/rooms/\(den)/kick", ["user_id": .string(bot.name)])
        #expect(await program.errors.wait(within: .seconds(60)) { $0.contains("the canary could not be written") })
        health = try await status()
        let error = health["channels"]?.array?.first { $0["name"] == "rooms" }?["canary"]?["error"]?.string
        #expect(error?.contains("may not write there") == true, "\(health.serialized())")
        await program.stop()
      }
    }
  }

  @Test func `set up with the program itself: added, checked, and then answering in a room`() async throws {
    try await Homeserver.with { server in
      let bot = try await server.person("bot")
      let anna = try await server.person("anna")
      try await TestWorkspace.with(["intents/a.yml": Self.intents]) { workspace in
        let add = [
          "channel", "add", "matrix", "rooms", "--set", "homeserver=\(server.base)", "--set", "user=@bot:localhost",
          "--secret-file", "-", "--yes", "--workspace", workspace.path, "--data", workspace.data,
        ]
        let wrong = try await greenroom(array: add, input: "not-the-password\n")
        #expect(wrong.code == 1 && wrong.output.contains("does not take the bot's user and password"))
        #expect(!wrong.output.contains("not-the-password") && !wrong.errors.contains("not-the-password"))
        let added = try await greenroom(array: add, input: "pw-bot\n")
        #expect(added.code == 0, "\(added.output)\(added.errors)")
        #expect(added.output.contains("The login is good: the bot is @bot:localhost, on the device GREENROOM"))
        #expect(added.output.contains("It accepts invitations from everybody on localhost."))

        let secret = try await anna.room(inviting: [bot])
        _ = try await anna.ask(
          "PUT", "/rooms/\(secret)/state/m.room.encryption/", ["algorithm": "m.megolm.v1.aes-sha2"])
        let room = try await anna.room(inviting: [bot], isDirect: true)
        let check = ["channel", "check", "--workspace", workspace.path, "--data", workspace.data]
        let invited = try await greenroom(array: check)
        #expect(invited.code == 0, "\(invited.output)\(invited.errors)")
        #expect(invited.output.contains("from @anna:localhost to \(room) waits, and is accepted once the bot runs"))

        let program = try workspace.startBot("--no-models")
        let question = try await anna.say("where is my payout?", in: room)
        let events = try await anna.wait(for: room) { !Self.said($0, by: bot).isEmpty }
        #expect(Self.answers(events, by: bot) == [question])
        _ = try await anna.wait(for: secret) { events in
          events.contains { $0["state_key"] == .string(bot.name) && $0["content"]?["membership"] == "join" }
        }
        let joined = try await greenroom(array: check + ["--json"])
        let findings = try JSONValue.parse(Array(joined.output.utf8))["channels"]?.array?.first?["findings"]?.array
        #expect(joined.code == 1)
        #expect(
          findings?.contains { $0["good"] == false && $0["text"]?.string?.contains("One of them is encrypted") == true }
            == true)
        #expect(findings?.contains { $0["text"] == "It is in 2 rooms." } == true)
        await program.stop()
      }
    }
  }
}
