import Foundation
import Support
import Testing
import Workspace

@Suite("Dialogues")
struct DialogueTests {
  @Test func everyKeyIsRead() throws {
    let fixture = try WorkspaceFixture([
      "dialogues/sub/a.yml": """
      dialogues:
        - name: a late payout is answered from the article
          language: en
          region: EU
          at: 2026-11-24T10:30:00+01:00
          steps:
            - agency: my payout is late
              decision: answer
              matched: article:payouts/late-payout
              reply_contains: 15th
              reply_lacks: [a, b]
              ticket: {queue: payouts, priority: high, tags: [x], slots: {handle: "@m"}}
            - take: amira
            - reply: "text"
            - resolve: true
            - wait: 2h
            - agency: 100
              ticket: none
        - name: short
          steps: [agency: hello]
      """
    ])
    let (dialogues, problems) = DialogueReader(folder: fixture.folder).read()
    #expect(problems.isEmpty, "\(problems.lines)")
    #expect(dialogues.count == 2)
    let first = try #require(dialogues.first)
    #expect(first.language == "en" && first.region == "EU" && first.at == Date(timeIntervalSince1970: 1_795_512_600))
    #expect(
      first.steps.map(\.action) == [
        .agency(
          "my payout is late",
          .init(
            decision: .answer, matched: .article("payouts/late-payout"), replyContains: ["15th"],
            replyLacks: ["a", "b"],
            ticket: .opened(.init(queue: "payouts", priority: .high, tags: ["x"], slots: ["handle": "@m"])))),
        .take("amira"), .reply("text"), .resolve, .wait(.seconds(7200)), .agency("100", .init(ticket: .noTicket)),
      ])
    #expect(first.steps[1].location == SourceLocation(file: "dialogues/sub/a.yml", line: 13, column: 9))
    #expect(dialogues[1].at == (try Date.ISO8601FormatStyle().parse("2026-11-23T10:00:00Z")))
  }

  private static func step(_ text: String) -> String { "dialogues:\n  - name: a\n    steps:\n      - \(text)\n" }

  static let bad: [BadInput] = [
    BadInput(
      "unknown key", step("agency: x\n        replly_contains: y"), "error 5:9", says: "Did you mean 'reply_contains'?"),
    BadInput(
      "unknown key of a dialogue", "dialogues:\n  - name: a\n    step: []\n", "error 3:5", says: "Did you mean 'steps'?"
    ),
    BadInput("empty file", "", "warning 1:1", says: "empty"),
    BadInput("name missing", "dialogues:\n  - steps: [agency: x]\n", "error 2:5", says: "'name' is missing"),
    BadInput("steps missing", "dialogues:\n  - name: a\n", "error 2:5", says: "'steps' is missing"),
    BadInput("steps empty", "dialogues:\n  - name: a\n    steps: []\n", "error 3:12", says: "no steps"),
    BadInput(
      "name twice", "dialogues:\n  - {name: a, steps: [agency: x]}\n  - {name: a, steps: [agency: x]}\n", "error 3:12",
      says: "dialogues/a.yml:2:12"),
    BadInput("step is text", step("hello"), "error 4:9", says: "Here a step is expected"),
    BadInput("step is nothing", step("decision: answer"), "error 4:9", says: "none of them"),
    BadInput("step is two things", step("agency: x\n        take: y"), "error 5:9", says: "agency and take"),
    BadInput(
      "expectation of a person", step("take: x\n        decision: answer"), "error 5:9",
      says: "belongs to a step with 'agency'"),
    BadInput(
      "decision unknown", step("agency: x\n        decision: anwser"), "error 5:19", says: "Did you mean 'answer'?"),
    BadInput(
      "matched without a kind", step("agency: x\n        matched: payouts/late"), "error 5:18",
      says: "intent:ID or article:ID"),
    BadInput(
      "ticket is text", step("agency: x\n        ticket: payouts"), "error 5:17", says: "must be none, or a map"),
    BadInput(
      "ticket with an unknown key", step("agency: x\n        ticket: {queu: a}"), "error 5:18",
      says: "Did you mean 'queue'?"),
    BadInput("slots are a list", step("agency: x\n        ticket: {slots: [a]}"), "error 5:25", says: "must be a map"),
    BadInput("wait without a unit", step("wait: 20"), "error 4:15", says: "length of time"),
    BadInput("wait empty", step("wait:"), "error 4:9", says: "'wait' is missing"),
    BadInput("resolve false", step("resolve: false"), "error 4:18", says: "takes only true"),
    BadInput("agency says nothing", step("agency: ''"), "error 4:17", says: "is empty"),
    BadInput(
      "start in words", "dialogues:\n  - {name: a, at: noon, steps: [agency: x]}\n", "error 2:19",
      says: "moment such as"),
    BadInput(
      "start on a day that is none", "dialogues:\n  - {name: a, at: 2026-02-30T10:00:00Z, steps: [agency: x]}\n",
      "error 2:19", says: "moment such as"),
    BadInput(
      "start without a zone", "dialogues:\n  - {name: a, at: 2026-02-20T10:00:00, steps: [agency: x]}\n", "error 2:19",
      says: "moment such as"),
  ]

  @Test(arguments: bad) func whatIsWrongIsNamed(_ input: BadInput) throws {
    input.check(try problemsOfDialogues(input.text), file: "dialogues/a.yml")
  }

  @Test func whatAWorkspaceLacksIsNamedWhenItIsGiven() throws {
    let fixture = try WorkspaceFixture([
      "knowledge/late.md": WorkspaceFixture.article,
      "dialogues/a.yml": Self.step("agency: x\n        matched: article:lat"),
    ])
    let content = try #require(fixture.read().content)
    #expect(DialogueReader(folder: fixture.folder).read().problems.isEmpty)
    let problems = DialogueReader(folder: fixture.folder).read(against: content).problems
    #expect(problems.places == ["error dialogues/a.yml:5:18"] && problems[0].message.contains("'article:late'?"))
  }
}
