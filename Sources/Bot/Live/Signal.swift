import Synchronization

/// Wakes whoever waits for something to do. Raised twice before anyone looks, it wakes once: what there is to do is in the
/// ledger, not in the signal.
package final class Signal: Sendable {
  private struct State {
    var isRaised = false
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  package func raise() {
    let waiters = state.withLock { state in
      // Nobody there: remembered for whoever comes next.
      if state.waiters.isEmpty { state.isRaised = true }
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  /// What was raised before is forgotten.
  package func lower() { state.withLock { $0.isRaised = false } }

  /// Returns when the signal is raised, at once if it was since the last wait, or when the task is cancelled.
  package func wait() async {
    let number = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDone = state.withLock { state in
          // Who is cancelled does nothing about the news: it stays for the next.
          if Task.isCancelled { return true }
          if state.isRaised {
            state.isRaised = false
            return true
          }
          state.waiters[number] = continuation
          return false
        }
        if isDone { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
    }
  }
}
