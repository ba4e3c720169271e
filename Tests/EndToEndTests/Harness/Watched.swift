import Dispatch
import Synchronization

/// A value that others change, and that a test can wait for.
final class Watched<Value: Sendable>: Sendable {
  private struct Waiter {
    var isSatisfied: @Sendable (Value) -> Bool
    var continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var value: Value
    var waiters: [Int: Waiter] = [:]
    var lastWaiter = 0
  }

  private let state: Mutex<State>

  init(_ value: Value) { state = Mutex(State(value: value)) }

  var value: Value { state.withLock { $0.value } }

  func update(_ change: (inout Value) -> Void) {
    let ready = state.withLock { state in
      change(&state.value)
      let ready = state.waiters.filter { $0.value.isSatisfied(state.value) }
      for id in ready.keys { state.waiters[id] = nil }
      return Array(ready.values)
    }
    for waiter in ready { waiter.continuation.resume(returning: true) }
  }

  /// Comes back when the value is as wanted, or when the time is over.
  /// - Returns: whether it is.
  func wait(within limit: Duration, until isSatisfied: @escaping @Sendable (Value) -> Bool) async -> Bool {
    await withCheckedContinuation { continuation in
      let id: Int? = state.withLock { state in
        if isSatisfied(state.value) { return nil }
        state.lastWaiter += 1
        state.waiters[state.lastWaiter] = Waiter(isSatisfied: isSatisfied, continuation: continuation)
        return state.lastWaiter
      }
      guard let id else { return continuation.resume(returning: true) }
      DispatchQueue.global().asyncAfter(deadline: .now() + limit.inSeconds) { [weak self] in
        let late = self?.state.withLock { $0.waiters.removeValue(forKey: id) }
        late?.continuation.resume(returning: false)
      }
    }
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
