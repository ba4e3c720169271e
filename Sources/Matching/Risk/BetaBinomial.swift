import Foundation

/// How many of the next `trials` answers will be wrong, where the share wrong is itself only known as a beta
/// distribution: the posterior predictive distribution of a binomial count.
struct BetaBinomial: Sendable {
  let trials: Int
  /// What is known of wrong answers and of right ones, as counts; both over 0.
  let wrong: Double
  let right: Double

  /// The probability of more than `count`. Exact below `enough`; above it, only that it is over `enough` is certain.
  func tail(above count: Int, enough: Double = 1) -> Double {
    guard count < trials else { return 0 }
    let first = max(0, count + 1)
    // Left of the mean the tail is near a half or more, and its first term may be too small to be told from 0.
    if count < 0 || Double(trials) * wrong / (wrong + right) >= Double(first) { return 1 }
    let n = Double(trials)
    var x = Double(first)
    var term = exp(
      Self.logGamma(n + 1) - Self.logGamma(x + 1) - Self.logGamma(n - x + 1)
        + Self.logBeta(x + wrong, n - x + right) - Self.logBeta(wrong, right))
    var sum = 0.0
    while x <= n {
      sum += term
      if sum > enough || term < sum * 1e-12 { break }
      term *= (n - x) / (x + 1) * (x + wrong) / (n - x - 1 + right)
      x += 1
    }
    return min(sum, 1)
  }

  static func logBeta(_ a: Double, _ b: Double) -> Double { logGamma(a) + logGamma(b) - logGamma(a + b) }

  /// Stirling's series after shifting the argument to 10 or more; `x` over 0. The C library's own writes a global.
  static func logGamma(_ x: Double) -> Double {
    var x = x
    var shift = 0.0
    while x < 10 {
      shift -= log(x)
      x += 1
    }
    let square = 1 / (x * x)
    let series = (1 / 12.0 - square * (1 / 360.0 - square * (1 / 1260.0 - square / 1680.0))) / x
    return shift + (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series
  }
}
