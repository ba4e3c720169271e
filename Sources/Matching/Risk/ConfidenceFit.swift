import Foundation

/// From a confidence to the probability of being right, as outcomes show it: a line in log-odds (Platt 1999), and for
/// each group with data enough how far it lies off that line, drawn towards 0 by a normal prior.
struct ConfidenceFit: Sendable {
  /// Over 0, so that the order of confidences stays.
  private(set) var slope = 1.0
  private(set) var shift = 0.0
  /// In log-odds; groups that are missing lie on the line.
  private(set) var offsets: [Int: Double] = [:]

  /// Groups need so many outcomes, as equally weighing ones, to have an offset of their own.
  static let fewestInGroup = 10.0
  private static let leastSlope = 0.1
  private static let lineStrength = 1.0
  /// The variance of offsets among groups, in log-odds squared, before anything is known of them.
  private static let offsetVariance = 0.5
  /// Confidences this near 0 and 1 say no more than these.
  private static let outermost = 1e-4

  /// The line alone.
  init(_ outcomes: [HeldOutOutcome]) {
    let marks = outcomes.map(Mark.init)
    for _ in 0..<50 {
      // Newton's step on two unknowns, the prior drawing towards "as claimed".
      var gradient = (-Self.lineStrength * (slope - 1), -Self.lineStrength * shift)
      var curvature = (Self.lineStrength, 0.0, Self.lineStrength)
      for mark in marks {
        let p = Self.probability(slope * mark.x + shift)
        let error = mark.weight * (mark.right - p)
        let spread = mark.weight * p * (1 - p)
        gradient.0 += error * mark.x
        gradient.1 += error
        curvature.0 += spread * mark.x * mark.x
        curvature.1 += spread * mark.x
        curvature.2 += spread
      }
      let determinant = curvature.0 * curvature.2 - curvature.1 * curvature.1
      let step = (
        min(max((curvature.2 * gradient.0 - curvature.1 * gradient.1) / determinant, -1), 1),
        min(max((curvature.0 * gradient.1 - curvature.1 * gradient.0) / determinant, -1), 1)
      )
      slope = max(slope + step.0, Self.leastSlope)
      shift += step.1
      if max(abs(step.0), abs(step.1)) < 1e-9 { break }
    }
  }

  func probability(of confidence: Double, group: Int?) -> Double {
    Self.probability(slope * Self.logOdds(confidence) + shift + offset(of: group))
  }

  /// The confidence that is this probability on the line.
  func confidence(for probability: Double) -> Double {
    Self.probability((Self.logOdds(probability) - shift) / slope)
  }

  /// The confidence that a thing of `group` needs to be as likely right as `confidence` is on the line.
  func confidence(_ confidence: Double, in group: Int?) -> Double {
    let offset = offset(of: group)
    guard offset != 0 else { return confidence }
    return Self.probability(Self.logOdds(confidence) - offset / slope)
  }

  func offset(of group: Int?) -> Double { group.flatMap { offsets[$0] } ?? 0 }

  /// How far off the line `outcomes` lie: the most likely offset, by Newton's method.
  private func offset(of marks: some Sequence<Mark>) -> Double {
    var offset = 0.0
    for _ in 0..<30 {
      var gradient = -offset / Self.offsetVariance
      var curvature = 1 / Self.offsetVariance
      for mark in marks {
        let p = Self.probability(slope * mark.x + shift + offset)
        gradient += mark.weight * (mark.right - p)
        curvature += mark.weight * p * (1 - p)
      }
      let step = min(max(gradient / curvature, -1), 1)
      offset += step
      if abs(step) < 1e-9 { break }
    }
    return offset
  }

  /// An outcome as Newton's method sees it.
  private struct Mark {
    /// The confidence in log-odds.
    var x: Double
    /// 1 or 0.
    var right: Double
    var weight: Double

    init(_ outcome: HeldOutOutcome) {
      x = ConfidenceFit.logOdds(outcome.confidence)
      right = outcome.isRight ? 1 : 0
      weight = outcome.weight
    }
  }

  static func logOdds(_ probability: Double) -> Double {
    let p = min(max(probability, outermost), 1 - outermost)
    return log(p / (1 - p))
  }

  static func probability(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
}

extension ConfidenceFit {
  private static let folds = 5
  /// In nats, over all outcomes: with less, offsets are as likely chance as not.
  private static let leastGain = 2.0

  /// Learns offsets, and keeps them only if outcomes that took no part in them are foretold better with them.
  /// - Returns: for each outcome the probability of being right, by offsets that it took no part in, so that thresholds
  ///   set on these are not flattered; nil where offsets are of no use.
  mutating func learnOffsets(_ outcomes: [HeldOutOutcome]) -> [Double]? {
    var members: [Int: [Int]] = [:]
    for (place, outcome) in outcomes.enumerated() {
      if let group = outcome.group { members[group, default: []].append(place) }
    }
    var heldOut = outcomes.map { probability(of: $0.confidence, group: nil) }
    var learnt: [Int: Double] = [:]
    var gain = 0.0
    for (group, places) in members.sorted(by: { $0.key < $1.key }) {
      let all = places.map { outcomes[$0] }
      guard all.effectiveCount >= Self.fewestInGroup else { continue }
      let marks = all.map(Mark.init)
      learnt[group] = offset(of: marks)
      for fold in 0..<Self.folds {
        let offset = offset(of: marks.indices.filter { $0 % Self.folds != fold }.map { marks[$0] })
        for index in stride(from: fold, to: all.count, by: Self.folds) {
          let before = heldOut[places[index]]
          let after = Self.probability(slope * marks[index].x + shift + offset)
          gain += all[index].weight * (all[index].isRight ? log(after / before) : log((1 - after) / (1 - before)))
          heldOut[places[index]] = after
        }
      }
    }
    guard gain > Self.leastGain else { return nil }
    offsets = learnt
    return heldOut
  }
}

extension [HeldOutOutcome] {
  /// How many equally weighing outcomes tell as much (Kish 1965).
  var effectiveCount: Double {
    let sum = reduce(0) { $0 + $1.weight }
    let squares = reduce(0) { $0 + $1.weight * $1.weight }
    return squares > 0 ? sum * sum / squares : 0
  }
}
