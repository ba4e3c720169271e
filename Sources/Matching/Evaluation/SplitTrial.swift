/// How often a bound on wrong answers holds on questions that took no part in setting the thresholds.
package struct SplitTrial: Sendable, Hashable {
  package let bound: Double
  package let splits: Int
  /// Splits whose observed half has at most `bound` of its answers wrong; one in which nothing is answered is among them.
  package private(set) var held = 0
  /// Splits in which nothing was answered.
  package private(set) var silent = 0
  /// Share answered, mean over the splits.
  package private(set) var meanAnswered = 0.0
  /// Share wrong of the answers of all splits together; 0 where there are none.
  package private(set) var meanWrong = 0.0
  /// The largest share wrong of any split.
  package private(set) var worstWrong = 0.0
  /// The most that could have been answered in hindsight: by the observed halves' own curves, mean over the splits. What
  /// lies between it and `meanAnswered` is the price of being sure.
  package private(set) var meanMost = 0.0

  package init(_ outcomes: [HeldOutOutcome], count: Int, bound: Double, seed: UInt64 = 1) {
    self.bound = bound
    splits = max(0, count)
    guard outcomes.count > 1, count > 0 else {
      held = splits
      silent = splits
      return
    }
    var random = SplitMix(state: seed)
    var order = outcomes
    var all = (answered: 0, wrong: 0)
    for _ in 0..<count {
      random.shuffle(&order)
      let half = order.count / 2
      let control = RiskControl(outcomes: Array(order[..<half]), bound: bound)
      let observed = order[half...]
      let answered = observed.filter {
        $0.confidence > 0 && control.threshold(for: $0.group).admits($0.confidence)
      }
      let wrong = answered.count { !$0.isRight }
      all.answered += answered.count
      all.wrong += wrong
      let share = answered.isEmpty ? 0 : Double(wrong) / Double(answered.count)
      if share <= bound { held += 1 }
      if answered.isEmpty { silent += 1 }
      worstWrong = max(worstWrong, share)
      meanAnswered += Double(answered.count) / Double(observed.count) / Double(count)
      meanMost += (RiskCurve(Array(observed)).most(wrongAtMost: bound)?.answered ?? 0) / Double(count)
    }
    meanWrong = all.answered == 0 ? 0 : Double(all.wrong) / Double(all.answered)
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): small, and the same everywhere.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Fisher and Yates'. Not the library's, whose use of the generator may change with its version. The bias of the
  /// remainder is under one in 2^40 for any number of questions that fits into memory.
  mutating func shuffle(_ values: inout [HeldOutOutcome]) {
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, Int(next() % UInt64(last + 1)))
    }
  }
}
