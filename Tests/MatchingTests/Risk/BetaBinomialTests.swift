import Foundation
import Testing

@testable import Matching

@Suite struct `Beta-binomial tail` {
  /// With whole counts the distribution can be summed as ratios of products, without logarithms.
  static func exact(_ trials: Int, _ wrong: Int, _ right: Int, above count: Int) -> Double {
    // P(x) = C(x+a-1, x) C(n-x+b-1, n-x) / C(n+a+b-1, n)
    func choose(_ n: Int, _ k: Int) -> Double {
      guard k > 0 else { return 1 }
      return (1...k).reduce(1) { $0 * Double(n - k + $1) / Double($1) }
    }
    guard count < trials else { return 0 }
    let all = choose(trials + wrong + right - 1, trials)
    return (max(0, count + 1)...trials).reduce(0) { sum, x in
      sum + choose(x + wrong - 1, x) * choose(trials - x + right - 1, trials - x) / all
    }
  }

  @Test func `equals the plain sum`() {
    for trials in [1, 2, 5, 17, 60] {
      for wrong in [1, 2, 7] {
        for right in [1, 3, 20, 60] {
          for count in 0...trials {
            let expected = Self.exact(trials, wrong, right, above: count)
            let tail = BetaBinomial(trials: trials, wrong: Double(wrong), right: Double(right)).tail(above: count)
            let mean = Double(trials * wrong) / Double(wrong + right)
            if mean >= Double(count + 1) {
              #expect(tail == 1)
            } else {
              #expect(abs(tail - expected) < 1e-9, "\(trials) \(wrong) \(right) \(count)")
            }
          }
        }
      }
    }
  }

  @Test func `large counts neither vanish nor overflow`() {
    let tail = BetaBinomial(trials: 1_000_000, wrong: 45_000, right: 955_000).tail(above: 50_000)
    #expect(tail >= 0 && tail < 1e-9)
    let near = BetaBinomial(trials: 1_000_000, wrong: 49_900, right: 950_100).tail(above: 50_000)
    #expect(near > 0.2 && near < 0.5)
  }

  @Test func `log gamma of whole and half numbers equals the product`() {
    var whole = 0.0
    var half = 0.5 * log(Double.pi)
    for step in 1...2000 {
      let x = Double(step)
      // Γ(1) = 1, Γ(½) = √π, Γ(x + 1) = x Γ(x).
      for (argument, expected) in [(x, whole), (x - 0.5, half)] {
        #expect(abs(BetaBinomial.logGamma(argument) - expected) <= 1e-10 * max(1, abs(expected)), "\(argument)")
      }
      whole += log(x)
      half += log(x - 0.5)
    }
  }
}
