import Foundation
import Support
import Testing
import Workspace

@Suite("The samples of the format are read as they stand")
struct SampleTests {
  static let intents = #"""
    intents:
      - id: payout-late                 # unique, lower-case words joined by '-'
        title: Payout has not arrived   # shown to people
        language: en                    # BCP 47
        priority: 50
        examples:
          - my payout is late
          - "where is my [September](month) payout"
          - no
          - 100
          - what's [up](link to) [there]
        patterns:
          - '\bpayout\b.{0,40}\b(late|missing|delayed)\b'
        keywords:
          any: [payout, withdrawal]
          all: [late]
          none: [how long]
        article: payouts/late-payout
        slots:
          - name: handle
            entity: handle
            ask: Which creator is it about? Please send the @handle.
            required: true
          - name: level
            entity: tier
            ask: Which tier?
      - id: human
        title: A person
        examples: [talk to a human]
        escalate:
          queue: payouts
          priority: high
          tags: [money]
      - id: hello
        title: Hello
        examples: [hello]
        answer: "Payouts are sent by the 15th."
    out_of_scope:
      - what's the weather in Lisbon
      - order me a pizza
    entities:
      - name: tier
        values: {gold: [gold, oro], silver: [silver, plata]}
    """#

  static let article = """
    ---
    title: My payout has not arrived      # required
    questions:
      - why is my payout late
    tags: [payouts]
    language: en
    regions: [EU, US, NO]
    valid_from: 2026-09-01
    valid_until: "2027-03-01"
    review_by: 2027-01-31
    owner: payouts-team
    audience: agency
    ---

    The body, in Markdown.

    ---

    More.

