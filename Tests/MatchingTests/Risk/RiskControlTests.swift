import Foundation
import Matching
import Testing

@Suite struct `Risk control` {
  @Test(arguments: Simulation.Scores.allCases)
  func `in at least 95 of 100 new samples the bound holds`(scores: Simulation.Scores) {
    for (count, bound) in [(100, 0.1), (300, 0.05)] {
      var simulation = Simulation(seed: UInt64(count))
      let held = (0..<100).count { _ in
        let control = RiskControl(outcomes: simulation.outcomes(count, scores), bound: bound)
        return Observation(control, on: simulation.outcomes(count, scores)).keeps(bound)
      }
      #expect(held >= 95, "\(count) outcomes at \(bound)")
    }
  }

  @Test(arguments: [Simulation.Scores.calibrated, .treacherous, .weighted])
  func `a thousand outcomes at 3 % hold as well`(scores: Simulation.Scores) {
    var simulation = Simulation(seed: 1000)
    let held = (0..<100).count { _ in
      let control = RiskControl(outcomes: simulation.outcomes(1000, scores), bound: 0.03)
      return Observation(control, on: simulation.outcomes(1000, scores)).keeps(0.03)
    }
    #expect(held >= 95)
  }

  @Test func `on 100 random halves of one sample the bound holds in at least 95`() {
    var simulation = Simulation(seed: 5)
    for scores in [Simulation.Scores.overconfident, .uneven] {
      var all = simulation.outcomes(1200, scores)
      let held = (0..<100).count { _ in
        for last in stride(from: all.count - 1, to: 0, by: -1) {
          all.swapAt(last, Int(simulation.uniform() * Double(last + 1)))
        }
        let control = RiskControl(outcomes: Array(all[..<600]), bound: 0.05)
        return Observation(control, on: Array(all[600...])).keeps(0.05)
      }
      #expect(held >= 95, "\(scores)")
    }
  }

  @Test func `without the margin the bound breaks in a third of samples or more`() {
    // What shows that the tests above can fail.
    let none = RiskMargin(breachProbability: 0.5, claimWeight: 0, leastClaim: 0)
    var simulation = Simulation(seed: 3)
    let held = (0..<100).count { _ in
      let control = RiskControl(outcomes: simulation.outcomes(300, .calibrated), bound: 0.05, margin: none)
      return Observation(control, on: simulation.outcomes(300, .calibrated)).keeps(0.05)
    }
    #expect(held <= 67)
  }

  @Test func `as much is answered as the margin allows, and more with more outcomes`() {
    // In the long run 64 % of the sharp could be answered at 5 %, and 40 % of the calibrated.
    func answered(_ count: Int, _ scores: Simulation.Scores) -> Double {
      var simulation = Simulation(seed: 9)
      let shares = (0..<10).map { _ in
        let control = RiskControl(outcomes: simulation.outcomes(count, scores), bound: 0.05)
        return Observation(control, on: simulation.outcomes(500, scores)).share
      }
      return shares.reduce(0, +) / 10
    }
    #expect(answered(300, .sharp) > 0.3)
    #expect(answered(3000, .sharp) > 0.55)
    #expect(answered(3000, .calibrated) > 0.27)
  }

