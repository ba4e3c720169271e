import Bot
import Dispatch
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct WorkQueueTests {
  /// Holds a thread until it is opened.
  final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func open() { semaphore.signal() }
    func pass() { semaphore.wait() }
  }

  /// How many are at work at once.
  final class Running: Sendable {
    private let count = Mutex(0)
    func begin() -> Int {
      count.withLock { count in
        count += 1
        return count
      }
    }
    func end() { count.withLock { $0 -= 1 } }
  }

  @Test func `work gives its result, one piece after the other`() async throws {
    let queue = WorkQueue("test")
    let running = Running()
    let results = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<50 {
        group.addTask {
          try await queue.run { _ in
            #expect(running.begin() == 1)
            running.end()
            return number
          }
        }
      }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(results == Set(0..<50))
  }

  @Test func `who is cancelled waits no longer, and the work hears of it`() async throws {
    let queue = WorkQueue("test")
    let gate = Gate()
    let begun = Tally()
    let heard = Tally()
    let task = Task {
      try await queue.run { isCancelled in
        begun.add()
        gate.pass()
        if isCancelled() { heard.add() }
      }
    }
    await begun.reached(1)
    task.cancel()
    // Though the work stands still.
    await #expect(throws: CancellationError.self) { try await task.value }
    gate.open()
    await heard.reached(1)
    #expect(try await queue.run { _ in 7 } == 7)
  }

  @Test func `what is cancelled while it stands in line is never begun`() async throws {
    let queue = WorkQueue("test")
    let gate = Gate()
    let begun = Tally()
    let first = Task {
      try await queue.run { _ in
        begun.add()
        gate.pass()
      }
    }
    await begun.reached(1)
    let ran = Tally()
    let second = Task { try await queue.run { _ in ran.add() } }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    gate.open()
    try await first.value
    try await queue.run { _ in }
    #expect(ran.count == 0)
  }

  @Test func `a task that is cancelled already begins nothing`() async {
    let task = Task {
      // Ends only with the cancellation.
      try? await Tally().reachedOrCancelled(1)
      _ = try await WorkQueue("test").run { _ in Issue.record("It ran.") }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
