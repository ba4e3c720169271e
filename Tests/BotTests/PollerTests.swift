import Bot
import Foundation
import Ledger
import Support
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PollerTests {
  @Test func `messages go into the ledger with the cursor, and the next poll goes on there`() async throws {
    let bench = try Workbench()
    let first = [bench.message("one"), bench.message("two")]
    let second = [bench.message("three")]
    let channel = ScriptedChannel(script: [
      { _ in Poll(messages: first, cursor: "c1") }, { _ in Poll(messages: second, cursor: "c2") },
    ])
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.polls.reached(3) }
    #expect(channel.cursors == [nil, "c1", "c2"])
    #expect(try await bench.sqlite.undecided(limit: 9).entries.map(\.message.text) == ["one", "two", "three"])
    // The news is there for whoever decides.
    await bench.arrivals.wait()
  }

  @Test func `a server that brought a question is to take the answer before it is asked for more`() async throws {
    // Nobody's sleep ends.
    let bench = try Workbench(time: ManualTime(sleepsThatPass: 0))
    let message = bench.message("one")
    let channel = ScriptedChannel(script: [{ _ in Poll(messages: [message], cursor: "c1") }])
    let lulls = Lulls()
    // Of an earlier answer.
    lulls.of(channel.name).raise()
    let poller = bench.poller(channel, lulls: lulls)
    try await bench.run({ try await poller.run() }) {
      await bench.time.sleeps.reached(1)
      #expect(channel.polls.count == 1)
      lulls.of(channel.name).raise()
      await channel.polls.reached(2)
    }
    #expect(bench.time.slept == [.milliseconds(100)])
  }

  @Test func `a server whose answer takes long is asked for more all the same`() async throws {
    let bench = try Workbench()
    let message = bench.message("one")
    let channel = ScriptedChannel(script: [{ _ in Poll(messages: [message], cursor: "c1") }])
    let poller = bench.poller(channel, lulls: Lulls())
    try await bench.run({ try await poller.run() }) { await channel.polls.reached(2) }
    #expect(bench.time.slept == [.milliseconds(100)])
  }

  @Test(arguments: [LedgerError.locked, .full])
  func `what the ledger could not take in is polled again from the same place`(error: LedgerError) async throws {
    let bench = try Workbench()
    let message = bench.message("one")
    let seen = Mutex<[String?]>([])
    let step: ScriptedChannel.PollStep = { _ in
      seen.withLock { $0.append(bench.health.ledgerError) }
      return Poll(messages: [message], cursor: "c1")
    }
    let channel = ScriptedChannel(script: [step, step])
    bench.ledger.fail(.receive, with: [error])
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.polls.reached(3) }
    #expect(channel.cursors == [nil, nil, "c1"])
    #expect(seen.withLock { $0 } == [nil, error.description])
    #expect(bench.health.ledgerError == nil)
    #expect(try await bench.sqlite.undecidedCount(of: nil) == 1)
  }

  @Test func `a damaged ledger ends the service with the reason`() async throws {
    let bench = try Workbench()
    let message = bench.message("one")
    let channel = ScriptedChannel(script: [{ _ in Poll(messages: [message], cursor: "c1") }])
    bench.ledger.fail(.receive, with: [.damaged])
    let error = await #expect(throws: LedgerError.self) { try await bench.poller(channel).run() }
    #expect(error?.code == .damaged)
  }

  @Test func `pauses grow with failures, honour Retry-After and begin anew after a good poll`() async throws {
    let bench = try Workbench()
    let failing: ScriptedChannel.PollStep = { _ in throw ChannelError.unreachable }
    let channel = ScriptedChannel(
      script: Array(repeating: failing, count: 9) + [
        { _ in throw ChannelError.slowDown(.seconds(120)) },
        { _ in
          bench.time.advance(by: 25)
          return Poll()
        }, failing,
      ])
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.polls.reached(13) }
    let slept = bench.time.slept
    try #require(slept.count == 11)
    for (place, pause) in slept.prefix(9).enumerated() {
      #expect(pause >= .milliseconds(50) && pause <= min(.milliseconds(500) * (1 << place), .seconds(60)))
    }
    // Nine draws that all stay under half a second have a chance of less than one in 10¹⁰.
    #expect(slept.prefix(9).contains { $0 > .milliseconds(500) })
    #expect(slept[9] >= .seconds(120) && slept[9] < .seconds(121))
    #expect(slept[10] <= .milliseconds(500))
  }

  @Test func `a channel is ill after ninety seconds without a good poll, and well after the next`() async throws {
    let bench = try Workbench()
    let seen = Mutex<[Bool]>([])
    let look: @Sendable () -> Void = {
      seen.withLock { $0.append(bench.health.channels.allSatisfy { $0.isHealthy(at: bench.time.now) }) }
    }
    let channel = ScriptedChannel(script: [
      { _ in
        look()
        bench.time.advance(by: 100)
        throw ChannelError.unreachable
      },
      { _ in
        look()
        bench.time.advance(by: 1)
        return Poll()
      },
      { _ in
        look()
        return Poll()
      },
    ])
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.polls.reached(4) }
    #expect(seen.withLock { $0 } == [true, false, true])
    let health = try #require(bench.health.channels.first)
    #expect(health.failures == 0 && health.lastError == "No connection." && health.lastErrorAt != nil)
  }

  @Test func `with too much undecided it waits before it asks for more`() async throws {
    let bench = try Workbench()
    let sleptBefore = Mutex<[Duration]>([])
    let channel = ScriptedChannel(script: [
      { _ in
        sleptBefore.withLock { $0 = bench.time.slept }
        return Poll()
      }
    ])
    bench.ledger.pretendUndecided([5_001, 9_000, 5_000])
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.polls.reached(1) }
    #expect(sleptBefore.withLock { $0.count } == 2)
  }

  @Test func `a server that answers at once with nothing new is not hammered`() async throws {
    let bench = try Workbench()
    let message = bench.message("again and again")
    try await bench.take(message)
    let step: ScriptedChannel.PollStep = { _ in Poll(messages: [message]) }
    let channel = ScriptedChannel(script: [step, { _ in Poll() }, step, { _ in Poll(cursor: "c") }])
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.polls.reached(5) }
    #expect(bench.time.slept == Array(repeating: .milliseconds(500), count: 4))
  }

  @Test func `a server that holds the poll open is asked again at once`() async throws {
    let bench = try Workbench()
    let step: ScriptedChannel.PollStep = { _ in
      bench.time.advance(by: 25)
      return Poll()
    }
    let channel = ScriptedChannel(script: [step, step])
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.polls.reached(3) }
    #expect(bench.time.slept.isEmpty)
  }

  @Test func `what cannot be read is set aside, and the messages around it come in`() async throws {
    let bench = try Workbench()
    let message = bench.message("fine")
    let channel = ScriptedChannel(script: [
      { _ in
        Poll(messages: [message], unreadable: [.init(id: "x", reason: "No text.", raw: "{}")], cursor: "c1")
      }
    ])
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.polls.reached(2) }
    #expect(try await bench.sqlite.undecidedCount(of: nil) == 1)
    #expect(try await bench.sqlite.setAside(limit: 9).map(\.id) == ["x"])
  }

  @Test func `a poll that gives up by itself is tried again, not taken for the end`() async throws {
    let bench = try Workbench()
    let channel = ScriptedChannel(script: [{ _ in throw CancellationError() }, { _ in Poll() }])
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.polls.reached(3) }
    #expect(channel.polls.count == 3)
    #expect(bench.health.channels.first?.lastError?.isEmpty == false)
  }

  @Test func `an empty poll does not make a full disk well`() async throws {
    let bench = try Workbench(time: ManualTime(sleepsThatPass: 0))
    try await bench.take(bench.message("hello there"))
    bench.ledger.fail(.commit, with: [.full])
    let channel = ScriptedChannel(script: [
      { _ in
        bench.time.advance(by: 25)
        return Poll()
      }
    ])
    let decider = bench.decider()
    try await bench.run({ try await decider.run() }) {
      await bench.time.sleeps.reached(1)
      try await bench.poller(channel).pollOnce()
      #expect(bench.health.ledgerError == LedgerError.full.description)
    }
  }

  @Test func `in a quiet moment people see that they have been heard, the newest message standing for the others`()
    async throws
  {
    let bench = try Workbench()
    let messages = [
      bench.message("one", id: "1"), bench.message("two", id: "2"), bench.message("x", room: "r2", id: "3"),
    ]
    let channel = ScriptedChannel(script: [{ _ in Poll(messages: messages, cursor: "c1") }], isCourteous: true)
    try await bench.run({ try await bench.poller(channel).run() }) { await channel.courteous.reached(2) }
    #expect(Set(channel.courtesies) == ["typing r1", "typing r2", "seen 2", "seen 3"])
    let decided = try Workbench()
    let quiet = ScriptedChannel(script: [{ _ in Poll(messages: messages, cursor: "c1") }])
    try await decided.run({ try await decided.poller(quiet).run() }) { await quiet.polls.reached(2) }
    #expect(quiet.courtesies.isEmpty)
  }
}
