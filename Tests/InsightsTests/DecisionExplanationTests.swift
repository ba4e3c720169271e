import Foundation
import Insights
import Support
import Testing

@Suite struct DecisionExplanationTests {
  private static let late = CandidateID.article("payouts/late-payout")
  private static let schedule = CandidateID.intent("payout-schedule")

  static let part = Decision.Part(
    text: "wher is my payuot", kind: .answer, matched: late,
    candidates: [
      Candidate(id: late, title: "My payout has not arrived", confidence: 0.93),
      Candidate(id: schedule, title: "Payout schedule", confidence: 0.04),
    ]
      + (1...6).map { Candidate(id: .intent("other-\($0)"), title: "Other \($0)", confidence: 0.001) },
    confidence: 0.93,
    explanation: [
      Evidence(.language, "Taken for English.", score: 0.98),
      Evidence(.spelling, "“payuot” is read as “payout”."),
      Evidence(
        .line, "like “where is my payout”", candidate: late, source: "knowledge/payouts/late-payout.md:4", score: 0.88),
      Evidence(.signal, "nearest lines", candidate: late, score: 1.2),
      Evidence(.signal, "minilm-l6-v2", candidate: late, score: 2.4),
      Evidence(.signal, "out of scope", candidate: late, score: -0.6),
      Evidence(.runnerUp, "like “when are payouts sent”", candidate: schedule, source: "intents/payouts.yml:12"),
      Evidence(.policy, "Answered: at most 5 % of answers wrong, by 410 held-out questions.", score: 0.71),
      Evidence(.workspace, "Workspace version abc."),
    ])

  @Test func `everything is said, each reason with its candidate`() {
    let text = DecisionExplanation([Self.part], width: 100, colours: false).full
    let expected = """
      answer  article:payouts/late-payout  My payout has not arrived  confidence 0.93
        language   Taken for English. (0.98)
        spelling   “payuot” is read as “payout”.
        policy     Answered: at most 5 % of answers wrong, by 410 held-out questions. (threshold 0.71)
        workspace  Workspace version abc.

        1.  0.93  article:payouts/late-payout  My payout has not arrived
            line       like “where is my payout” (0.88) [knowledge/payouts/late-payout.md:4]
            signals      +2.40  ████████████████  minilm-l6-v2
                         +1.20  ████████          nearest lines
                         −0.60  ▒▒▒▒              out of scope
                         +3.00                    together: log-odds of 0.95

        2.  0.04  intent:payout-schedule  Payout schedule
            runner-up  like “when are payouts sent” [intents/payouts.yml:12]

        3.  0.00  intent:other-1  Other 1

        4.  0.00  intent:other-2  Other 2

        5.  0.00  intent:other-3  Other 3

        and 3 less likely candidates

      """
    #expect(text == expected)
  }

