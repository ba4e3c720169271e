/// What set a threshold, in words.
struct BasisWords: Sendable {
  let lines: Int
  let corrections: Int
  let bound: Double

  init(outcomes: [HeldOutOutcome], bound: Double) {
    corrections = outcomes.count { $0.source == .correction }
    lines = outcomes.count - corrections
    self.bound = bound
  }

  /// Ends with `wrong`: what follows is about a group, or nothing.
  func shown(answered: Int, share: Double) -> String {
    "at most \(Self.percent(bound)) of answers wrong, by \(asked): \(Self.counted(answered)) of them would be answered, \(Self.percent(share)) of these wrong"
  }

  func own(_ outcomes: [HeldOutOutcome], raises: Bool, from common: Double) -> String {
    let all = outcomes.reduce(0) { $0 + $1.weight }
    let wrong = outcomes.reduce(0) { $0 + ($1.isRight ? 0 : $1.weight) }
    guard all > 0 else { return "" }
    return
      "; \(raises ? "raised" : "lowered") from \(Matcher.rounded(common)) for this topic, which \(Self.counted(outcomes.count)) of them found, \(Self.percent(wrong / all)) wrongly"
  }

  func tooFew(fewest: Int) -> String {
    let enough = fewest < RiskMargin.mostCounted ? ", which takes about \(fewest) or more" : ""
    let shown = "that at most \(Self.percent(bound)) of answers are wrong\(enough)"
    guard lines + corrections > 0 else {
      return "a cautious default, because nothing could be held out to show \(shown)"
    }
    return "a cautious default, because \(asked) are too few to show \(shown)"
  }

  var unreachable: String {
    "no threshold keeps wrong answers at or under \(Self.percent(bound)), by \(asked), so that nothing is answered by likeness"
  }

  private var asked: String {
    let held = "\(Self.counted(lines)) held-out question\(lines == 1 ? "" : "s") of this workspace"
    guard corrections > 0 else { return held }
    return "\(held) and \(Self.counted(corrections)) correction\(corrections == 1 ? "" : "s")"
  }

  private static func counted(_ count: Int) -> String { count == 0 ? "no" : "\(count)" }

  static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
  }
}
