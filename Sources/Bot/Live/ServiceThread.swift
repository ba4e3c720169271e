import Dispatch
import Foundation
package import ServiceLifecycle
import Synchronization

/// A thread on which services of one process take turns, and wait.
///
/// They wait for servers and for the disk more than they compute. On the threads that everything shares, each step of
/// theirs would be another thread's, and each pause would wake three: that costs more than most of the steps. Here what
/// they wait for, a transaction above all, holds up nobody but each other.
package final class ServiceThread: Sendable {
  private let loop = Loop()

  package init() { loop.start() }

  deinit { loop.stop() }

  /// The service, run here. It keeps the thread going.
  package func service(_ service: any Service) -> any Service { Seated(service: service, thread: self) }

  /// Time that passes here. Cheap only for what runs here, too.
  package var environment: Environment { Environment(now: { Date() }, sleep: { [loop] in try await loop.sleep($0) }) }

  package func run<Value: Sendable>(
    _ body: @Sendable () async throws -> Value
  ) async rethrows -> Value {
    try await withTaskExecutorPreference(loop) { try await body() }
  }

  private struct Seated: Service {
    var service: any Service
    var thread: ServiceThread

    func run() async throws { try await thread.run { try await service.run() } }
  }
}

/// What is to be run now, and who is to be woken when.
private final class Loop: TaskExecutor {
  private struct Sleeper {
    var end: ContinuousClock.Instant
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var jobs: [UnownedJob] = []
    var sleepers: [Int: Sleeper] = [:]
    /// The first to be woken is woken no earlier.
    var earliest: ContinuousClock.Instant?
    var lastNumber = 0
    var isAsleep = false
    var isStopping = false
  }

  private let state = Mutex(State())
  private let news = DispatchSemaphore(value: 0)

  func start() {
    let thread = Thread { self.run() }
    thread.name = "services"
    thread.start()
  }

  func stop() { change { $0.isStopping = true } }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    change { $0.jobs.append(job) }
  }

  func sleep(_ duration: Duration) async throws {
    let end = ContinuousClock.now + duration
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let isTaken = change { state in
          // Cancelled before this, nobody else would end it.
          if Task.isCancelled { return false }
          state.sleepers[number] = Sleeper(end: end, continuation: continuation)
          state.earliest = min(state.earliest ?? end, end)
          return true
        }
        if !isTaken { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  private func change<Value>(_ body: (inout State) -> Value) -> Value {
    let (value, wakes) = state.withLock { state in
      defer { state.isAsleep = false }
      return (body(&state), state.isAsleep)
    }
    if wakes { news.signal() }
    return value
  }

  private enum Step {
    case work([UnownedJob], [Sleeper])
    case wait(ContinuousClock.Instant?)
    case end
  }

  private func run() {
    let executor = asUnownedTaskExecutor()
    while true {
      switch state.withLock({ Self.next(&$0) }) {
      case .work(let jobs, let woken):
        for sleeper in woken { sleeper.continuation.resume() }
        for job in jobs { job.runSynchronously(on: executor) }
      case .wait(let end):
        guard let end else {
          news.wait()
          continue
        }
        let seconds = (end - .now).inSeconds
        // At the end of its time it looks again, and what is due is in the state; a late signal costs one look more.
        _ = news.wait(timeout: .now() + max(seconds, 0))
      case .end: return
      }
    }
  }

  private static func next(_ state: inout State) -> Step {
    var woken: [Sleeper] = []
    if let earliest = state.earliest, earliest <= .now { woken = due(&state) }
    if !woken.isEmpty || !state.jobs.isEmpty {
      defer { state.jobs.removeAll() }
      return .work(state.jobs, woken)
    }
    if state.isStopping { return .end }
    state.isAsleep = true
    return .wait(state.earliest)
  }

  private static func due(_ state: inout State) -> [Sleeper] {
    let now = ContinuousClock.now
    var woken: [Sleeper] = []
    for (number, sleeper) in state.sleepers where sleeper.end <= now {
      woken.append(sleeper)
      state.sleepers[number] = nil
    }
    state.earliest = state.sleepers.values.map(\.end).min()
    return woken.sorted { $0.end < $1.end }
  }
}
