import Foundation
import Insights
import JSON
import Support
import Testing

@Suite struct ListingTests {
  private func line() -> Interaction {
    var line = Log.message(
      7, at: 33_153.12,
      [
        Decision.Part(
          text: "where is my payout", kind: .answer, reply: Reply("By the 15th."), matched: .article("payouts/late"),
          candidates: [Candidate(id: .article("payouts/late"), title: "Late", confidence: 0.91)], confidence: 0.91,
          explanation: [Evidence(.rule, "pattern 1", candidate: .intent("i"), source: "intents/a.yml:3", score: 1)]),
        Decision.Part(text: "and talk to a human", kind: .escalate, matched: .intent("person"), confidence: 0.8),
      ])
    line.ticket = 12
    line.latencyMilliseconds = 12.3456
    line.workspaceVersion = "abc"
    return line
  }

  @Test func `a line of JSON has every key, the time in UTC with milliseconds, and all parts`() throws {
    let text = InteractionListing([line(), Log.reply(8, milliseconds: nil)]).jsonLines()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines.last == "")
    let values = try lines.dropLast().map { try JSONValue.parse(String($0)) }
    let keys = [
      "id", "time", "direction", "agency", "conversation", "message", "author", "text", "decision", "matched",
      "confidence", "language", "ticket", "result", "latency_ms", "workspace_version", "parts",
    ]
    #expect(values.allSatisfy { $0.object?.keys == keys })
    let first = try #require(values.first)
    #expect(first["time"]?.string == "2026-11-16T09:12:33.120Z")
    #expect(first["latency_ms"]?.double == 12.346)
    #expect(first["matched"]?.array?.compactMap(\.string) == ["article:payouts/late", "intent:person"])
    #expect(first["confidence"]?.double == 0.8)
    #expect(first["parts"]?.array?.count == 2)
    #expect(first["parts"]?[0]?["reply"]?.string == "By the 15th.")
    #expect(first["parts"]?[0]?["explanation"]?[0]?["source"]?.string == "intents/a.yml:3")
    #expect(values.last?["parts"]?.array == [] && values.last?["decision"]?.isNull == true)
  }

  @Test(arguments: [40, 60, 80, 100, 120, 160, 240])
  func `no line of the table is wider than the terminal`(width: Int) {
    var lines = (1...5).map { _ in line() }
    lines[0].text = String(repeating: "漢字と絵文字🙃 ", count: 40)
    lines[1].agency = String(repeating: "Very long agency ", count: 9)
    let table = InteractionListing(lines).table(width: width, colours: false)
    for row in table.split(separator: "\n") {
      let cells = row.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
      #expect(cells <= width)
    }
    #expect(table.split(separator: "\n").count == 6)
  }

  @Test func `a wide table has every column, a narrow one keeps time, decision and text`() {
    let wide = InteractionListing([line()]).table(width: 240, colours: false)
    for text in [
      "2026-11-16 09:12:33", "escalate", "article:payouts/late intent:person", "0.80", "12 ms", "#12", "Maya",
    ] {
      #expect(wide.contains(text))
    }
    let narrow = InteractionListing([line()]).table(width: 70, colours: false)
    #expect(narrow.contains("escalate") && narrow.contains("where is") && !narrow.contains("article:"))
  }

  @Test func `colours are there when asked for, and only then`() {
    #expect(InteractionListing([line()]).table(width: 120, colours: true).contains("\u{1B}[31mescalate"))
    #expect(!InteractionListing([line()]).table(width: 120, colours: false).contains("\u{1B}"))
  }

  @Test func `an empty log is said in a sentence, a header, or nothing`() {
    #expect(InteractionListing([]).table(width: 80, colours: true) == "No messages.\n")
    #expect(InteractionListing([]).jsonLines() == "")
    #expect(CSVReader.rows(InteractionListing([]).csv()).count == 1)
  }

  @Test func `the CSV has a cell for every column`() {
    let rows = CSVReader.rows(InteractionListing([line(), Log.reply(8, milliseconds: 5)]).csv())
    #expect(rows.count == 3 && rows.allSatisfy { $0.count == rows[0].count })
    #expect(rows[1].contains("2026-11-16T09:12:33.120Z") && rows[1].contains("12.346"))
  }
}

@Suite struct DecisionJSONTests {
  private let due = Date(timeIntervalSince1970: 1_794_820_353.5)

  private func decision(_ parts: [Decision.Part]) -> Decision {
    Decision(
      parts: parts, reply: Reply(pieces: [.text("Ticket "), .ticketNumber]), language: "en",
      nextState: ConversationState(), workspaceVersion: "v")
  }

  private func part(_ text: String, confidence: Double = 0.5) -> Decision.Part {
    Decision.Part(
      text: text, kind: .escalate, matched: .intent("i"),
      candidates: [
        Candidate(id: .intent("i"), title: "I", confidence: confidence),
        Candidate(id: .article("a"), title: "A", confidence: 0.3),
      ], confidence: confidence,
      ticket: .open(
        TicketDraft(
          queue: "payouts", priority: .high, tags: ["money"], slots: ["month": "May", "handle": "@ana"], question: text,
          intent: "i", firstResponseDue: due)))
  }

  @Test func `one question has the keys of the interface, in their order, and no parts`() throws {
    let value = decisionJSON(text: "late", decision: decision([part("late")]))
    #expect(
      value.object?.keys == [
        "text", "decision", "reply", "language", "confidence", "candidates", "matched", "ticket", "parts",
        "explanation",
      ])
    #expect(value["parts"]?.array == [])
    #expect(value["decision"]?.string == "escalate" && value["matched"]?.string == "intent:i")
    #expect(value["reply"]?.string == "Ticket #(new)")
    #expect(value["ticket"]?["number"]?.isNull == true)
    #expect(value["ticket"]?["first_response_due"]?.string == "2026-11-16T09:12:33.500Z")
    #expect(value["ticket"]?["slots"]?.object?.keys == ["handle", "month"])
    #expect(
      DecisionJSON(text: "late", decision: decision([part("late")]), ticket: 9).value["reply"]?.string == "Ticket #9")
  }

  @Test func `several questions have an object each, and their candidates once`() throws {
    let value = decisionJSON(
      text: "a b", decision: decision([part("a", confidence: 0.5), part("b", confidence: 0.9)]))
    #expect(value["parts"]?.array?.count == 2)
    #expect(value["parts"]?[1]?.object?.keys == value.object?.keys)
    #expect(value["candidates"]?.array?.compactMap { $0["confidence"]?.double } == [0.9, 0.3])
    #expect(value["confidence"]?.double == 0.5)
  }

  @Test func `nothing said and nothing matched is null, not absent`() throws {
    let silent = Decision(
      parts: [Decision.Part(text: "thanks", kind: .silent)], reply: nil, language: "en",
      nextState: ConversationState(), workspaceVersion: "v")
    let value = decisionJSON(text: "thanks", decision: silent)
    #expect(["reply", "matched", "ticket"].allSatisfy { value[$0]?.isNull == true })
    let appended = Decision.Part(text: "more", kind: .silent, ticket: .append(ticket: 4))
    #expect(DecisionJSON(part: appended, language: nil).value["ticket"]?["number"]?.int == 4)
  }

  @Test func `a confidence that is no number is null, and no broken JSON`() {
    let value = DecisionJSON(part: Decision.Part(text: "x", kind: .answer, confidence: .nan), language: "en").value
    #expect(value["confidence"]?.isNull == true)
  }
}
