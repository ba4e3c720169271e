import Bot
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SignalTests {
  @Test func `raised before anyone waits, it is not lost`() async {
    let signal = Signal()
    signal.raise()
    await signal.wait()
  }

  @Test func `raised twice, it wakes once`() async {
    let signal = Signal()
    signal.raise()
    signal.raise()
    await signal.wait()
    let woken = Tally()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await signal.wait()
        if !Task.isCancelled { woken.add() }
      }
      group.cancelAll()
    }
    #expect(woken.count == 0)
  }

  @Test func `everyone who waits is woken`() async {
    let signal = Signal()
    let woken = Tally()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          await signal.wait()
          woken.add()
        }
      }
      // Who was not there yet at one raise is there at a later one.
      while woken.count < 20 {
        signal.raise()
        await Task.yield()
      }
    }
    #expect(woken.count == 20)
  }

  @Test func `a wait ends with its task`() async {
    let signal = Signal()
    let task = Task { await signal.wait() }
    task.cancel()
    await task.value
    // And so does one that was cancelled before it began.
    await withTaskGroup(of: Void.self) { group in
      group.cancelAll()
      group.addTask { await signal.wait() }
    }
  }

  @Test func `a wait that is cancelled takes no news away from the next`() async {
    let signal = Signal()
    signal.raise()
    await withTaskGroup(of: Void.self) { group in
      group.cancelAll()
      group.addTask { await signal.wait() }
    }
    // Returns at once, or never.
    await signal.wait()
  }

  @Test func `nothing is lost between a worker's look and its wait`() async {
    let signal = Signal()
    let (made, done) = (Tally(), Tally())
    let worker = Task {
      while done.count < 2_000 {
        if done.count < made.count { done.add() } else { await signal.wait() }
      }
    }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<500 {
            made.add()
            signal.raise()
          }
        }
      }
    }
    await worker.value
    #expect(done.count == 2_000)
  }
}
