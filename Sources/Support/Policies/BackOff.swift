/// How long to wait before the next attempt at something that failed: exponential, with full jitter.
///
/// The n-th wait is drawn evenly from 0 to `first` · 2ⁿ⁻¹, at most `ceiling`, so that many clients of a server that came
/// back do not all knock at once ("Full Jitter" in M. Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog,
/// 2015); never under `floor`, so that a lucky draw is no busy loop. A server's Retry-After is a least wait.
package struct BackOff: Sendable, Hashable {
  /// Waits are never longer because of failures alone; a Retry-After may ask for more, up to `longestRetryAfter`.
  package let ceiling: Duration
  package let first: Duration
  package let floor: Duration
  /// Failures in a row so far.
  package private(set) var failures = 0

  /// A server that asks to be left alone for longer is asked again after this: it may have meant milliseconds.
  package static let longestRetryAfter: Duration = .seconds(3600)

  /// For what is on this machine, which nobody else knocks at: a disk that has space again is to be used at once.
  package static let local = BackOff(ceiling: .seconds(5))

  /// - Parameter first: the longest wait after the first failure, over 0.
  /// - Parameter ceiling: the longest wait after any number of failures; raised to `first` where it is less.
  package init(first: Duration = .milliseconds(500), ceiling: Duration = .seconds(60)) {
    self.first = max(first, .milliseconds(1))
    self.ceiling = max(ceiling, self.first)
    self.floor = self.first / 10
  }

  /// Counts a failure and gives the wait after it.
  /// - Parameter retryAfter: how long the server asked to be left alone; the wait is that plus jitter.
  package mutating func next(
    retryAfter: Duration? = nil, using random: inout some RandomNumberGenerator
  ) -> Duration {
    var limit = first
    for _ in 0..<failures where limit < ceiling { limit = min(limit * 2, ceiling) }
    // Counting on past the ceiling would change nothing.
    failures = min(failures + 1, 64)
    // One draw, 53 bits of it: any generator will do, and none can keep this waiting.
    let wait = limit * (Double(random.next() >> 11) * 0x1p-53)
    guard let retryAfter, retryAfter > .zero else { return max(wait, floor) }
    // Jitter on top, but of one step only: the server has said when.
    return min(retryAfter, Self.longestRetryAfter) + min(wait, first)
  }

  /// After a success: the next failure is the first again.
  package mutating func reset() {
    failures = 0
  }
}