    """

  private func content() throws -> WorkspaceContent {
    let fixture = try WorkspaceFixture([
      "intents/payouts/a.yml": Self.intents, "knowledge/payouts/late-payout.md": Self.article,
      "knowledge/es.md":
        "---\ntitle: Mi pago\nid: es/pago\nlanguage: ES-mx\ntranslation_of: payouts/late-payout\n---\nHola.",
    ])
    let reading = fixture.read(asOf: CalendarDay(year: 2026, month: 11, day: 23))
    #expect(reading.problems.isEmpty, "\(reading.problems.lines)")
    return try #require(reading.content)
  }

  @Test func anIntentHasAllItsParts() throws {
    let content = try content()
    let intent = try #require(content.intents.first)
    #expect(intent.id == "payout-late" && intent.title == "Payout has not arrived" && intent.priority == 50)
    #expect(
      intent.examples.map(\.text) == [
        "my payout is late", "where is my September payout", "no", "100", "what's [up](link to) [there]",
      ])
    #expect(intent.examples[1].marks == [Example.Mark(text: "September", entity: "month")])
    #expect(intent.examples[1].location == SourceLocation(file: "intents/payouts/a.yml", line: 8, column: 9))
    #expect(intent.patterns.map(\.text) == [#"\bpayout\b.{0,40}\b(late|missing|delayed)\b"#])
    #expect(intent.keywords == Intent.Keywords(any: ["payout", "withdrawal"], all: ["late"], none: ["how long"]))
    #expect(intent.action == .article("payouts/late-payout"))
    #expect(
      intent.slots == [
        Slot(
          name: "handle", entity: .handle, ask: "Which creator is it about? Please send the @handle.", required: true),
        Slot(name: "level", entity: .list("tier"), ask: "Which tier?", required: true),
      ])
    #expect(content.intents[1].action == .escalate(.init(queue: "payouts", priority: .high, tags: ["money"])))
    #expect(content.intents[2].action == .answer("Payouts are sent by the 15th."))
  }

  @Test func listsOfAWorkspaceAreRead() throws {
    let content = try content()
    #expect(content.outOfScope.map(\.text) == ["what's the weather in Lisbon", "order me a pizza"])
    #expect(
      content.entities == [
        EntityList(name: "tier", values: ["gold": ["gold", "oro"], "silver": ["silver", "plata"]])
      ])
  }

  @Test func anArticleHasAllItsParts() throws {
    let content = try content()
    let article = try #require(content.articles.first { $0.id == "payouts/late-payout" })
    #expect(article.title == "My payout has not arrived" && article.questions.map(\.text) == ["why is my payout late"])
    #expect(article.questions[0].location.description == "knowledge/payouts/late-payout.md:4:5")
    #expect(article.tags == ["payouts"] && article.regions == ["EU", "US", "NO"] && article.owner == "payouts-team")
    #expect(article.validFrom == CalendarDay("2026-09-01") && article.validUntil == CalendarDay("2027-03-01"))
    #expect(article.reviewBy == CalendarDay("2027-01-31") && article.audience == .agency)
    #expect(article.body == "The body, in Markdown.\n\n---\n\nMore.")
    let translation = try #require(content.articles.first { $0.id == "es/pago" })
    #expect(translation.language == "es-MX" && translation.translationOf == "payouts/late-payout")
  }

  @Test func settingsAreOptionalAndSoIsEitherFolder() throws {
    let onlyArticles = try WorkspaceFixture(["knowledge/a.md": WorkspaceFixture.article]).read()
    #expect(onlyArticles.problems.isEmpty && onlyArticles.content?.settings == Settings())
    let onlyIntents = try WorkspaceFixture([
      "intents/a.yaml": "intents: [{id: a, title: A, examples: [b], answer: c}]"
    ]).read()
    #expect(onlyIntents.problems.isEmpty && onlyIntents.content?.intents.count == 1)
  }

  @Test func windowsLineEndsAndAByteOrderMarkChangeNothing() throws {
    let fixture = try WorkspaceFixture()
    let mark = Data([0xEF, 0xBB, 0xBF])
    let intents = Self.intents.replacingOccurrences(of: "payouts/late-payout", with: "a")
    try fixture.write("intents/a.yml", mark + Data(intents.replacingOccurrences(of: "\n", with: "\r\n").utf8))
    try fixture.write("knowledge/a.md", mark + Data(Self.article.replacingOccurrences(of: "\n", with: "\r\n").utf8))
    let reading = fixture.read()
    #expect(reading.problems.isEmpty, "\(reading.problems.lines)")
    let content = try #require(reading.content)
    #expect(content.articles[0].body == "The body, in Markdown.\n\n---\n\nMore.")
    #expect(content.articles[0].questions[0].location == SourceLocation(file: "knowledge/a.md", line: 4, column: 5))
    #expect(content.intents[0].examples[1].location == SourceLocation(file: "intents/a.yml", line: 8, column: 9))
  }

  @Test func anchorsAliasesAndMergeKeysStandForWhatTheyName() throws {
    let fixture = try WorkspaceFixture([
      "intents/a.yml": """
      intents:
        - &base {id: a, title: A, examples: [one *two* & three], escalate: &money {queue: payouts, tags: [x]}}
        - {<<: *base, id: b, title: B, examples: [four]}
        - {id: c, title: C, examples: [five], escalate: *money}
      """
    ])
    let reading = fixture.read()
    let content = try #require(reading.content, "\(reading.problems.lines)")
    #expect(content.intents.map(\.id) == ["a", "b", "c"])
    #expect(content.intents.allSatisfy { $0.action == .escalate(.init(queue: "payouts", tags: ["x"])) })
    #expect(content.intents[1].examples.map(\.text) == ["four"])
  }

  @Test func examplesOfSeveralLinesBecomeOne() throws {
    let fixture = try WorkspaceFixture([
      "intents/a.yml":
        "intents:\n  - id: a\n    title: A\n    examples:\n      - |\n        one\n        two\n    answer: |\n      x\n\n      y\n"
    ])
    let content = try #require(fixture.read().content)
    #expect(content.intents[0].examples.map(\.text) == ["one two"])
    #expect(content.intents[0].action == .answer("x\n\ny"))
  }
}
