import Foundation
import Synchronization

/// Holds requests back to what a server allows: so many a minute, some of them at once.
final class RequestPace: Sendable {
  private struct Bucket {
    var left: Double
    var at: Date
  }

  private let perMinute: Double
  private let atOnce: Double
  private let buckets = Mutex<[String: Bucket]>([:])
  private let now: @Sendable () -> Date
  private let sleep: @Sendable (Duration) async throws -> Void

  init(
    perMinute: Int, atOnce: Int, now: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.perMinute = Double(max(1, perMinute))
    self.atOnce = Double(max(1, atOnce))
    self.now = now
    self.sleep = sleep
  }

  /// How many requests of a kind can go out without a wait.
  func free(_ kind: String) -> Int {
    let time = now()
    return buckets.withLock { Int(level(of: kind, at: time, in: $0)) }
  }

  /// Returns when one more may go out.
  /// - Throws: `CancellationError`.
  func take(_ kind: String) async throws {
    let time = now()
    let wait = buckets.withLock { buckets in
      // Below nothing: those who come at the same time wait one after the other.
      let left = level(of: kind, at: time, in: buckets) - 1
      buckets[kind] = Bucket(left: left, at: time)
      return left < 0 ? -left * 60 / perMinute : 0
    }
    if wait > 0 { try await sleep(.milliseconds(Int(wait * 1000) + 1)) }
  }

  private func level(of kind: String, at time: Date, in buckets: [String: Bucket]) -> Double {
    guard let bucket = buckets[kind] else { return atOnce }
    // A clock that was set back adds nothing.
    return min(atOnce, bucket.left + max(0, time.timeIntervalSince(bucket.at)) * perMinute / 60)
  }
}
