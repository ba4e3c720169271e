import Bot
import Foundation
import Ledger
import Support
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SenderTests {
  @Test func `replies of a conversation go out one after the other, in order`() async throws {
    let bench = try Workbench()
    try await bench.queue("one", "two", "three")
    let inFlight = Mutex(0)
    let most = Mutex(0)
    let channel = ScriptedChannel { _, _ in
      let now = inFlight.withLock { count in
        count += 1
        return count
      }
      most.withLock { $0 = max($0, now) }
      await Task.yield()
      inFlight.withLock { $0 -= 1 }
    }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) { await bench.ledger.answered(.markSent, 3) }
    #expect(channel.accepted.map(\.text) == ["one", "two", "three"])
    #expect(most.withLock { $0 } == 1)
    #expect(try await bench.sqlite.backlog().unsent == 0)
  }

  @Test func `a conversation that hangs holds up no other`() async throws {
    let bench = try Workbench()
    try await bench.queue("stuck", "behind it", room: "r1")
    try await bench.queue("fine", "fine too", room: "r2")
    let channel = ScriptedChannel { reply, _ in
      if reply.conversation.room == "r1" { try await Tally().reachedOrCancelled(1) }
    }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) { await channel.sent.reached(2) }
    #expect(channel.accepted.map(\.text) == ["fine", "fine too"])
    #expect(channel.attempts.filter { $0.conversation.room == "r1" }.map(\.text) == ["stuck"])
  }

  @Test func `a server that hangs with many conversations holds up no other server`() async throws {
    let bench = try Workbench()
    for number in 0..<80 { try await bench.queue("stuck", room: "r\(number)", channel: "dead") }
    try await bench.queue("fine", channel: "live")
    let dead = ScriptedChannel("dead") { _, _ in try await Tally().reachedOrCancelled(1) }
    let live = ScriptedChannel("live")
    let sender = bench.sender(dead, live)
    try await bench.run({ try await sender.run() }) { await live.sent.reached(1) }
    #expect(live.accepted.map(\.text) == ["fine"])
    #expect(dead.attempts.count <= 32)
  }

  @Test func `a reply that failed is tried again at its time, under the same key`() async throws {
    let bench = try Workbench()
    try await bench.queue("one", "two", room: "r1")
    try await bench.queue("fine", room: "r2")
    let channel = ScriptedChannel { reply, before in
      if reply.text == "one", before == 0 { throw ChannelError.unreachable }
    }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) {
      await bench.ledger.answered(.markFailed, 1)
      await channel.sent.reached(1)
      await bench.ledger.answered(.markSent, 1)
      // Too early: it looks, and lets it be.
      let looks = bench.ledger.calls(.sendable)
      bench.replies.raise()
      await bench.ledger.answered(.sendable, looks + 1)
      #expect(channel.attempts.count == 2)
      bench.time.advance(by: 1)
      bench.replies.raise()
      await bench.ledger.answered(.markSent, 3)
    }
    #expect(channel.accepted.map(\.text) == ["fine", "one", "two"])
    #expect(Set(channel.attempts.filter { $0.text == "one" }.map(\.idempotencyKey)).count == 1)
    #expect(channel.attempts.filter { $0.text == "one" }.map(\.attempts) == [0, 1])
  }

  @Test func `a server that asks to be left alone is sent nothing until then, by no conversation`() async throws {
    let bench = try Workbench()
    try await bench.queue("one", room: "r1")
    let channel = ScriptedChannel { _, _ in
      if bench.time.now < Date(timeIntervalSince1970: 1_795_428_030) { throw ChannelError.slowDown(.seconds(30)) }
    }
    let other = ScriptedChannel("other")
    let sender = bench.sender(channel, other)
    try await bench.run({ try await sender.run() }) {
      await bench.ledger.answered(.markFailed, 1)
      try await bench.queue("two", room: "r2")
      try await bench.queue("elsewhere", channel: "other")
      bench.time.advance(by: 29)
      bench.replies.raise()
      await other.sent.reached(1)
      #expect(channel.attempts.map(\.text) == ["one"])
      bench.time.advance(by: 2)
      bench.replies.raise()
      await channel.sent.reached(2)
    }
    #expect(Set(channel.accepted.map(\.text)) == ["one", "two"])
  }

  @Test func `where a server asks for a rest in one room, other rooms are written to meanwhile`() async throws {
    let bench = try Workbench()
    try await bench.queue("one", room: "r1")
    let channel = ScriptedChannel { reply, _ in
      guard reply.conversation.room == "r1", bench.time.now < Date(timeIntervalSince1970: 1_795_428_030) else { return }
      var error = ChannelError.slowDown(.seconds(30))
      error.concernsOneRoom = true
      throw error
    }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) {
      await bench.ledger.answered(.markFailed, 1)
      try await bench.queue("two", room: "r2")
      bench.replies.raise()
      await channel.sent.reached(1)
      #expect(channel.accepted.map(\.text) == ["two"])
      bench.time.advance(by: 31)
      bench.replies.raise()
      await channel.sent.reached(2)
    }
    #expect(channel.accepted.map(\.text) == ["two", "one"])
  }

  @Test func `a reply that the server refuses is held for staff, and the next one goes on`() async throws {
    let bench = try Workbench()
    try await bench.queue("refused", "next")
    let channel = ScriptedChannel { reply, _ in if reply.text == "refused" { throw ChannelError.refused } }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) { await bench.ledger.answered(.markSent, 1) }
    #expect(channel.accepted.map(\.text) == ["next"])
    let aside = try await bench.sqlite.setAside(limit: 9)
    #expect(aside.map(\.text) == ["refused"] && aside.first?.kind == .held)
    #expect(aside.first?.reason == "The server says no.")
  }

  @Test func `a reply for a channel that is no more is held, and says which`() async throws {
    let bench = try Workbench()
    try await bench.queue("lost", channel: "gone")
    try await bench.queue("fine")
    let channel = ScriptedChannel()
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) {
      await bench.ledger.answered(.hold, 1)
      await bench.ledger.answered(.markSent, 1)
    }
    #expect(try await bench.sqlite.setAside(limit: 9).first?.reason.contains("'gone'") == true)
  }

  @Test func `credentials that are not good keep the reply waiting`() async throws {
    let bench = try Workbench()
    try await bench.queue("one")
    let channel = ScriptedChannel { _, before in if before == 0 { throw ChannelError.unauthorized } }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) {
      await bench.ledger.answered(.markFailed, 1)
      bench.time.advance(by: 61)
      bench.replies.raise()
      await bench.ledger.answered(.markSent, 1)
    }
    #expect(bench.ledger.calls(.hold) == 0)
  }

  @Test func `a send that gives up by itself is tried again, not held`() async throws {
    let bench = try Workbench()
    try await bench.queue("one")
    let channel = ScriptedChannel { _, before in if before == 0 { throw CancellationError() } }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) {
      await bench.ledger.answered(.markFailed, 1)
      bench.time.advance(by: 61)
      bench.replies.raise()
      await bench.ledger.answered(.markSent, 1)
    }
    #expect(try await bench.sqlite.backlog().held == 0)
  }

  @Test func `a send cut short by shutdown is repeated under the same key`() async throws {
    let bench = try Workbench()
    try await bench.queue("one")
    let channel = ScriptedChannel { _, before in if before == 0 { try await Tally().reachedOrCancelled(1) } }
    for sends in [1, 2] {
      let sender = bench.sender(channel)
      try await bench.run({ try await sender.run() }) {
        await channel.attempted.reached(sends)
        if sends == 2 { await bench.ledger.answered(.markSent, 1) }
      }
    }
    #expect(channel.accepted.count == 1)
    #expect(Set(channel.attempts.map(\.idempotencyKey)).count == 1)
    #expect(channel.attempts.map(\.attempts) == [0, 0], "What was cut short is no failed attempt.")
  }

  @Test func `a reply that the server accepted during shutdown is not sent again`() async throws {
    let bench = try Workbench()
    try await bench.queue("one")
    let channel = ScriptedChannel { _, _ in await Tally().reached(1) }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) { await channel.attempted.reached(1) }
    #expect(channel.accepted.count == 1)
    #expect(try await bench.sqlite.backlog().unsent == 0)
  }

  @Test func `an attempt is counted once, also where the ledger fails in the middle`() async throws {
    let (released, ended) = (Tally(), Tally())
    let bench = try Workbench { call, _ in
      guard call == .markSent else { return }
      // Both failures are waiting to be noted when the ledger is next written to.
      released.add()
      await ended.reached(2)
      for _ in 0..<100 { await Task.yield() }
    }
    for room in ["r1", "r2", "r3"] { try await bench.queue(room, room: room) }
    let channel = ScriptedChannel { reply, _ in
      if reply.text == "r3" { return }
      await released.reached(1)
      ended.add()
      // Long enough that the wait for the ledger does not bring the next attempt.
      throw ChannelError.slowDown(.seconds(30))
    }
    // The first is noted; the second, at first, is not.
    bench.ledger.fail(.markFailed, after: 1, with: [.locked])
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) { await bench.ledger.answered(.markFailed, 2) }
    let waiting = try await bench.sqlite.sendable(at: .distantFuture, limit: 9, leavingOut: [])
    #expect(waiting.map(\.attempts) == [1, 1])
  }

  @Test func `what is accepted while more is under way is noted together`() async throws {
    // Nobody's sleep ends: only the last reply's end wakes the sender.
    let bench = try Workbench(time: ManualTime(sleepsThatPass: 0))
    for room in ["r1", "r2", "r3"] { try await bench.queue(room, room: room) }
    let channel = ScriptedChannel { reply, _ in
      // Of the three, the last to be accepted.
      if reply.text == "r3" { await bench.time.sleeps.reached(1) }
    }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) { await bench.ledger.answered(.markSent, 1) }
    #expect(bench.ledger.calls(.markSent) == 1)
    #expect(try await bench.sqlite.backlog().unsent == 0)
    #expect(bench.time.slept == [.milliseconds(30)])
  }

  @Test func `a channel's lull begins when nothing of it is under way, also where there was nothing to say`()
    async throws
  {
    let bench = try Workbench()
    try await bench.queue("one", channel: "busy")
    let lulls = Lulls()
    let busy = ScriptedChannel("busy") { _, _ in
      // It comes to this channel no sooner.
      await lulls.of("idle").wait()
    }
    let sender = bench.sender(busy, ScriptedChannel("idle"), lulls: lulls)
    try await bench.run({ try await sender.run() }) {
      await lulls.of("busy").wait()
      #expect(busy.sent.count == 1)
    }
  }

  @Test func `a server that is back gets at once what waits for it`() async throws {
    let bench = try Workbench()
    for room in ["r1", "r2", "busy"] { try await bench.queue(room, room: room) }
    let channel = ScriptedChannel { reply, before in
      if reply.text == "busy" {
        throw ChannelError(
          .rateLimited, "One room is to rest.", isRetriable: true, retryAfter: .seconds(30), concernsOneRoom: true)
      }
      if reply.text != "r3", before < 3 { throw ChannelError(.serverError, "503", isRetriable: true) }
    }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) {
      // After the last failure no time passes: only the reply to another room shows that the server is back.
      for attempts in [3, 6, 9] {
        await bench.ledger.answered(.markFailed, attempts)
        guard attempts < 9 else { break }
        bench.time.advance(by: 61)
        bench.replies.raise()
      }
      try await bench.queue("r3", room: "r3")
      bench.replies.raise()
      await channel.sent.reached(3)
    }
    #expect(bench.ledger.calls(.hasten) == 1)
    #expect(Set(channel.accepted.map(\.text)) == ["r1", "r2", "r3"])
    #expect(channel.attempts.count { $0.text == "busy" } == 3, "A room that is to rest is left alone.")
  }

  @Test func `a ledger that is locked for a while costs nothing but time`() async throws {
    let bench = try Workbench()
    try await bench.queue("one", "two")
    bench.ledger.fail(.sendable, with: [.locked])
    bench.ledger.fail(.markSent, with: [.full, .locked])
    let channel = ScriptedChannel()
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) {
      await bench.ledger.answered(.markSent, 2)
      let looks = bench.ledger.calls(.sendable)
      bench.replies.raise()
      await bench.ledger.answered(.sendable, looks)
    }
    #expect(channel.attempts.map(\.text) == ["one", "two"], "What was sent is not sent again for a full disk.")
    #expect(bench.time.slept.count == 3)
    #expect(bench.health.ledgerError == nil)
  }

  @Test func `a damaged ledger ends the service with the reason`() async throws {
    let bench = try Workbench()
    try await bench.queue("one")
    bench.ledger.fail(.markSent, with: [.damaged])
    let channel = ScriptedChannel()
    let error = await #expect(throws: LedgerError.self) { try await bench.sender(channel).run() }
    #expect(error?.code == .damaged)
  }

  @Test func `with nothing to send it rests`() async throws {
    let bench = try Workbench()
    let channel = ScriptedChannel()
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) {
      await bench.ledger.answered(.sendable, 1)
      try await bench.queue("one")
      bench.replies.raise()
      await bench.ledger.answered(.markSent, 1)
      for _ in 0..<500 { await Task.yield() }
    }
    // One look at the start, one for the news, one for each end of an attempt and one to see that nothing is left.
    #expect(bench.ledger.calls(.sendable) <= 6)
  }

  @Test func `a channel that takes no replies is not a channel whose polls fail`() async throws {
    let bench = try Workbench()
    try await bench.queue("one")
    let channel = ScriptedChannel { _, _ in throw ChannelError.unreachable }
    let sender = bench.sender(channel)
    try await bench.run({ try await sender.run() }) { await bench.ledger.answered(.markFailed, 1) }
    let health = try #require(bench.health.channels.first)
    #expect(health.failures == 0 && health.lastError == "No connection.")
  }

  @Test func `draining sends what can be sent and stops at a failure`() async throws {
    let bench = try Workbench()
    try await bench.queue("one", "two", "three")
    let channel = ScriptedChannel { reply, _ in if reply.text == "two" { throw ChannelError.unreachable } }
    try await bench.sender(channel).drain()
    #expect(channel.attempts.map(\.text) == ["one", "two"])
    #expect(try await bench.sqlite.backlog().unsent == 2)
  }

  @Test func `what was on its way to a server that would show it twice is held after a crash, and the rest goes on`()
    async throws
  {
    let bench = try Workbench()
    try await bench.queue("perhaps there", "behind it", channel: "unsafe")
    try await bench.queue("fine", channel: "safe")
    let hanging = ScriptedChannel("unsafe", repeatsSafely: false) { _, _ in try await Tally().reachedOrCancelled(1) }
    let safe = ScriptedChannel("safe") { _, _ in try await Tally().reachedOrCancelled(1) }
    // The process dies while both are being sent.
    try await bench.run({ try await bench.sender(hanging, safe).run() }) {
      await hanging.attempted.reached(1)
      await safe.attempted.reached(1)
    }
    let (after, afterSafe) = (ScriptedChannel("unsafe", repeatsSafely: false), ScriptedChannel("safe"))
    try await bench.run({ try await bench.sender(after, afterSafe).run() }) {
      await after.sent.reached(1)
      await afterSafe.sent.reached(1)
    }
    #expect(after.accepted.map(\.text) == ["behind it"])
    #expect(afterSafe.accepted.map(\.text) == ["fine"])
    #expect(
      try await bench.sqlite.interactions(InteractionFilter(direction: .outgoing)).map(\.result) == [
        .held, .sent, .sent,
      ])
  }

  @Test func `the server's ids of a reply are kept`() async throws {
    let bench = try Workbench()
    try await bench.queue("one")
    let channel = ScriptedChannel()
    try await bench.run({ try await bench.sender(channel).run() }) { await bench.ledger.answered(.markSent, 1) }
    let id = "sent:\(channel.accepted[0].idempotencyKey)"
    let thumb = Reaction(
      id: "r", message: id, sender: Support.Sender(id: "a", name: "A"), isHelpful: true, at: bench.time.now)
    _ = try await bench.sqlite.receive(Poll(reactions: [thumb]), from: "scripted", at: bench.time.now)
    #expect(try await bench.sqlite.feedback().count == 1)
  }
}
