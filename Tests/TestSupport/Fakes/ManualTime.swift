package import Foundation
import Synchronization

/// Time that passes only when somebody sleeps or a test says so. Nobody really waits: a sleep moves the clock and ends.
package final class ManualTime: Sendable {
  private struct State {
    var now: Date
    var slept: [Duration] = []
  }

  private let state: Mutex<State>
  private let sleepsThatPass: Int
  /// Sleeps begun so far.
  package let sleeps = Tally()

  /// - Parameters:
  ///   - now: 2026-11-23 10:00 UTC, a Monday, unless said otherwise.
  ///   - sleepsThatPass: how many sleeps end at once; a later one ends only with the task, so that a loop that sleeps
  ///     for ever comes to a halt where a test can look at it.
  package init(now: Date = Date(timeIntervalSince1970: 1_795_428_000), sleepsThatPass: Int = .max) {
    state = Mutex(State(now: now))
    self.sleepsThatPass = sleepsThatPass
  }

  package var now: Date { state.withLock { $0.now } }

  /// What was asked for, in order.
  package var slept: [Duration] { state.withLock { $0.slept } }

  package func advance(by seconds: TimeInterval) {
    state.withLock { $0.now += seconds }
  }

  /// - Throws: `CancellationError` where the task is cancelled.
  package func sleep(_ duration: Duration) async throws {
    try Task.checkCancellation()
    let place = state.withLock { state in
      state.slept.append(duration)
      return state.slept.count
    }
    sleeps.add()
    if place > sleepsThatPass { try await Tally().reachedOrCancelled(1) }
    state.withLock { $0.now += duration / .seconds(1) }
    await Task.yield()
    try Task.checkCancellation()
  }
}
