import Foundation
import Matching
import Testing

/// Outcomes as different matchers would give them, from a fixed seed.
struct Simulation {
  enum Scores: String, CaseIterable, CustomTestStringConvertible {
    /// Confidences are probabilities.
    case calibrated
    /// Confidences claim more than is so.
    case overconfident
    /// And less.
    case underconfident
    /// Most are very sure, and rightly.
    case sharp
    /// One decimal only.
    case tied
    /// Many questions that nothing answers, each of little weight.
    case weighted
    /// The surest are wrong oftener than the bound allows.
    case treacherous
    /// Confidences say nothing, and the bound can just be kept by answering all.
    case meaningless
    /// Wrong far oftener than the bound allows, whatever the confidence.
    case hopeless
    /// Some topics are right far less often than their confidences say.
    case uneven

    var testDescription: String { rawValue }
  }

  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func outcomes(_ count: Int, _ scores: Scores) -> [HeldOutOutcome] {
    (0..<count).map { _ in outcome(scores) }
  }

  private mutating func outcome(_ scores: Scores) -> HeldOutOutcome {
    let logOdds = scores == .sharp ? 2.5 + 3 * normal() : 1.5 + 2 * normal()
    var confidence = Self.probability(logOdds)
    var right = confidence
    var weight = 1.0
    var group: Int?
    switch scores {
    case .calibrated, .sharp: break
    case .overconfident: confidence = Self.probability(1.8 * logOdds + 0.5)
    case .underconfident: confidence = Self.probability(0.5 * logOdds - 1)
    case .tied: confidence = (confidence * 10).rounded() / 10
    case .weighted:
      guard uniform() < 0.4 else { break }
      weight = 0.15
      confidence = Self.probability(-1 + 1.5 * normal())
      right = 0
    case .treacherous: right = confidence > 0.97 ? 0.93 : confidence
    case .meaningless:
      confidence = uniform()
      right = 0.95
    case .hopeless:
      confidence = uniform()
      right = 0.6
    case .uneven:
      let topic = Int(uniform() * 20)
      group = topic
      right = Self.probability(logOdds + [-1.5, 0.8, 0, 1, -0.5][topic % 5])
    }
    return HeldOutOutcome(confidence: confidence, isRight: uniform() < right, weight: weight, group: group)
  }

  mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
  }

  /// Box and Muller's.
  private mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }

  private static func probability(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
}

/// What became of a threshold on outcomes that took no part in it.
struct Observation {
  var answered = 0.0
  var wrong = 0.0
  var all = 0.0

  init(_ control: RiskControl, on outcomes: [HeldOutOutcome]) {
    for outcome in outcomes {
      all += outcome.weight
      guard control.threshold(for: outcome.group).admits(outcome.confidence) else { continue }
      answered += outcome.weight
      if !outcome.isRight { wrong += outcome.weight }
    }
  }

  func keeps(_ bound: Double) -> Bool { wrong <= bound * answered + 1e-9 }
  var share: Double { answered / all }
}
