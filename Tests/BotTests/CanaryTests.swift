import Foundation
import Ledger
import Support
import Synchronization
import TestSupport
import Testing

@testable import Bot

@Suite(.timeLimit(.minutes(1))) struct CanaryTests {
  static func canary(_ channel: ScriptedChannel, _ echoes: Echoes, _ bench: Workbench, every: Int = 300) -> Canary {
    bench.health.started(channel.name, longestPoll: 60, at: bench.time.now)
    bench.health.polled(channel.name, at: bench.time.now)
    return Canary(
      channel: channel, settings: CanarySettings(room: "den", every: every), echoes: echoes, health: bench.health,
      environment: bench.environment, logger: bench.logger)
  }

  @Test func `what is seen is well; the one before is taken back, and one stays`() async throws {
    let bench = try Workbench(time: ManualTime(sleepsThatPass: 2))
    let echoes = Echoes()
    let channel = ScriptedChannel { reply, _ in
      echoes.heard(["other", "sent:\(reply.idempotencyKey)"], from: "scripted")
    }
    let canary = Self.canary(channel, echoes, bench)
    try await bench.run({ try await canary.run() }) { await bench.time.sleeps.reached(3) }
    let sent = channel.accepted
    #expect(sent.count == 3 && Set(sent.map(\.idempotencyKey)).count == 3 && Set(sent.map(\.text)).count == 3)
    #expect(sent.allSatisfy { $0.conversation.room == "den" && $0.inReplyTo == nil })
    #expect(channel.courtesies == sent.prefix(2).map { "back sent:\($0.idempotencyKey)" })
    #expect(bench.time.slept == [.seconds(300), .seconds(300), .seconds(300)])
    let health = try #require(bench.health.channels.first)
    #expect(health.lastCanary == bench.time.now && health.canaryError == nil && health.lastError == nil)
    // Nothing of it is anybody's message or reply.
    #expect(try await bench.sqlite.undecidedCount(of: nil) == 0)
    #expect(try await bench.sqlite.queues().isEmpty)
  }

  @Test func `polls that succeed and do not bring it are no health, until one does`() async throws {
    let bench = try Workbench(time: ManualTime(sleepsThatPass: 4))
    let echoes = Echoes()
    let seen = Mutex<[Bool]>([])
    let channel = ScriptedChannel { reply, _ in
      bench.health.polled("scripted", at: bench.time.now)
      let wells = seen.withLock { seen in
        seen.append(bench.health.channels.allSatisfy { $0.isHealthy(at: bench.time.now) })
        return seen.count
      }
      if wells == 3 { echoes.heard(["sent:\(reply.idempotencyKey)"], from: "scripted") }
    }
    let canary = Self.canary(channel, echoes, bench, every: 30)
    let errors = Mutex<[String?]>([])
    try await bench.run({ try await canary.run() }) {
      await bench.time.sleeps.reached(4)
      errors.withLock { $0.append(bench.health.channels.first?.canaryError) }
      await bench.time.sleeps.reached(5)
    }
    // Missed after 90 s, and again: 210 s without one are more than 30 + 90.
    #expect(seen.withLock { $0 } == [true, true, false])
    #expect(bench.time.slept.prefix(4) == [.seconds(90), .seconds(30), .seconds(90), .seconds(30)])
    let error = errors.withLock { $0.first ?? nil }
    #expect(error?.contains("was written to den, and no poll brought it within 90 seconds") == true)
    let health = try #require(bench.health.channels.first)
    #expect(health.isHealthy(at: bench.time.now) && health.canaryError == nil && health.lastError == error)
    // Those that were not seen are nobody's to take back: nobody knows whether they are there.
    #expect(channel.courtesies.isEmpty)
  }

  @Test func `a canary that cannot be written is tried again under its key, for as long as it is waited for`()
    async throws
  {
    let bench = try Workbench(time: ManualTime(sleepsThatPass: 2))
    let echoes = Echoes()
    let channel = ScriptedChannel { reply, before in
      if before == 0 { throw ChannelError.slowDown(.seconds(20)) }
      if before == 1 { throw ChannelError.unreachable }
      echoes.heard(["sent:\(reply.idempotencyKey)"], from: "scripted")
    }
    let canary = Self.canary(channel, echoes, bench)
    try await bench.run({ try await canary.run() }) { await bench.time.sleeps.reached(3) }
    #expect(bench.time.slept == [.seconds(20), .seconds(15), .seconds(300)])
    #expect(Set(channel.attempts.map(\.idempotencyKey)).count == 1 && channel.attempts.map(\.attempts) == [0, 1, 2])
    #expect(bench.health.channels.first?.canaryError == nil)
  }

  @Test(arguments: [ChannelError.refused, .slowDown(.seconds(3_600)), .unauthorized])
  func `one that is refused, or would have to wait too long, says why`(_ error: ChannelError) async throws {
    let bench = try Workbench(time: ManualTime(sleepsThatPass: 0))
    let channel = ScriptedChannel { _, _ in throw error }
    let canary = Self.canary(channel, Echoes(), bench)
    try await bench.run({ try await canary.run() }) { await bench.time.sleeps.reached(1) }
    let health = try #require(bench.health.channels.first)
    #expect(health.canaryError == "the canary could not be written: \(error.description)")
    #expect(health.isHealthy(at: bench.time.now) && !health.isHealthy(at: bench.time.now + 391))
    #expect(bench.time.slept == [.seconds(60)])
  }

  @Test func `nothing is written before the first poll, which would pass it over`() async throws {
    let bench = try Workbench(time: ManualTime(sleepsThatPass: 5))
    let echoes = Echoes()
    let channel = ScriptedChannel { reply, _ in
      echoes.heard(["sent:\(reply.idempotencyKey)"], from: "scripted")
    }
    let canary = Canary(
      channel: channel, settings: CanarySettings(room: "den"), echoes: echoes, health: bench.health,
      environment: bench.environment, logger: bench.logger)
    try await bench.run({ try await canary.run() }) { await bench.time.sleeps.reached(6) }
    #expect(channel.attempts.isEmpty && bench.health.channels.first?.canaryPatience == 390)
    // The poller's start keeps what the canary has asked for.
    bench.health.started(channel.name, longestPoll: 60, at: bench.time.now)
    #expect(bench.health.channels.first?.canaryPatience == 390)
  }

  @Test func `the poller hands on what it hears, and only where somebody listens is it kept`() async throws {
    let bench = try Workbench()
    let echoes = Echoes()
    echoes.listen(to: "scripted")
    let channel = ScriptedChannel(script: [{ _ in Poll(echoes: ["a", "b"], cursor: "c") }])
    let poller = Poller(
      channel: channel, ledger: bench.ledger, arrivals: bench.arrivals, health: bench.health, echoes: echoes,
      environment: bench.environment, logger: bench.logger)
    try await poller.pollOnce()
    #expect(echoes.hasHeard(["a", "b"], from: "scripted") && !echoes.hasHeard(["c"], from: "scripted"))
    #expect(try await bench.sqlite.cursor(of: "scripted") == "c")
    echoes.heard(["x"], from: "elsewhere")
    #expect(!echoes.hasHeard(["x"], from: "elsewhere"))
    echoes.heard((0..<2_000).map(String.init), from: "scripted")
    #expect(!echoes.hasHeard(["a"], from: "scripted") && echoes.hasHeard(["1000", "1999"], from: "scripted"))
    #expect(!echoes.hasHeard(["999"], from: "scripted"))
  }

  @Test func `who waits is woken by what comes, and by the end`() async throws {
    let echoes = Echoes()
    echoes.listen(to: "s")
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await echoes.wait(for: ["a", "b"], from: "s") }
      echoes.heard(["b"], from: "s")
      echoes.heard(["a"], from: "s")
      await group.waitForAll()
    }
    let waiting = Task { await echoes.wait(for: ["never"], from: "s") }
    waiting.cancel()
    await waiting.value
  }
}