  @Test func `the short form is the decision, its first reason and the policy`() {
    let text = DecisionExplanation([Self.part], width: 100, colours: false).short
    #expect(
      text == """
        answer  article:payouts/late-payout  My payout has not arrived  confidence 0.93
          like “where is my payout” [knowledge/payouts/late-payout.md:4]
          Answered: at most 5 % of answers wrong, by 410 held-out questions.

        """)
  }

  @Test func `each of several questions is told apart`() {
    var second = Self.part
    (second.text, second.kind, second.candidates, second.matched) = ("and a human", .escalate, [], nil)
    let text = DecisionExplanation([Self.part, second], width: 100, colours: false).full
    #expect(text.contains("Question 1 of 2: “wher is my payuot”\nanswer  "))
    // What there is on candidates that are not listed is not lost.
    #expect(text.contains("Question 2 of 2: “and a human”\nescalate\n"))
    #expect(text.contains("  signal     article:payouts/late-payout: minilm-l6-v2 +2.40\n"))
  }

  @Test func `a decision without reasons, or of no parts, is said without a word too many`() {
    #expect(DecisionExplanation([], width: 80, colours: true).full == "")
    let bare = DecisionExplanation([Decision.Part(text: "ok", kind: .silent)], width: 80, colours: false)
    #expect(bare.full == "silent\n" && bare.short == "silent\n")
  }

  @Test(arguments: [0, 40, 60, 90]) func `text is wrapped at the width, and no word of it is lost`(width: Int) {
    var part = Self.part
    part.explanation = [Evidence(.policy, (1...60).map { "word\($0)" }.joined(separator: " "))]
    let text = DecisionExplanation([part], width: width, colours: false).full
    for number in 1...60 { #expect(text.contains("word\(number)")) }
    for line in text.split(separator: "\n") where line.contains("word") { #expect(line.count <= max(width, 40)) }
  }

  @Test func `what an agency wrote cannot move the cursor, turn the text round, or take the screen`() {
    var part = Self.part
    let hostile = "a\u{1B}[2J\u{202E}b\nc\u{0}" + String(repeating: "long ", count: 10_000)
    part.text = hostile
    part.explanation += [Evidence(.spelling, hostile), Evidence(.line, hostile, candidate: Self.late, source: hostile)]
    part.candidates[0].title = hostile
    for text in [
      DecisionExplanation([part, part], width: 80, colours: false).full,
      DecisionExplanation([part], width: 80, colours: false).short,
    ] {
      #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\u{0}" })
      #expect(text.utf8.count < 40_000)
    }
  }

  @Test(arguments: [40, 60, 80, 100, 120]) func `bars have the room that names leave them`(width: Int) {
    var part = Self.part
    let names = ["what all its lines together say", "nearness in meaning, by use-multilingual-v3", "近さ"]
    part.explanation = names.enumerated().map { Evidence(.signal, $1, candidate: Self.late, score: 3 - Double($0)) }
    let rows = DecisionExplanation([part], width: width, colours: false).full.split(separator: "\n").filter {
      $0.contains("+") || $0.contains("…")
    }
    #expect(rows.count == 4)
    // Under 60 there is no room for the names themselves.
    for row in rows { #expect(row.count <= max(width, 52), "\(row)") }
    if width >= 80 { for name in names { #expect(rows.contains { $0.hasSuffix(name) }) } }
    #expect(rows.contains { $0.contains("█") } == (width >= 80))
  }

  @Test func `how the text was taken comes before what was found, and that before what was made of it`() {
    var part = Self.part
    part.explanation = [
      Evidence(.workspace, "W."), Evidence(.policy, "P."), Evidence(.state, "S."), Evidence(.followUp, "F."),
      Evidence(.spelling, "first"), Evidence(.language, "L."), Evidence(.spelling, "second"), Evidence(.line, "X."),
    ]
    let rows = DecisionExplanation([part], width: 80, colours: false).full.split(separator: "\n").dropFirst().prefix(8)
    #expect(
      rows.map { $0.split(separator: " ").last ?? "" } == ["L.", "first", "second", "F.", "S.", "X.", "P.", "W."])
  }

  /// As an earlier version wrote it: the confidence as a line's score, the label in the text, the language as a state.
  @Test func `what an earlier version wrote is readable`() throws {
    let kept = """
      [{"kind":"line","text":"like “my payout is late” (56 %); it speaks of 49 % of the question.",\
      "candidate":"article:payouts/late-payout","source":"intents/payouts.yml:8","score":0.99},\
      {"kind":"runner-up","text":"Runner-up: like “when are payouts sent” (32 %).","candidate":"intent:payout-schedule",\
      "score":0.11},{"kind":"policy","text":"0.99 is enough to answer.","score":0.95},\
      {"kind":"state","text":"The language of the text is en, as sure as 1.00.","score":1},\
      {"kind":"omen","text":"The birds flew left.","score":7}]
      """
    var part = Self.part
    part.explanation = try JSONDecoder().decode([Evidence].self, from: Data(kept.utf8))
    let text = DecisionExplanation([part], width: 110, colours: false).full
    for line in [
      "  policy     0.99 is enough to answer. (threshold 0.95)",
      "  state      The language of the text is en, as sure as 1.00.\n",
      "  note       The birds flew left. (7.00)",
      "      line       like “my payout is late” (56 %); it speaks of 49 % of the question. (0.99)",
      "      runner-up  Runner-up: like “when are payouts sent” (32 %).",
    ] { #expect(text.contains(line), "\(line)") }
  }

  @Test(arguments: [1e300, -1e300, 1e16, 800.0]) func `shares beyond all measure are shown as what they are`(
    share: Double
  ) {
    var part = Self.part
    part.explanation = [share, 1].map { Evidence(.signal, "s", candidate: Self.late, score: $0) }
    let text = DecisionExplanation([part], width: 80, colours: false).full
    #expect(text.contains("+1.00") && text.contains("together: log-odds of \(share > 0 ? "1.00" : "0.00")"))
    #expect(text.contains(share == 800 ? "+800.00" : "–"))
  }

  @Test func `shares that are no numbers are shown as none`() {
    var part = Self.part
    part.explanation = [.nan, .infinity, 1].map { Evidence(.signal, "s", candidate: Self.late, score: $0) }
    let text = DecisionExplanation([part], width: 80, colours: false).full
    #expect(text.contains("+1.00") && text.contains("+0.00"))
  }

  @Test func `colours are there when asked for`() {
    let text = DecisionExplanation([Self.part], width: 100, colours: true).full
    #expect(text.contains("\u{1B}[1manswer\u{1B}[0m") && text.contains("\u{1B}[31m▒▒▒▒"))
  }
}
