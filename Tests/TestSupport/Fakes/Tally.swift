import Synchronization

/// Counts what has happened, and lets a test wait until it has happened often enough: in the place of sleeping.
package final class Tally: Sendable {
  private struct Waiter {
    var goal: Int
    var continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var count = 0
    var nextWaiter = 0
    var waiters: [Int: Waiter] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  package var count: Int { state.withLock { $0.count } }

  package func add() {
    let done = state.withLock { state in
      state.count += 1
      let done = state.waiters.filter { $0.value.goal <= state.count }
      for number in done.keys { state.waiters[number] = nil }
      return done.values.map(\.continuation)
    }
    for continuation in done { continuation.resume() }
  }

  /// Returns once the count is `goal` or more, or when the task is cancelled.
  package func reached(_ goal: Int) async {
    let number = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDone = state.withLock { state in
          if state.count >= goal || Task.isCancelled { return true }
          state.waiters[number] = Waiter(goal: goal, continuation: continuation)
          return false
        }
        if isDone { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume()
    }
  }

  /// As `reached(_:)`, but a task that was cancelled goes no further.
  /// - Throws: `CancellationError`.
  package func reachedOrCancelled(_ goal: Int) async throws {
    await reached(goal)
    try Task.checkCancellation()
  }
}
