import Foundation

// Every time in the ledger, in columns and inside JSON, is a whole number of milliseconds since 1970-01-01 UTC.
extension Date {
  /// Rounded to the nearest millisecond. What lies beyond ±2⁵³ ms, or is no number, is kept at the nearest end (0 for
  /// no number): servers send times that nobody can vouch for.
  var milliseconds: Int {
    let exact = (timeIntervalSince1970 * 1000).rounded()
    guard !exact.isNaN else { return 0 }
    return Int(max(-Self.farthest, min(Self.farthest, exact)))
  }

  init(milliseconds: Int) {
    self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
  }

  /// 2⁵³: up to here a `Double` holds every whole number.
  private static let farthest = 9_007_199_254_740_992.0
}