  @Test func `what cannot be kept is not answered, and says so`() {
    var simulation = Simulation(seed: 1)
    let control = RiskControl(outcomes: simulation.outcomes(1000, .hopeless), bound: 0.05)
    #expect(control.pooled.ground == .unreachable)
    #expect(!control.pooled.admits(1))
    #expect(
      control.pooled.basis
        == "no threshold keeps wrong answers at or under 5 %, by 1000 held-out questions of this workspace, so that nothing is answered by likeness"
    )
  }

  @Test func `nothing to learn from gives a cautious default`() {
    let control = RiskControl(outcomes: [], bound: 0.05)
    #expect(control.pooled.ground == .tooFew)
    #expect(control.pooled.value == 0.95)
    #expect(control.pooled.basis.hasPrefix("a cautious default, because nothing could be held out to show that"))
    #expect(control.curve.points.isEmpty)
    #expect(control.threshold(for: 7) == control.pooled)
  }

  @Test func `a few outcomes give a default above every mistake that was seen`() {
    let outcomes =
      (0..<20).map { HeldOutOutcome(confidence: 0.9 + Double($0) / 1000, isRight: true) } + [
        HeldOutOutcome(confidence: 0.97, isRight: false)
      ]
    let control = RiskControl(outcomes: outcomes, bound: 0.05)
    #expect(control.pooled.ground == .tooFew)
    #expect(!control.pooled.admits(0.97))
    #expect(control.pooled.basis.contains("because 21 held-out questions of this workspace are too few"))
  }

  @Test func `a handful of outcomes shows no bound, however little margin is asked for`() {
    var loose = RiskMargin()
    loose.breachProbability = 0.4
    loose.claimWeight = 10
    func control(_ right: Int) -> RiskControl {
      let outcomes = (0..<right).map { _ in HeldOutOutcome(confidence: 0.99, isRight: true) }
      return RiskControl(outcomes: outcomes, bound: 0.05, margin: loose)
    }
    #expect(control(3).pooled.ground != .shown)
    #expect(control(4).pooled.ground != .shown)
    #expect(control(200).pooled.ground == .shown)
  }

  @Test func `all right gives everything an answer`() {
    let outcomes = (1...400).map { HeldOutOutcome(confidence: Double($0) / 400, isRight: true) }
    let control = RiskControl(outcomes: outcomes, bound: 0.05)
    #expect(control.pooled.ground == .shown)
    #expect(control.pooled.value == 1.0 / 400)
    #expect(
      control.pooled.basis
        == "at most 5 % of answers wrong, by 400 held-out questions of this workspace: 400 of them would be answered, 0 % of these wrong"
    )
  }

  @Test func `equal confidences are answered together or not at all`() {
    // 200 at 0.9, of which 40 are wrong: no place among them may become the threshold.
    let outcomes =
      (0..<200).map { HeldOutOutcome(confidence: 0.9, isRight: $0 % 5 != 0) }
      + (0..<200).map { _ in HeldOutOutcome(confidence: 0.95, isRight: true) }
    let control = RiskControl(outcomes: outcomes, bound: 0.05)
    #expect(control.pooled.value == 0.95)
  }

  @Test func `the order of outcomes does not matter`() {
    var simulation = Simulation(seed: 4)
    for scores in [Simulation.Scores.weighted, .uneven, .tied] {
      let outcomes = simulation.outcomes(800, scores)
      let one = RiskControl(outcomes: outcomes, bound: 0.1)
      let other = RiskControl(outcomes: outcomes.reversed(), bound: 0.1)
      #expect(one.pooled == other.pooled)
      #expect(one.curve == other.curve)
      for group in 0..<20 { #expect(one.threshold(for: group) == other.threshold(for: group)) }
    }
  }

  @Test func `weights alone make no outcome tell more`() {
    var simulation = Simulation(seed: 6)
    let outcomes = simulation.outcomes(500, .sharp)
    let heavy = outcomes.map { outcome in
      var outcome = outcome
      outcome.weight = 40
      return outcome
    }
    #expect(RiskControl(outcomes: outcomes, bound: 0.05).pooled == RiskControl(outcomes: heavy, bound: 0.05).pooled)
  }

  @Test(arguments: [0.0, -1, 1, 2, .nan, .infinity, 1e-9])
  func `any bound gives a threshold`(bound: Double) {
    var simulation = Simulation(seed: 8)
    let control = RiskControl(outcomes: simulation.outcomes(300, .calibrated), bound: bound)
    #expect(!control.pooled.value.isNaN)
    #expect((0...1).contains(control.bound))
    if bound <= 0 || bound.isNaN { #expect(control.pooled.value >= 1) }
    if bound >= 1 { #expect(control.pooled.ground == .shown) }
  }

  @Test func `outcomes that are no numbers do not count and break nothing`() {
    let good = (1...400).map { HeldOutOutcome(confidence: Double($0) / 400, isRight: $0 > 100) }
    let bad = [
      HeldOutOutcome(confidence: .nan, isRight: true), HeldOutOutcome(confidence: 0.9, isRight: false, weight: .nan),
      HeldOutOutcome(confidence: 0.9, isRight: false, weight: -5),
      HeldOutOutcome(confidence: 0.9, isRight: false, weight: 0),
      HeldOutOutcome(confidence: 0.9, isRight: false, weight: .infinity),
    ]
    #expect(RiskControl(outcomes: good + bad, bound: 0.05).pooled == RiskControl(outcomes: good, bound: 0.05).pooled)
    let beyond = [HeldOutOutcome(confidence: 7, isRight: false), HeldOutOutcome(confidence: -.infinity, isRight: true)]
    #expect(RiskControl(outcomes: good + beyond, bound: 0.05).pooled.value <= 1.0.nextUp)
  }

  @Test func `a topic that errs more than it says needs more, and says why`() throws {
    var simulation = Simulation(seed: 2)
    let control = RiskControl(outcomes: simulation.outcomes(4000, .uneven), bound: 0.05)
    // Topics 0, 5, 10 … err more; 3, 8, 13 … err less.
    for topic in stride(from: 0, to: 20, by: 5) {
      #expect(control.threshold(for: topic).value > control.pooled.value)
      #expect(control.threshold(for: topic + 3).value < control.pooled.value)
    }
    let basis = control.threshold(for: 0).basis
    #expect(basis.hasPrefix(control.pooled.basis + "; raised from 0."))
    #expect(basis.contains(" for this topic, which ") && basis.hasSuffix(" % wrongly"))
    #expect(control.threshold(for: nil) == control.pooled)
    #expect(control.threshold(for: 999) == control.pooled)
  }

  @Test func `topics that only seem to differ share one threshold`() {
    var simulation = Simulation(seed: 12)
    let outcomes = simulation.outcomes(600, .calibrated).enumerated().map { place, outcome in
      var outcome = outcome
      outcome.group = place % 12
      return outcome
    }
    let control = RiskControl(outcomes: outcomes, bound: 0.1)
    for topic in 0..<12 { #expect(control.threshold(for: topic) == control.pooled) }
  }

  @Test func `corrections weigh in and are named`() {
    let lines = (1...400).map { HeldOutOutcome(confidence: Double($0) / 400, isRight: $0 > 80) }
    #expect(RiskControl(outcomes: lines, bound: 0.05).pooled.value < 0.5)
    let corrections = (0..<40).map { _ in
      HeldOutOutcome(confidence: 0.5, isRight: false, source: .correction)
    }
    let control = RiskControl(outcomes: lines + corrections, bound: 0.05)
    #expect(control.pooled.value > 0.5)
    #expect(control.pooled.basis.contains("by 400 held-out questions of this workspace and 40 corrections: "))
  }

  @Test func `50,000 outcomes take no time`() {
    var simulation = Simulation(seed: 7)
    let outcomes = simulation.outcomes(50_000, .uneven)
    let clock = ContinuousClock()
    let time = clock.measure { #expect(RiskControl(outcomes: outcomes, bound: 0.05).pooled.ground == .shown) }
    // Seconds in a debug build on a busy machine; a square in it would take hours.
    #expect(time < .seconds(30))
  }
}
