/// Percentiles by nearest rank: the smallest value that at least p % of all values do not exceed.
///
/// The result is always a value that occurred, never a mean of two: the nearest-rank method, whose ordinal rank is
/// `n = ⌈p/100 · N⌉` in the rising list of N values.
enum NearestRank {
  /// - Parameters:
  ///   - percent: 1…100.
  ///   - sorted: rising.
  /// - Returns: nil when there are no values.
  static func percentile(_ percent: Int, of sorted: [Double]) -> Double? {
    guard !sorted.isEmpty else { return nil }
    // In whole numbers: 90 % of 10 must not become 9.000000000000001.
    let rank = (percent * sorted.count + 99) / 100
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }
}

/// How long something took, over a week.
package struct ResponseTimes: Sendable, Hashable {
  /// How many were measured, at least one.
  package var count: Int
  /// Seconds; nearest rank: half of them took no longer.
  package var p50: Double
  /// Seconds; nearest rank: nine of ten took no longer.
  package var p90: Double

  /// - Parameter seconds: in any order; what is negative (a clock that jumped) counts as 0, what is no number is left out.
  /// - Returns: nil when nothing was measured.
  init?(seconds: [Double]) {
    let sorted = seconds.filter(\.isFinite).map { max($0, 0) }.sorted()
    guard let p50 = NearestRank.percentile(50, of: sorted), let p90 = NearestRank.percentile(90, of: sorted) else {
      return nil
    }
    self.count = sorted.count
    self.p50 = p50
    self.p90 = p90
  }
}
