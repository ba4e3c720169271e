import Bot
import Foundation
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ServiceThreadTests {
  @Test func `services and all that they begin take turns on one thread`() async throws {
    let thread = ServiceThread()
    let seen = Mutex(Set<UInt>())
    let note: @Sendable () -> Void = { seen.withLock { _ = $0.insert(Self.threadNumber()) } }
    let inside = Mutex((now: 0, most: 0))
    let work: @Sendable () async -> Void = {
      for _ in 0..<50 {
        inside.withLock { inside in
          inside.now += 1
          inside.most = max(inside.most, inside.now)
        }
        note()
        inside.withLock { $0.now -= 1 }
        await Task.yield()
      }
    }
    let services = (0..<4).map { _ in
      thread.service(
        Worker {
          await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { await work() } }
          }
        })
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for service in services { group.addTask { try await service.run() } }
      try await group.waitForAll()
    }
    #expect(seen.withLock { $0.count } == 1)
    #expect(inside.withLock { $0.most } == 1)
    #expect(!seen.withLock { $0.contains(Self.threadNumber()) })
  }

  @Test func `who sleeps is woken in the order of the ends, however they began`() async throws {
    let thread = ServiceThread()
    let environment = thread.environment
    let woken = Notes()
    try await thread.run {
      try await withThrowingTaskGroup(of: Void.self) { group in
        // Far enough apart for a machine that is busy with other tests.
        for milliseconds in [600, 200, 400, 0] {
          group.addTask {
            try await environment.sleep(.milliseconds(milliseconds))
            woken.add(milliseconds)
          }
        }
        try await group.waitForAll()
      }
    }
    #expect(woken.all == [0, 200, 400, 600])
  }

  @Test func `a sleep is never shorter than it was asked to be`() async throws {
    let thread = ServiceThread()
    let clock = ContinuousClock()
    for _ in 0..<10 {
      let time = try await clock.measure { try await thread.environment.sleep(.milliseconds(2)) }
      #expect(time >= .milliseconds(2))
    }
  }

  @Test func `a sleep ends with its task, also one that was cancelled before it began`() async throws {
    let thread = ServiceThread()
    let environment = thread.environment
    let task = Task { try await environment.sleep(.seconds(3600)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    await withTaskGroup(of: Void.self) { group in
      group.cancelAll()
      group.addTask {
        await #expect(throws: CancellationError.self) { try await environment.sleep(.seconds(3600)) }
      }
    }
  }

  @Test func `what other threads hand over at the same time is all done`() async throws {
    let thread = ServiceThread()
    let done = Tally()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          await thread.run {
            done.add()
            await Task.yield()
            done.add()
          }
        }
      }
    }
    #expect(done.count == 400)
  }

  private final class Notes: Sendable {
    private let numbers = Mutex<[Int]>([])

    var all: [Int] { numbers.withLock { $0 } }
    func add(_ number: Int) { numbers.withLock { $0.append(number) } }
  }

  private struct Worker: Service {
    var body: @Sendable () async -> Void

    func run() async { await body() }
  }

  private static func threadNumber() -> UInt { UInt(pthread_self()) }
}
