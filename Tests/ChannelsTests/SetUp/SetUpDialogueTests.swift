import Foundation
import JSON
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// Set-ups as data: what a person types, and what comes of it.
@Suite struct SetUpDialogueTests {
  /// Types what was written down, and leaves when there is no more.
  final class Typist: SetUpPrompter {
    private let lines: Mutex<ArraySlice<String>>
    let told = Mutex<[SetUpWords]>([])
    let prompts = Mutex<[String]>([])

    init(_ lines: [String]) { self.lines = Mutex(lines[...]) }

    func tell(_ words: SetUpWords) { told.withLock { $0.append(words) } }

    func ask(_ prompt: String, usual: String?) throws(SetUpAbandoned) -> String {
      prompts.withLock { $0.append(prompt) }
      guard let line = lines.withLock({ $0.popFirst() }) else { throw SetUpAbandoned() }
      return line
    }

    func askSecret(_ prompt: String) throws(SetUpAbandoned) -> Secret {
      Secret(Array(try ask(prompt, usual: nil).utf8))
    }

    var isDone: Bool { lines.withLock { $0.isEmpty } }
    var problems: [String] {
      told.withLock { $0.compactMap { if case .problem(let text) = $0 { text } else { nil } } }
    }
    var findings: [ChannelFinding] {
      told.withLock { $0.compactMap { if case .finding(let finding) = $0 { finding } else { nil } } }
    }
  }

  /// Telegram, on the server in memory.
  static func telegram(
    _ lines: [String], environment: [String: String] = [:], name: String? = "rooms",
    draft: ChannelDraft = ChannelDraft(name: "rooms", type: "telegram"),
    prepare: (FakeTelegram) -> Void = { _ in }
  ) async throws -> (outcome: SetUpDialogue.Outcome?, typist: Typist) {
    let typist = Typist(lines)
    let result = Mutex<SetUpDialogue.Outcome?>(nil)
    try await TelegramBench.with { _ in
    } _: { bench in
      prepare(bench.telegram)
      let dialogue = SetUpDialogue(
        guide: .telegram, prompter: typist, environment: environment, secretFile: { "data/secrets/\($0)" },
        problems: { draft in
          var problems: [ChannelDraftProblem] = []
          if draft.name == "taken" { problems.append(.init(key: "name", message: "It is taken.")) }
          if case .rooms(let rooms)? = draft["rooms"], rooms.contains(where: { !$0.id.hasPrefix("-") }) {
            problems.append(.init(key: "rooms", message: "'room' must be a number."))
          }
          return problems
        },
        findings: { draft, secret in
          let base = bench.telegram.baseURL
          let secrets = SecretReader(
            environment: environment.merging(secret.map { ["NEW": $0.revealed] } ?? [:]) { $1 },
            folder: FileManager.default.temporaryDirectory)
          var settings = TelegramSettings(token: .environment("NEW"), server: base)
          if secret == nil, case .secret(let source)? = draft["token"] { settings.token = source }
          if case .rooms(let rooms)? = draft["rooms"] {
            for room in rooms { settings.rooms[room.id] = RoomSettings(answering: room.answering) }
          }
          return try await TelegramChannel(
            name: draft.name, settings: settings, secrets: secrets, http: bench.http, now: { TelegramBench.now }
          ).findings()
        })
      let outcome = try await dialogue.run(draft, name: name)
      result.withLock { $0 = outcome }
    }
    return (result.withLock { $0 }, typist)
  }

  static let token = FakeTelegram.token

  @Test func `a token, and the usual everything`() async throws {
    let (outcome, typist) = try await Self.telegram(["", Self.token, "", ""])
    let draft = try #require(outcome).draft
    #expect(draft.name == "rooms" && draft.fields.map(\.key) == ["token"])
    #expect(draft["token"] == .secret(.file("data/secrets/rooms")))
    #expect(outcome?.newSecret?.revealed == Self.token)
    #expect(typist.isDone && typist.problems == [] && typist.findings.allSatisfy(\.isGood) && !typist.findings.isEmpty)
    #expect(!typist.told.withLock { "\($0)" }.contains(Self.token))
  }

  @Test func `a wrong token is tested, told of, and put right`() async throws {
    let (outcome, typist) = try await Self.telegram(
      ["data", String(FakeTelegram.token.dropLast()) + "0", "always", "", "secret", "", Self.token])
    #expect(outcome?.newSecret?.revealed == Self.token)
    #expect(outcome?.draft["groups"] == .text("always"))
    #expect(typist.findings.first.map { !$0.isGood && $0.text.contains("token is not good") } == true)
    #expect(typist.isDone)
  }

