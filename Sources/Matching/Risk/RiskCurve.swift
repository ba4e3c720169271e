/// How the share of wrong answers grows with the share answered, over all thresholds (the risk–coverage curve of
/// El-Yaniv and Wiener 2010).
package struct RiskCurve: Sendable, Hashable {
  package struct Point: Sendable, Hashable {
    /// Answered is what has this confidence or more.
    package var threshold: Double
    /// Of all that was asked, 0…1, by weight.
    package var answered: Double
    /// Of what is answered, 0…1, by weight.
    package var wrong: Double
  }

  /// One for each confidence over 0 that occurs, the highest threshold first; `answered` rises.
  package let points: [Point]

  package init(_ outcomes: [HeldOutOutcome]) {
    let canonical = outcomes.canonical()
    let all = canonical.reduce(0) { $0 + $1.weight }
    // Where nothing was found there is nothing to answer with, whatever the threshold.
    let sorted = canonical.prefix { $0.confidence > 0 }
    var answered = 0.0
    var wrong = 0.0
    var points: [Point] = []
    for (place, outcome) in sorted.enumerated() {
      answered += outcome.weight
      if !outcome.isRight { wrong += outcome.weight }
      // Equal confidences are answered together or not at all.
      if place + 1 < sorted.count, sorted[place + 1].confidence == outcome.confidence { continue }
      points.append(Point(threshold: outcome.confidence, answered: answered / all, wrong: wrong / answered))
    }
    self.points = points
  }

  /// What is answered from `threshold` on; nil where that is nothing.
  package func point(at threshold: Double) -> Point? {
    points.last { $0.threshold >= threshold }
  }

  /// The most that can be answered, in hindsight, with at most this share of it wrong; nil where that is nothing.
  package func most(wrongAtMost bound: Double) -> Point? {
    points.last { $0.wrong <= bound }
  }

  /// At most so many points, spread evenly over the share answered, first and last among them.
  package func thinned(to count: Int) -> [Point] {
    guard points.count > count, count > 1, let last = points.last else { return points }
    var kept: [Point] = []
    var next = points[0].answered
    let step = (last.answered - next) / Double(count - 1)
    for point in points.dropLast() where point.answered >= next && kept.count < count - 1 {
      kept.append(point)
      while next <= point.answered { next += step }
    }
    return kept + [last]
  }
}
