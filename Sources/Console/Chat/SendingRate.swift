import Foundation

/// How fast each conversation may send: a bucket of `burst` messages that refills at `perSecond`.
actor SendingRate {
  private struct Bucket {
    var level: Double
    var at: Date
  }

  private let burst: Double
  private let perSecond: Double
  private let most: Int
  private var buckets: [String: Bucket] = [:]

  /// - Parameter most: conversations remembered; above it those that are full again are forgotten, which changes nothing.
  init(burst: Int, perSecond: Double, remembering most: Int = 10_000) {
    self.burst = Double(max(burst, 1))
    self.perSecond = max(perSecond, 0.001)
    self.most = most
  }

  /// Takes one message out of the bucket.
  /// - Returns: nil when there was one; otherwise the seconds until there is.
  func take(from conversation: String, at now: Date) -> Double? {
    if buckets.count >= most, buckets[conversation] == nil { forgetFull(at: now) }
    let level = level(of: buckets[conversation], at: now)
    guard level >= 1 else {
      buckets[conversation] = Bucket(level: level, at: now)
      return (1 - level) / perSecond
    }
    buckets[conversation] = Bucket(level: level - 1, at: now)
    return nil
  }

  /// A clock that was set back refills nothing, and takes nothing away.
  private func level(of bucket: Bucket?, at now: Date) -> Double {
    guard let bucket else { return burst }
    return min(burst, bucket.level + max(0, now.timeIntervalSince(bucket.at)) * perSecond)
  }

  private func forgetFull(at now: Date) {
    buckets = buckets.filter { level(of: $0.value, at: now) < burst }
    // All are busy at once: forgetting one of them is better than growing without end.
    if buckets.count >= most, let oldest = buckets.min(by: { $0.value.at < $1.value.at }) {
      buckets[oldest.key] = nil
    }
  }
}
