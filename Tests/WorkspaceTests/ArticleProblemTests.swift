import Foundation
import Support
import Testing
import Workspace

@Suite("What is wrong with articles is named with its place")
struct ArticleProblemTests {
  private static func article(_ rest: String) -> String { "---\ntitle: A\n\(rest)\n---\nBody.\n" }

  static let bad: [BadInput] = [
    BadInput("empty file", "", "error 1:1", says: "begins with front matter"),
    BadInput("no front matter", "# Title\n\nText\n", "error 1:1", says: "begins with front matter"),
    BadInput("a blank line first", "\n---\ntitle: A\n---\nB\n", "error 1:1", says: "first line"),
    BadInput("four dashes", "----\ntitle: A\n----\nB\n", "error 1:1", says: "begins with front matter"),
    BadInput("front matter does not end", "---\ntitle: A\n\nBody\n", "error 1:1", says: "does not end"),
    BadInput("front matter empty", "---\n---\nBody\n", "error 1:1", says: "'title' is missing"),
    BadInput("front matter a list", "---\n- title\n---\nBody\n", "error 2:1", says: "found a list"),
    BadInput("front matter broken", "---\ntitle: A\ntags: [a\n---\nBody\n", "error 3:7", says: "not valid YAML"),
    BadInput("title missing", "---\ntags: [a]\n---\nBody\n", "error 2:1", says: "'title' is missing"),
    BadInput("title null", "---\ntitle:\n---\nBody\n", "error 2:1", says: "'title' is missing"),
    BadInput("title a list", "---\ntitle: [a]\n---\nBody\n", "error 2:8", says: "must be text; found a list"),
    BadInput("title with a colon", "---\ntitle: My payout: late\n---\nBody\n", "error 2:17", says: "needs quotes"),
    BadInput("no body", "---\ntitle: A\n---\n \n", "error 3:1", says: "no body"),
    BadInput("unknown key", article("regoins: [EU]"), "error 3:1", says: "Did you mean 'regions'?"),
    BadInput(
      "key twice", article("tags: [a]\ntags: [b]"), "error 4:1",
      says: "'tags' is given twice in this map; the first is at line 3"),
    BadInput("regions are text", article("regions: EU"), "error 3:10", says: "Write [EU]."),
    BadInput("region empty", article("regions: ['']"), "error 3:11", says: "is empty"),
    BadInput("day in words", article("valid_from: next week"), "error 3:13", says: "day of the calendar"),
    BadInput("day that is none", article("valid_from: 2026-02-30"), "error 3:13", says: "day of the calendar"),
    BadInput("day without zeros", article("valid_from: 2026-9-1"), "error 3:13", says: "day of the calendar"),
    BadInput("day with a time", article("review_by: 2026-09-01T10:00:00Z"), "error 3:12", says: "day of the calendar"),
    BadInput(
      "ends before it begins", article("valid_from: 2026-09-02\nvalid_until: 2026-09-01"), "error 4:14",
      says: "must be after"),
    BadInput(
      "ends as it begins", article("valid_from: 2026-09-01\nvalid_until: 2026-09-01"), "error 4:14",
      says: "must be after"),
    BadInput("audience unknown", article("audience: agencies"), "error 3:11", says: "agency or staff"),
    BadInput("language not one", article("language: Spanish"), "error 3:11", says: "language tag"),
    BadInput("id with a blank", article("id: a b"), "error 3:5", says: "must be letters"),
    BadInput("id leaves the folder", article("id: ../a"), "error 3:5", says: "must be letters"),
    BadInput("id begins with a slash", article("id: /a"), "error 3:5", says: "must be letters"),
    BadInput("id a list", article("id: [a]"), "error 3:5", says: "must be text"),
    BadInput("translates nothing", article("translation_of: b"), "error 3:17", says: "no article 'b' to translate"),
    BadInput("translates itself", article("translation_of: a"), "error 3:17", says: "itself"),
    BadInput("a question is a map", article("questions:\n  - who: me"), "error 4:5", says: "must be text; found a map"),
    BadInput("owner is a list", article("owner: [a]"), "error 3:8", says: "must be text"),
  ]

  @Test(arguments: bad) func isNamed(_ input: BadInput) throws {
    input.check(try problemsOfArticle(input.text), file: "knowledge/a.md")
    let windows = input.text.replacingOccurrences(of: "\n", with: "\r\n")
    input.check(try problemsOfArticle(windows), file: "knowledge/a.md")
  }

  @Test func twoArticlesOfOneIdAreBothNamed() throws {
    let reading = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article, "knowledge/b.md": "---\ntitle: B\nid: a\n---\nB",
    ]).read()
    #expect(reading.problems.places == ["error knowledge/b.md:3:5"])
    #expect(reading.problems[0].message.contains("knowledge/a.md:1:1"))
  }

  @Test func aTranslationOfATranslationNamesTheOriginal() throws {
    let reading = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article,
      "knowledge/b.md": "---\ntitle: B\nlanguage: es\ntranslation_of: a\n---\nB",
      "knowledge/c.md": "---\ntitle: C\nlanguage: pt\ntranslation_of: b\n---\nC",
    ]).read()
    #expect(reading.problems.places == ["error knowledge/c.md:4:17"])
    #expect(reading.problems[0].message.contains("the original, 'a'"))
  }

  @Test func aTranslationIntoTheSameLanguageIsAnError() throws {
    let reading = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article, "knowledge/b.md": "---\ntitle: B\ntranslation_of: a\n---\nB",
    ]).read()
    #expect(reading.problems.places == ["error knowledge/b.md:3:17"])
  }

  @Test func anArticlePastItsReviewIsWarnedOfFromTheNextDay() throws {
    let fixture = try WorkspaceFixture(["knowledge/a.md": Self.article("review_by: 2027-01-31")])
    #expect(fixture.read(asOf: CalendarDay(year: 2027, month: 1, day: 31)).problems.isEmpty)
    #expect(fixture.read().problems.isEmpty)
    let late = fixture.read(asOf: CalendarDay(year: 2027, month: 2, day: 1))
    #expect(late.content != nil && late.problems.places == ["warning knowledge/a.md:3:12"])
  }
}
