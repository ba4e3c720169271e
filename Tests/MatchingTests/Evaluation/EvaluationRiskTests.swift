import Foundation
import Support
import Testing

@testable import Matching

@Suite struct `Risk of an evaluation` {
  static func outcome(_ confidence: Double, _ isRight: Bool, weight: Double = 1) -> HeldOutOutcome {
    HeldOutOutcome(confidence: confidence, isRight: isRight, weight: weight)
  }

  @Test func `the curve counts as counted by hand`() {
    let curve = RiskCurve([
      Self.outcome(0.5, false), Self.outcome(0.9, true), Self.outcome(0.8, false), Self.outcome(0.8, true),
      // Nothing found: asked, and never answered.
      Self.outcome(0, false),
    ])
    #expect(curve.points.map(\.threshold) == [0.9, 0.8, 0.5])
    #expect(curve.points.map(\.answered) == [0.2, 0.6, 0.8])
    #expect(curve.points.map(\.wrong) == [0, 1.0 / 3, 0.5])
    #expect(curve.point(at: 0.8)?.threshold == 0.8)
    #expect(curve.point(at: 0.85)?.threshold == 0.9)
    #expect(curve.point(at: 0.95) == nil)
    #expect(curve.most(wrongAtMost: 0.4)?.threshold == 0.8)
    #expect(curve.most(wrongAtMost: 0)?.threshold == 0.9)
    #expect(RiskCurve([Self.outcome(0.9, false)]).most(wrongAtMost: 0.5) == nil)
  }

  @Test func `a thinned curve keeps its ends and its order`() {
    var simulation = Simulation(seed: 3)
    let curve = RiskCurve(simulation.outcomes(5000, .calibrated))
    for count in [2, 21, 400] {
      let thinned = curve.thinned(to: count)
      #expect(thinned.count <= count && thinned.count > count / 2)
      #expect(thinned.first == curve.points.first)
      #expect(thinned.last == curve.points.last)
      #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.answered < $1.answered })
    }
    #expect(RiskCurve([]).thinned(to: 5).isEmpty)
  }

  static func evaluation() -> Evaluation {
    var evaluation = Evaluation()
    let matcher = SampleProgramme.matcher
    for (text, expectation, language) in [
      ("why is my payout late", LabelledQuestion.Expectation.any([.article("payouts/late")]), "en" as String?),
      ("how do i appeal", .any([.article("violations/appeal")]), nil),
      ("thank you very much", .any([.intent("thanks")]), "en"),
      ("order me a pizza now", .none, "en"), ("qwzx vvbn", .none, "es"),
    ] {
      let question = LabelledQuestion(text: text, expectation: expectation, language: language)
      let decision = SampleProgramme.decide(text)
      evaluation.add(question, decision, microseconds: 1, catalogue: matcher.catalogue)
    }
    return evaluation
  }

  @Test func `settled is what is answered right, or offered where nothing was answered`() {
    let catalogue = SampleProgramme.matcher.catalogue
    let late = CandidateID.article("payouts/late")
    let appeal = CandidateID.article("violations/appeal")
    func settled(_ expectation: LabelledQuestion.Expectation, _ matched: CandidateID?, _ pending: PendingQuestion?)
      -> Int
    {
      var state = ConversationState()
      state.pending = pending
      let part = Decision.Part(text: "?", kind: matched == nil ? .clarify : .answer, matched: matched)
      let decision = Decision(parts: [part], reply: nil, language: "en", nextState: state, workspaceVersion: "1")
      var evaluation = Evaluation()
      evaluation.add(
        LabelledQuestion(text: "?", expectation: expectation), decision, microseconds: 1, catalogue: catalogue)
      return evaluation.total.settled
    }
    let choice = PendingQuestion.choice(question: "?", candidates: [appeal, late])
    #expect(settled(.any([late]), late, nil) == 1)
    #expect(settled(.any([late]), appeal, nil) == 0)
    #expect(settled(.any([late]), nil, nil) == 0)
    #expect(settled(.any([late]), nil, choice) == 1)
    #expect(settled(.any([late]), nil, .region(question: "?", candidate: late)) == 1)
    #expect(settled(.any([late]), nil, .region(question: "?", candidate: appeal)) == 0)
    #expect(settled(.all([late, appeal]), nil, choice) == 1)
    #expect(settled(.all([late]), appeal, choice) == 0)
    // What was left open by an earlier question settles nothing that was answered wrong, or that is out of scope.
    #expect(settled(.none, nil, choice) == 0)
  }

  @Test func `counts by language are of questions that carry one`() {
    let evaluation = Self.evaluation()
    #expect(evaluation.byLanguage.mapValues(\.questions) == ["en": 3, "es": 1])
    #expect(evaluation.byLanguage["en"]?.inScope == 2)
  }

  @Test func `handled right is answers that are right and silence where it is due`() {
    var counts = Evaluation.Counts()
    counts.questions = 10
    counts.answeredRight = 5
    counts.outOfScope = 4
    counts.outOfScopeAnswered = 1
    #expect(counts.handledRight == 8)
    #expect(counts.handledRightShare == 0.8)
    #expect(Evaluation.Counts().handledRightShare == 0)
  }

  @Test func `every pair of one in and one out of scope counts in the AUROC`() throws {
    let evaluation = Self.evaluation()
    let inside = evaluation.asked.filter(\.isInScope).map(\.confidence)
    let outside = evaluation.asked.filter { !$0.isInScope }.map(\.confidence)
    #expect(inside.count == 3 && outside.count == 2)
    let pairs = inside.flatMap { one in outside.map { one > $0 ? 1.0 : one == $0 ? 0.5 : 0 } }
    let auroc = try #require(evaluation.scopeAUROC)
    #expect(abs(auroc - pairs.reduce(0, +) / Double(pairs.count)) < 1e-12)
    #expect(auroc > 0.9)
    #expect(Evaluation().scopeAUROC == nil)
  }

  @Test func `splits are the same with the same seed and hold with the margin`() {
    var simulation = Simulation(seed: 21)
    let outcomes = simulation.outcomes(1000, .sharp)
    let trial = SplitTrial(outcomes, count: 100, bound: 0.05)
    #expect(SplitTrial(outcomes, count: 5, bound: 0.05) == SplitTrial(outcomes, count: 5, bound: 0.05))
    #expect(SplitTrial(outcomes, count: 5, bound: 0.05) != SplitTrial(outcomes, count: 5, bound: 0.05, seed: 2))
    #expect(trial.splits == 100)
    #expect(trial.held >= 95)
    #expect(trial.meanWrong > 0 && trial.meanWrong < 0.05)
    #expect(trial.meanAnswered > 0.3 && trial.meanAnswered < trial.meanMost)
    #expect(trial.worstWrong >= trial.meanWrong)
  }

  @Test(arguments: [0, 1, 2, 3])
  func `too few questions to split break nothing`(count: Int) {
    var simulation = Simulation(seed: 22)
    let trial = SplitTrial(simulation.outcomes(count, .calibrated), count: 10, bound: 0.05)
    #expect(trial.splits == 10)
    #expect(trial.held <= 10 && trial.silent <= 10)
    #expect(trial.meanAnswered.isFinite && trial.meanWrong.isFinite)
  }
}
