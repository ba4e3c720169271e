extension Evaluation {
  /// Share answered against share wrong, over all thresholds. A question counts as answered by its best candidate, so
  /// that messages of several questions count once.
  package var riskCurve: RiskCurve { RiskCurve(asked.map(\.outcome)) }

  /// How often a question in scope has a surer best candidate than one out of scope, ties counting half: the area under
  /// the receiver operating characteristic (Hanley and McNeil 1982). 0…1, 0.5 by chance; nil where all are in scope, or
  /// none.
  package var scopeAUROC: Double? {
    let sorted = asked.sorted { $0.confidence < $1.confidence }
    let inScope = sorted.count { $0.isInScope }
    let outOfScope = sorted.count - inScope
    guard inScope > 0, outOfScope > 0 else { return nil }
    var wins = 0.0
    var outBelow = 0
    var place = 0
    while place < sorted.count {
      var end = place
      while end < sorted.count, sorted[end].confidence == sorted[place].confidence { end += 1 }
      let insides = sorted[place..<end].count { $0.isInScope }
      let outsides = end - place - insides
      wins += Double(insides) * (Double(outBelow) + Double(outsides) / 2)
      outBelow += outsides
      place = end
    }
    return wins / (Double(inScope) * Double(outOfScope))
  }

  /// Splits the questions into halves at random, sets thresholds by the one and looks at the other.
  /// - Parameters:
  ///   - count: how many times.
  ///   - seed: the same seed gives the same splits.
  package func splits(_ count: Int, bound: Double, seed: UInt64 = 1) -> SplitTrial {
    SplitTrial(asked.map(\.outcome), count: count, bound: bound, seed: seed)
  }
}
