import Foundation

/// From what came of held-out questions, and the share of answers that may be wrong, to the thresholds.
///
/// Selective classification with a guarantee (Geifman and El-Yaniv 2017): of a fixed row of thresholds the lowest is
/// taken from which on the next questions keep the bound, with the predictive margin of `RiskMargin`. The share wrong
/// does not fall steadily as the threshold rises, so no search by halving is right and every threshold of the row is
/// tested, in the manner of Learn then Test (Angelopoulos et al. 2021); the row is short, a little more answered at each
/// step, so that little is paid for testing often. Conformal risk control (Angelopoulos et al. 2022) bounds the expected
/// risk only, and of a monotone loss.
///
/// Where some groups – topics – are right less often than their confidences say, and others more, each has a threshold of
/// its own, at which it is as likely right as the others are at theirs. One bound holds for all together.
package struct RiskControl: Sendable {
  /// The share of answers, 0…1, that may be wrong.
  package let bound: Double
  /// For what has no group, or one without data enough.
  package let pooled: Threshold
  /// Share answered against share wrong, over all thresholds, by the confidences as they came.
  package let curve: RiskCurve

  private let thresholds: [Int: Threshold]

  /// Every threshold answers so much more than the one before.
  private static let step = 1.03
  private static let firstCount = 5.0

  /// O(n log n) in the number of outcomes; their order does not matter.
  /// - Parameter bound: the share of answers that may be wrong, 0…1.
  package init(outcomes: [HeldOutOutcome], bound: Double, margin: RiskMargin = RiskMargin()) {
    let bound = bound.isNaN ? 0 : min(max(bound, 0), 1)
    self.bound = bound
    curve = RiskCurve(outcomes)
    // Where nothing was found nothing can be answered, and no threshold is about it.
    let sorted = Array(outcomes.canonical().prefix { $0.confidence > 0 })
    var fit = ConfidenceFit(sorted)
    let heldOut = fit.learnOffsets(sorted)
    // Without offsets the confidences serve as they are; with them, what they are worth on the line.
    let ordered: [Weighed]
    if let heldOut {
      ordered = zip(sorted, heldOut).map { Weighed($0, level: $1, claimed: 1 - $1) }.sorted()
    } else {
      ordered = sorted.map {
        Weighed($0, level: $0.confidence, claimed: 1 - fit.probability(of: $0.confidence, group: nil))
      }
    }
    let words = BasisWords(outcomes: sorted, bound: bound)
    guard bound > 0 else {
      // No number of outcomes shows that nothing will ever be wrong.
      pooled = Threshold(value: Threshold.never, ground: .unreachable, basis: words.unreachable)
      thresholds = [:]
      return
    }
    guard let chosen = Self.lowest(ordered, bound: bound, margin: margin) else {
      pooled = Self.fallBack(sorted, fit, bound: bound, margin: margin, words)
      thresholds = [:]
      return
    }
    let basis = words.shown(answered: chosen.answered, share: chosen.wrong)
    guard heldOut != nil else {
      pooled = Threshold(value: chosen.level, ground: .shown, basis: basis)
      thresholds = [:]
      return
    }
    // Back from the line to confidences; what stands on the threshold itself must not fall off it by rounding.
    let level = fit.confidence(for: chosen.level)
    let common = Threshold(value: level - 1e-9, ground: .shown, basis: basis)
    pooled = common
    let members = Dictionary(grouping: sorted.filter { $0.group != nil }) { $0.group ?? -1 }
    thresholds = fit.offsets.reduce(into: [:]) { thresholds, entry in
      let own = fit.confidence(level, in: entry.key) - 1e-9
      thresholds[entry.key] = Threshold(
        value: own, ground: .shown,
        basis: basis + words.own(members[entry.key] ?? [], raises: own > common.value, from: common.value))
    }
  }

  /// The threshold for answering with the topic of this number.
  package func threshold(for group: Int?) -> Threshold { group.flatMap { thresholds[$0] } ?? pooled }

  /// An outcome at the place where it is answered.
  private struct Weighed: Comparable {
    var level: Double
    var weight: Double
    var isRight: Bool
    var claimed: Double

    init(_ outcome: HeldOutOutcome, level: Double, claimed: Double) {
      self.level = level
      self.claimed = claimed
      weight = outcome.weight
      isRight = outcome.isRight
    }

    static func < (one: Weighed, other: Weighed) -> Bool {
      if one.level != other.level { return one.level > other.level }
      if one.isRight != other.isRight { return one.isRight }
      return one.weight > other.weight
    }
  }

  private struct Choice {
    var level: Double
    /// Outcomes.
    var answered: Int
    /// The share of them, by weight.
    var wrong: Double
  }

  /// The lowest threshold of the row from which on the bound will hold; nil where there is none.
  private static func lowest(_ ordered: [Weighed], bound: Double, margin: RiskMargin) -> Choice? {
    var sums = (weight: 0.0, squares: 0.0, wrong: 0.0, claimed: 0.0)
    var next = firstCount
    var chosen: Choice?
    for (place, outcome) in ordered.enumerated() {
      sums.weight += outcome.weight
      sums.squares += outcome.weight * outcome.weight
      if !outcome.isRight { sums.wrong += outcome.weight }
      sums.claimed += outcome.weight * outcome.claimed
      let isLast = place + 1 == ordered.count
      if !isLast, ordered[place + 1].level == outcome.level { continue }
      let count = sums.weight * sums.weight / sums.squares
      guard count >= next || isLast && count >= firstCount else { continue }
      while next <= count { next = max(next + 1, next * step) }
      let share = sums.wrong / sums.weight
      if margin.holds(bound, count: count, wrong: share * count, claimed: sums.claimed / sums.weight) {
        chosen = Choice(level: outcome.level, answered: place + 1, wrong: share)
      }
    }
    return chosen
  }

  /// Nothing is shown: because there is little to show it with, or because there is much that speaks against it.
  private static func fallBack(
    _ sorted: [HeldOutOutcome], _ fit: ConfidenceFit, bound: Double, margin: RiskMargin, _ words: BasisWords
  ) -> Threshold {
    let fewest = margin.fewest(for: bound)
    guard sorted.effectiveCount < Double(fewest) else {
      return Threshold(value: Threshold.never, ground: .unreachable, basis: words.unreachable)
    }
    // The confidences are taken at their word, as far as the few outcomes bear it out: each answer then keeps the bound
    // by itself. Where the outcomes do not, only what is surer than every mistake that was seen is answered.
    var trusting = margin
    trusting.leastClaim = 0
    let ordered = sorted.map {
      Weighed($0, level: $0.confidence, claimed: 1 - fit.probability(of: $0.confidence, group: nil))
    }
    let surestMistake = sorted.first { !$0.isRight }?.confidence ?? 0
    let level = lowest(ordered, bound: bound, margin: trusting)?.level ?? surestMistake.nextUp
    return Threshold(
      value: max(1 - bound, 0.5, level, fit.confidence(for: 1 - bound)), ground: .tooFew,
      basis: words.tooFew(fewest: fewest))
  }
}
