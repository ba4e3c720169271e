import Foundation

/// How much surer than the bound itself one has to be, so that the bound also holds on the questions to come.
///
/// A threshold at which the outcomes seen just keep the bound breaks it on the next ones half of the time. What is asked
/// for is that the *next* questions, as many as those seen, keep it: the beta-binomial predictive probability of more
/// wrong answers than the bound allows must be small. The share of wrong answers is not monotone in the threshold and is
/// looked at for many of them, so that the probability asked for is less than the one in twenty that is promised; the
/// values were chosen by simulation (docs/thresholds.md), not by the outcomes of any one workspace.
package struct RiskMargin: Sendable, Hashable {
  /// The most that the predictive probability of breaking the bound may be, at a threshold.
  package var breachProbability: Double
  /// How many outcomes the fitted confidences' own word weighs; no more than the outcomes seen.
  package var claimWeight: Double
  /// The fitted confidences are never believed to err less than this share of the bound.
  package var leastClaim: Double

  package init(breachProbability: Double = 0.02, claimWeight: Double = 50, leastClaim: Double = 0.4) {
    self.breachProbability = breachProbability
    self.claimWeight = claimWeight
    self.leastClaim = leastClaim
  }

  /// Whether what is answered will keep the bound.
  /// - Parameters:
  ///   - count: how many are answered, as equally weighing outcomes would be.
  ///   - wrong: how many of them are wrong, likewise.
  ///   - claimed: the share of wrong ones that the fitted confidences expect.
  func holds(_ bound: Double, count: Double, wrong: Double, claimed: Double) -> Bool {
    guard count >= 1, wrong <= bound * count else { return false }
    let weight = min(claimWeight, count)
    let claim = max(claimed, leastClaim * bound)
    let next = Int(count.rounded(.down))
    let predictive = BetaBinomial(
      trials: next, wrong: max(wrong + weight * claim, 0.5), right: max(count - wrong + weight * (1 - claim), 0.5))
    let allowed = Int((bound * Double(next) + 1e-9).rounded(.down))
    return predictive.tail(above: allowed, enough: breachProbability) <= breachProbability
  }

  /// The fewest outcomes from which the bound can be shown with one of them wrong. With none wrong it takes fewer, but
  /// then all that was asked would have to be right. 1,000,000 stands for that and more.
  func fewest(for bound: Double) -> Int {
    guard bound > 0 else { return Self.mostCounted }
    var count = 1
    while count < Self.mostCounted, !holds(bound, count: Double(count), wrong: 1, claimed: 0) {
      count += max(1, count / 50)
    }
    return min(count, Self.mostCounted)
  }

  static let mostCounted = 1_000_000
}
