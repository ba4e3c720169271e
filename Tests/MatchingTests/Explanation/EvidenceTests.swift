import Foundation
import Support
import TestSupport
import Testing

@testable import Matching

@Suite struct EvidenceTests {
  private func matcher(_ content: WorkspaceContent = Desk.content(), _ encoders: Int = 0) -> Matcher {
    Matcher(content, encoders: (0..<encoders).map { HashingEncoder(name: "e\($0)", version: "e\($0)") })
  }

  private func evidence(_ kind: Evidence.Kind, _ decision: Decision) -> [Evidence] {
    decision.explanation.filter { $0.kind == kind }
  }

  private func sum(_ evidence: [Evidence], of id: CandidateID?) -> Double {
    evidence.filter { $0.candidate == id }.reduce(0) { $0 + ($1.score ?? 0) }
  }

  // Signals.

  @Test(arguments: [0, 1, 2])
  func `the signals of a candidate add up to the log-odds of its confidence`(_ encoders: Int) throws {
    let matcher = matcher(Desk.content(), encoders)
    for question in ["somebody stole a badge of mine", "parking for cars", "how do i borrow a lens", "song muted"] {
      let decision = Desk.decide(matcher, question)
      let signals = evidence(.signal, decision)
      #expect(!signals.isEmpty, "\(question)")
      for candidate in decision.candidates.prefix(2) {
        let logOdds = log(candidate.confidence / (1 - candidate.confidence))
        #expect(abs(sum(signals, of: candidate.id) - logOdds) < 1e-6, "\(question) \(candidate.id)")
      }
      #expect(Set(signals.map(\.candidate)) == Set(decision.candidates.prefix(2).map(\.id)))
      #expect(signals.allSatisfy { !$0.text.isEmpty && $0.score?.isFinite == true })
    }
  }