  @Test func `a group that the bot is not in: test again once it is, change the answer, add it all the same, or leave`()
    async throws
  {
    let start = ["", Self.token, "", "-5"]
    let again = try await Self.telegram(start + ["t"]) { telegram in
      telegram.fail("getChatMember", FakeTelegram.refuse(400, "Bad Request: chat not found"))
      telegram.setMember(of: -5, ["status": "member"])
    }
    #expect(again.outcome != nil && again.typist.isDone)
    let changed = try await Self.telegram(start + ["change", "rooms", ""])
    #expect(changed.outcome != nil && changed.outcome?.draft["rooms"] == nil)
    let added = try await Self.telegram(start + ["add"])
    #expect(added.outcome?.draft["rooms"] == .rooms([.init(id: "-5")]))
    let left = try await Self.telegram(start + ["leave"])
    #expect(left.outcome == nil && left.typist.isDone)
  }

  @Test func `answers that cannot be are asked for again, in the words of greenroom-yml`() async throws {
    let (outcome, typist) = try await Self.telegram(
      ["what", "", "", Self.token, "often", "never", "general", ""])
    #expect(outcome?.draft.fields.map(\.key) == ["token", "groups"])
    #expect(typist.problems.count == 4)
    #expect(typist.problems.contains("'room' must be a number."))
    #expect(typist.problems.contains("Nothing was entered."))
  }

  @Test func `a name that is taken is asked for again`() async throws {
    let (outcome, typist) = try await Self.telegram(["taken", "mine", "", Self.token, "", ""], name: "taken")
    #expect(outcome?.draft.name == "mine" && outcome?.draft["token"] == .secret(.file("data/secrets/mine")))
    #expect(typist.problems == ["It is taken.", "It is taken."])
  }

  @Test func `a variable that is set is offered, and its value is told to nobody`() async throws {
    let environment = ["GREENROOM_TELEGRAM_TOKEN": Self.token]
    let (outcome, typist) = try await Self.telegram(["", "", ""], environment: environment)
    #expect(outcome?.draft["token"] == .secret(.environment("GREENROOM_TELEGRAM_TOKEN")) && outcome?.newSecret == nil)
    #expect(typist.prompts.withLock { $0.contains { $0.contains("GREENROOM_TELEGRAM_TOKEN is set") } })
    #expect(!(typist.told.withLock { "\($0)" } + typist.prompts.withLock { "\($0)" }).contains(Self.token))
    let declined = try await Self.telegram(["no", "", Self.token, "", ""], environment: environment)
    #expect(declined.outcome?.draft["token"] == .secret(.file("data/secrets/rooms")))
  }

  @Test func `a variable that is not set, and a file that is not there, are said so`() async throws {
    for (place, name) in [("env", "NOT_SET"), ("file", "no/such/file")] {
      let (outcome, typist) = try await Self.telegram([place, name, "", "", "leave"])
      #expect(outcome == nil && typist.isDone)
      #expect(typist.problems.contains { $0.contains(name) }, "\(typist.problems)")
    }
  }

  @Test func `what was given already is not asked`() async throws {
    var draft = ChannelDraft(name: "rooms", type: "telegram")
    draft["groups"] = .text("never")
    draft["token"] = .secret(.environment("HERE"))
    let (outcome, typist) = try await Self.telegram([""], environment: ["HERE": Self.token], draft: draft)
    #expect(outcome?.draft["groups"] == .text("never") && typist.prompts.withLock { $0.count } == 1)
  }

  @Test func `a server that cannot be asked is said, and can be asked again`() async throws {
    let (outcome, typist) = try await Self.telegram(["", Self.token, "", "", "test"]) { telegram in
      telegram.fail("getMe", .respond(status: 502, body: Array("<html>".utf8)))
    }
    #expect(outcome != nil && typist.problems.count == 1)
  }

  @Test(arguments: 0..<4)
  func `who leaves in the middle has added nothing`(_ count: Int) async throws {
    await #expect(throws: SetUpAbandoned.self) {
      _ = try await Self.telegram(Array(["", Self.token, "", ""].prefix(count)))
    }
  }

  @Test func `two ways to prove who the bot is, and none`() async throws {
    for (lines, expected): ([String], ChannelDraft.Value?) in [
      (["https://a.example", "https://b.example", "", "", "key", ""], .secretBelow("bearer", .file("s/w"))),
      (["https://a.example", "https://b.example", "hmac", "", "key", ""], .secretBelow("hmac", .file("s/w"))),
      (["https://a.example", "https://b.example", "none", "a, b"], nil),
    ] {
      let typist = Typist(lines)
      let dialogue = SetUpDialogue(
        guide: .webhook, prompter: typist, environment: [:], secretFile: { "s/\($0)" }, problems: { _ in [] },
        findings: { _, _ in [ChannelFinding(isGood: true, text: "ok")] })
      let outcome = try await dialogue.run(ChannelDraft(name: "w", type: "webhook"), name: "w")
      #expect(outcome?.draft["auth"] == expected && typist.isDone)
    }
  }
}
