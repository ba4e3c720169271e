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
                         +3.00                    together, as log-odds

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