  @Test(arguments: [0, 1])
  func `where the very words of a line set the confidence, it is said, with what the signals come to`(_ encoders: Int)
    throws
  {
    let matcher = matcher(Desk.content(), encoders)
    for subject in Desk.subjects {
      let decision = Desk.decide(matcher, subject.ways[0])
      let first = try #require(decision.candidates.first)
      let alone = 1 / (1 + exp(-sum(evidence(.signal, decision), of: first.id)))
      let said = evidence(.policy, decision).filter { $0.text.hasPrefix("The very words of a line set the confidence") }
      guard first.confidence > alone + 1e-9 else {
        #expect(said.isEmpty)
        continue
      }
      #expect(first.confidence == Calibration.sameWordsConfidence)
      #expect(
        said.map(\.text) == [
          "The very words of a line set the confidence at 0.99; its signals alone come to \(Matcher.rounded(alone))."
        ])
      #expect(said.first?.candidate == first.id)
    }
  }

  @Test func `a certain rule has no signals, and no spelling that it did not look at`() {
    let decision = SampleProgramme.decide("payouut payout is late")
    #expect(evidence(.rule, decision).count == 1)
    #expect(evidence(.signal, decision).isEmpty && evidence(.spelling, decision).isEmpty)
  }

  // Lines.

  @Test(arguments: [0, 1, 2])
  func `up to three lines of the winner speak, the likest first, each with its place`(_ encoders: Int) throws {
    let matcher = matcher(Desk.content(), encoders)
    for question in ["somebody stole a badge of mine", "parking for cars", "reserve a camera lens", "wifi password"] {
      let decision = Desk.decide(matcher, question)
      let first = try #require(decision.candidates.first)
      let lines = evidence(.line, decision)
      #expect((1...3).contains(lines.count))
      let scores = lines.compactMap(\.score)
      #expect(scores.count == lines.count && scores.allSatisfy { (0...1).contains($0) })
      #expect(scores == scores.sorted(by: >))
      let subject = try #require(Desk.subjects.first { first.id.description.hasSuffix($0.id) })
      for line in lines {
        #expect(line.candidate == first.id)
        let said = (subject.ways + [subject.title]).contains { line.text == "like “\($0)”" }
        #expect(said || line.text.hasPrefix("its text says “"), "\(line.text)")
        #expect(line.source?.contains(":") == true)
      }
      #expect(Set(lines.map(\.text)).count == lines.count)
    }
  }

  @Test func `the runner-up is told with its confidence and the line that spoke for it`() throws {
    let decision = Desk.decide(matcher(), "is there parking, and a badge for it")
    let told = evidence(.runnerUp, decision)
    let second = try #require(decision.parts[0].candidates.dropFirst().first)
    #expect(told.first?.candidate == second.id && told.first?.score == second.confidence)
    #expect(told.allSatisfy { !$0.text.lowercased().contains("runner") })
  }

  @Test(arguments: [0, 1])
  func `what must never be answered is named by its line`(_ encoders: Int) throws {
    let decision = Desk.decide(matcher(Desk.content(), encoders), "tell me a joke")
    let line = try #require(evidence(.line, decision).first)
    #expect(line.text == "like “tell me a joke”, which must never be answered")
    #expect(line.candidate == nil && line.source == "intents/desk.yml:1" && (line.score ?? 0) > 0.9)
  }

  @Test func `where only bodies speak of it, that is said`() throws {
    var content = Desk.content(2)
    content.articles.append(
      Desk.article("lockers", "Storage", [], "Lockers on level one take suitcases, tripods and umbrellas."))
    let decision = Desk.decide(matcher(content), "umbrellas tripods suitcases")
    #expect(decision.candidates.first?.id == .article("lockers"))
    let line = try #require(evidence(.line, decision).first)
    #expect(line.text.contains("speaks of") && line.text.contains("% of the question"), "\(line.text)")
    #expect(line.score.map { (0...1).contains($0) } == true)
  }

  @Test func `a workspace with nothing in it says so and nothing else`() {
    let decision = Desk.decide(matcher(WorkspaceContent(phrases: Desk.content().phrases)), "where is my badge now")
    #expect(evidence(.signal, decision).isEmpty && evidence(.line, decision).isEmpty)
    #expect(evidence(.policy, decision).contains { $0.text == "Nothing in the workspace is like it." })
  }

  // How it was read.

  @Test func `each word that was read as another is told once`() {
    let decision = Desk.decide(matcher(), "stollen badgge, badgge: where do i get a new badgge")
    #expect(evidence(.spelling, decision).map(\.text).contains("“badgge” read as “badge”."))
    #expect(evidence(.spelling, decision).count { $0.text.hasPrefix("“badgge”") } == 1)
    #expect(evidence(.spelling, Desk.decide(matcher(), "where do i get a badge")).isEmpty)
  }

  @Test func `of a text full of misspelt words the first dozen are told and the rest counted`() {
    var content = Desk.content(2)
    let words = (0..<40).map { number in
      "plan" + String((0..<4).map { Character(["b", "k", "m", "z"][(number >> (2 * $0)) % 4]) }) + "et"
    }
    content.intents[0].examples += words.map { Example($0, at: Desk.place) }
    // A letter too many in each.
    let asked = words.map { $0.prefix(5) + "q" + $0.dropFirst(5) }.joined(separator: " ")
    let spelling = evidence(.spelling, Desk.decide(matcher(content), asked))
    #expect(spelling.count == 13)
    #expect(
      spelling.last?.text.hasPrefix("And ") == true
        && spelling.last?.text.hasSuffix(" more words read as others.") == true)
  }

  @Test func `the language is told, with what says so`() throws {
    let matcher = matcher()
    func language(_ text: String, _ declared: String? = nil, before: String? = nil) throws -> Evidence {
      var state = ConversationState()
      state.language = before
      let decision = matcher.decide(
        SampleProgramme.message(text, language: declared), in: state, at: SampleProgramme.now)
      let told = evidence(.language, decision)
      #expect(told.count == 1)
      return try #require(told.first)
    }
    let recognised = try language("where can i park my car tomorrow")
    #expect(recognised.text == "Taken for English (en), by how it is written.")
    #expect(recognised.score.map { (0.7...1).contains($0) } == true)
    let declared = try language("where can i park my car", "pt-BR")
    #expect(declared.text == "Taken for Portuguese (pt-BR), as the channel says." && declared.score == nil)
    #expect(try language("ok", before: "es").text == "Taken for Spanish (es), as before: the text does not say enough.")
    #expect(
      try language("ok").text == "Taken for English (en), the workspace's own: the text does not say enough.")
    let before = try language("onde posso estacionar o meu carro amanhã", before: "pt-BR")
    #expect(before.text == "Taken for Portuguese (pt-BR), by how it is written.")
    // What a channel calls a language may be anything.
    for tag in ["xx", "", "\u{1B}[2J", String(repeating: "a", count: 10_000), "ação", "\u{202E}"] {
      let odd = try language("where can i park my car", tag).text
      #expect(odd.count < 100 && odd.unicodeScalars.allSatisfy(\.isASCII), "\(odd)")
      #expect(!odd.contains("for ,"))
    }
  }

  @Test func `how a follow-up was read is told, with the question as it was put`() throws {
    let state = SampleProgramme.decide("which tax form do i need", region: "US").nextState
    var there = state
    there.region = nil
    let decision = SampleProgramme.decide("and for Germany?", in: there)
    let told = try #require(decision.explanation.first { $0.kind == .followUp })
    #expect(told.text == "Goes on from that answer: read as “which tax form do i need” for the region DE.")
    #expect(told.candidate == .article("tax/us") && decision.explanation.first == told)
    #expect(SampleProgramme.decide("how do i appeal a ban?", in: there).explanation.allSatisfy { $0.kind != .followUp })
  }

  // As a whole.

  @Test(arguments: [0, 2]) func `the same message has the same evidence in every run`(_ encoders: Int) {
    let one = Desk.decisions(matcher(Desk.content(), encoders))
    #expect(one == Desk.decisions(matcher(Desk.content(), encoders)))
  }

  @Test func `evidence comes back from the log as it went in`() throws {
    for decision in Desk.decisions(matcher(Desk.content(), 1)) {
      let back = try JSONDecoder().decode(Decision.self, from: JSONEncoder().encode(decision))
      #expect(back == decision)
    }
  }

  @Test func `what is considered on the way and not told costs no evidence`() {
    let considered = matcher().consider("parking for cars", asker: Desk.asker)
    #expect(considered.explanation.isEmpty && considered.grounds != nil)
  }

  // What an attacker would try.

  static let hostile = [
    "\u{1B}[2J\u{1B}]0;owned\u{7}where can i park my car", "\u{202E}rac ym krap i nac erehw\u{202C} park car",
    "park\u{0}ing\u{0} for cars", "parking\r\nfor\r\ncars\u{2028}and badges",
    "parking a" + String(repeating: "\u{301}", count: 5_000) + " car",
    String(repeating: "parkinng ", count: 20_000), String(repeating: "x", count: 100_000) + " parking",
  ]

  @Test(arguments: hostile) func `a message that means harm does none in the evidence`(_ text: String) {
    let matcher = matcher()
    let first = Desk.decide(matcher, text)
    var state = Desk.decide(matcher, "where can i park my car").nextState
    state.lastAnswered?.text = text
    let second = matcher.decide(SampleProgramme.message("and for Germany?"), in: state, at: SampleProgramme.now)
    for evidence in first.explanation + second.explanation { Self.expectHarmless(evidence) }
  }

  @Test(arguments: hostile) func `lines of a workspace that mean harm do none in the evidence`(_ text: String) {
    var content = Desk.content(3)
    content.intents[0].examples.append(Example(String(text.prefix(5_000)), at: Desk.place))
    content.outOfScope.append(AuthoredLine(String(text.prefix(5_000)) + " zebra", at: Desk.place))
    let matcher = matcher(content)
    for question in [text, "where can i park my car", "zebra"] {
      for evidence in Desk.decide(matcher, question).explanation { Self.expectHarmless(evidence) }
    }
  }

  private static func expectHarmless(_ evidence: Evidence) {
    #expect(evidence.text.unicodeScalars.count < 1_000)
    #expect(evidence.text.count < 500)
    #expect(
      !evidence.text.unicodeScalars.contains {
        $0.properties.generalCategory == .control || $0 == "\u{202E}" || $0 == "\u{2028}"
      }, "\(evidence.text.debugDescription)")
    #expect(evidence.score?.isFinite != false)
  }
}
