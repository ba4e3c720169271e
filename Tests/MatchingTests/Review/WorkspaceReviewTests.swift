import Foundation
import Support
import TestSupport
import Testing

@testable import Matching

@Suite struct WorkspaceReviewTests {
  typealias Place = Support.SourceLocation

  /// Intents that each have words of their own, five in a line.
  private struct Lines {
    var content = WorkspaceContent(phrases: Desk.content().phrases)
    private var line = 0

    /// - Parameter words: whose words its lines are made of; by default its own.
    mutating func add(_ id: String, lines count: Int, words: String? = nil) {
      line += 1
      let start = line
      let examples = (0..<count).map { number -> Example in
        line += 1
        return Example(Self.text(words ?? id, number), at: Place(file: "intents/a.yml", line: line))
      }
      content.intents.append(
        Intent(
          id: id, title: "About \(id)\(id)", language: "en", examples: examples, action: .answer("yes"),
          location: Place(file: "intents/a.yml", line: start)))
    }

    /// Five of nine words; another choice for each number.
    static func text(_ id: String, _ number: Int) -> String {
      (0..<5).map { "\(id)\("abcdefghi".dropFirst((number * 4 + $0 * (1 + number % 4 * 2)) % 9).prefix(1))word" }
        .joined(separator: " ")
    }
  }

  private static let day = CalendarDay(year: 2026, month: 11, day: 23)

  private func messages(_ content: WorkspaceContent) -> [String] {
    WorkspaceReview(Matcher(content), asOf: Self.day).warnings().map { "\($0.location.line): \($0.message)" }
  }

  private func lines(_ count: Int = 8) -> Lines {
    var lines = Lines()
    for id in ["fox", "owl", "elk", "cod", "bee", "ram"] { lines.add(id, lines: count) }
    return lines
  }

  @Test func `a workspace of which each line finds its own has no warning`() {
    #expect(messages(lines().content).isEmpty)
    #expect(messages(WorkspaceContent()).isEmpty)
  }

  @Test func `a line that was put into the wrong intent is named`() throws {
    var content = lines(12).content
    let moved = content.intents[2].examples.removeLast()
    content.intents[4].examples.append(moved)
    let found = messages(content)
    #expect(found.count == 1, "\(found)")
    #expect(
      try #require(found.first).hasPrefix("\(moved.location.line): “\(moved.text)” looks like the intent 'elk' ("))
  }

  @Test func `two intents of the same kind of lines are a pair`() throws {
    var lines = lines()
    lines.add("hen", lines: 0)
    let all = (0..<20).map { Example(Lines.text("hen", $0), at: Place(file: "intents/a.yml", line: 100 + $0)) }
    // How a line goes on from word to word follows from its number's rest by four: both have all four kinds.
    lines.content.intents[6].examples = all.enumerated().filter { $0.offset / 4 % 2 == 0 }.map(\.element)
    lines.add("cow", lines: 0)
    lines.content.intents[7].examples = all.enumerated().filter { $0.offset / 4 % 2 == 1 }.map(\.element)
    let found = messages(lines.content)
    #expect(found.count { $0.contains("are taken for one another") } == 1, "\(found)")
    #expect(
      found.contains { $0.contains("The intent 'hen' and the intent 'cow' are taken for one another: of their ") })
  }

  @Test func `an intent of a single example is named beside others of many`() throws {
    var lines = lines(12)
    lines.content.intents.append(
      Intent(
        id: "odd", title: "Odd", language: "en",
        examples: [Example("foxaword owlbword", at: Place(file: "intents/a.yml", line: 500))], action: .answer("yes"),
        location: Place(file: "intents/a.yml", line: 499)))
    let found = messages(lines.content)
    #expect(found.contains { $0.hasPrefix("499: The intent 'odd' has too few examples: held out, ") }, "\(found)")
  }

  @Test func `the same words in an intent and an article are named`() {
    var content = lines().content
    content.articles.append(
      Desk.article("parking", "Parking", ["where can i park"], "There is a garage under the studio."))
    content.intents[0].examples.append(Example("Where can I park?", at: Place(file: "intents/a.yml", line: 300)))
    let found = messages(content)
    #expect(found.count { $0.contains("stands here and in") } == 1, "\(found)")
  }

  @Test func `articles that cannot be told apart are named once, and their lines are not called wrong`() {
    var content = lines().content
    for id in ["one", "two"] {
      content.articles.append(
        Desk.article(
          id, "Storage of cases",
          ["where do cases go", "case storage room", "lockers for cases", "a locker for my case"],
          "Lockers are on level one."))
    }
    let found = messages(content)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.contains("The articles 'one' and 'two' cannot be told apart") == true)
  }

  @Test func `an example that a pattern swallows is not called wrong as well`() {
    var content = lines(12).content
    let moved = content.intents[2].examples.removeLast()
    content.intents[4].examples.append(moved)
    let word = moved.text.prefix { $0 != " " }
    content.intents[2].patterns = [AuthoredLine("\\b\(word)\\b", at: Place(file: "intents/a.yml", line: 700))]
    let found = messages(content)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.contains("swallows an example of 'bee'") == true)
  }

  @Test func `lines that mean harm do none in a warning`() {
    var content = lines(12).content
    let hostile =
      "\u{1B}[2J" + content.intents[2].examples[0].text + "\u{202E}" + String(repeating: " elkaword", count: 900)
    content.intents[4].examples.append(Example(hostile, at: Place(file: "intents/a.yml", line: 800)))
    content.intents[2].patterns = [AuthoredLine("elkaword", at: Place(file: "intents/a.yml", line: 700))]
    content.intents[0].examples.append(Example(hostile + " ", at: Place(file: "intents/a.yml", line: 801)))
    content.outOfScope.append(AuthoredLine(hostile, at: Place(file: "intents/a.yml", line: 802)))
    for message in messages(content) {
      #expect(message.count < 800)
      #expect(!message.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    }
  }

  @Test func `the same workspace has the same warnings in every run`() {
    var content = lines().content
    content.intents[4].examples.append(content.intents[2].examples.removeLast())
    content.intents[1].examples.append(content.intents[3].examples.removeLast())
    #expect(messages(content) == messages(content))
  }
}
