import Foundation
import Matching
import Support
import Testing

@Suite struct `Corrections as outcomes` {
  static let now = SampleProgramme.now
  static let late = CandidateID.article("payouts/late")
  static let minimum = CandidateID.article("payouts/minimum")

  static func correction(
    _ question: String, _ verdict: Correction.Verdict, matched: CandidateID? = late, days: Double = 0,
    interaction: Int = 1
  ) -> Correction {
    Correction(
      interaction: interaction, question: question, did: matched == nil ? .escalate : .answer, matched: matched,
      confidence: 0.9, workspaceVersion: "1", verdict: verdict, by: "mara",
      at: now.addingTimeInterval(-days * 86_400))
  }

  static func outcomes(
    _ corrections: [Correction], found: CandidateID? = late, settings: CorrectionOutcomes = CorrectionOutcomes()
  ) -> [HeldOutOutcome] {
    settings.outcomes(of: corrections, at: now, catalogue: SampleProgramme.matcher.catalogue) { _ in
      found.map { Candidate(id: $0, title: "", confidence: 0.8) }
    }
  }

  @Test func `each verdict is held against what is found now`() {
    let all: [(Correction.Verdict, CandidateID?, Bool)] = [
      (.right, Self.late, true), (.right, Self.minimum, false), (.shouldHaveBeen(Self.minimum), Self.minimum, true),
      (.shouldHaveBeen(Self.minimum), Self.late, false), (.nothingAnswers, Self.late, false),
      // An intent and the article it names are the same.
      (.shouldHaveBeen(.intent("payout-late")), Self.late, true),
    ]
    for (verdict, found, isRight) in all {
      let outcomes = Self.outcomes([Self.correction("where is it", verdict)], found: found)
      #expect(outcomes.map(\.isRight) == [isRight], "\(verdict)")
      #expect(outcomes.map(\.source) == [.correction])
      #expect(outcomes.map(\.confidence) == [0.8])
      #expect(outcomes.first?.group != nil)
    }
  }

  @Test func `what says nothing about a candidate is left out`() {
    #expect(Self.outcomes([Self.correction("hm", .right, matched: nil)]).isEmpty)
    #expect(Self.outcomes([Self.correction("hm", .shouldHaveBeen(.article("gone")))]).isEmpty)
    #expect(Self.outcomes([Self.correction("hm", .right)], found: nil).isEmpty)
    #expect(Self.outcomes([]).isEmpty)
  }

  @Test func `a correction weighs half after half a year and nothing after two`() {
    let weights = Self.outcomes([
      Self.correction("a", .right), Self.correction("b", .right, days: 180), Self.correction("c", .right, days: 731),
      // A clock that was ahead.
      Self.correction("d", .right, days: -30),
    ]).map(\.weight)
    #expect(weights.count == 3)
    #expect(weights.filter { $0 == 1 }.count == 2)
    #expect(weights.contains { abs($0 - 0.5) < 1e-12 })
  }

  @Test func `of several corrections of one question the latest counts`() {
    let corrections = [
      Self.correction("Where is it?", .right, days: 1, interaction: 5),
      Self.correction("where  is it", .nothingAnswers, days: 3, interaction: 9),
    ]
    #expect(Self.outcomes(corrections).map(\.isRight) == [true])
    #expect(Self.outcomes(corrections.reversed()).map(\.isRight) == [true])
  }

  @Test func `a correction survives being written down`() throws {
    let correction = Self.correction("where is it", .shouldHaveBeen(Self.minimum))
    let data = try JSONEncoder().encode(correction)
    #expect(try JSONDecoder().decode(Correction.self, from: data) == correction)
  }
}
