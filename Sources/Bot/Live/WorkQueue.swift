import Dispatch
import Synchronization

/// One thread for work that computes for long or waits for a server, so that the threads that everything else shares stay
/// free. Pieces of work run one after the other, in the order in which they came.
package final class WorkQueue: Sendable {
  private let queue: DispatchQueue

  /// - Parameter name: for debuggers.
  package init(_ name: String) {
    queue = DispatchQueue(label: "greenroom.\(name)")
  }

  /// - Parameter work: is handed a way to ask whether anybody still waits for it.
  /// - Throws: `CancellationError`, at once when the task is cancelled; work that has begun goes on to its end unheard.
  package func run<Result: Sendable>(
    _ work: @escaping @Sendable (_ isCancelled: @Sendable () -> Bool) -> Result
  ) async throws -> Result {
    let call = Call<Result>()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        guard call.begin(continuation) else { return continuation.resume(throwing: CancellationError()) }
        queue.async {
          // Nobody waits for what was cancelled while it stood in line.
          guard !call.isCancelled else { return }
          call.end(work { call.isCancelled })
        }
      }
    } onCancel: {
      call.cancel()
    }
  }

  /// Hears of its result or of its cancellation, whichever comes first.
  private final class Call<Result: Sendable>: Sendable {
    private struct State {
      var continuation: CheckedContinuation<Result, any Error>?
      var isCancelled = false
    }

    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// - Returns: whether it may begin at all.
    func begin(_ continuation: CheckedContinuation<Result, any Error>) -> Bool {
      state.withLock { state in
        guard !state.isCancelled else { return false }
        state.continuation = continuation
        return true
      }
    }

    func end(_ result: Result) { take()?.resume(returning: result) }

    func cancel() { take(cancelling: true)?.resume(throwing: CancellationError()) }

    private func take(cancelling: Bool = false) -> CheckedContinuation<Result, any Error>? {
      state.withLock { state in
        if cancelling { state.isCancelled = true }
        defer { state.continuation = nil }
        return state.continuation
      }
    }
  }
}
