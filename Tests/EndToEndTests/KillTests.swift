import Dispatch
import Foundation
import JSON
import Support
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
  @Suite struct KillTests {
    @Test(.timeLimit(.minutes(5)))
    func `killed two hundred times over two thousand messages, it answers each once and in order`() async throws {
      var random = SeededGenerator(seed: 0x6772_6E72)
      let script = ChatScript(conversations: 20, messages: 2_000, using: &random)
      let requests = Watched(0)
      let server = WebhookServer(pageSize: 40) { request in
        requests.update { $0 += 1 }
        return request.header("Authorization") == "Bearer \(TestWorkspace.token)"
      }
      let base = try await server.start()
      try await TestWorkspace.with(settings: TestWorkspace.webhook(base)) { workspace in
        var rest = script.messages[...]
        var kills = 0
        while !rest.isEmpty || kills < 200 {
          let portion = rest.prefix(Int.random(in: 4...16, using: &random))
          rest = rest.dropFirst(portion.count)
          let before = requests.value
          let isFedEarly = Bool.random(using: &random)
          if isFedEarly { server.enqueue(portion.map(\.incoming)) }
          let bot = try workspace.startBot()
          if Int.random(in: 0..<5, using: &random) == 0 {
            // While it starts: no request tells of that moment, so it is counted from the start of the process.
            await Pause.of(milliseconds: Int.random(in: 0...120, using: &random))
            if !isFedEarly { server.enqueue(portion.map(\.incoming)) }
          } else {
            _ = await requests.wait(within: .seconds(20)) { $0 > before }
            if !isFedEarly { server.enqueue(portion.map(\.incoming)) }
            let count = Int.random(in: 1...(portion.filter { $0.expected != .nothing }.count + 1), using: &random)
            _ = await requests.wait(within: .seconds(2)) { $0 > before + count }
            // The moment between two requests: a write, a commit, nothing at all.
            await Pause.of(milliseconds: Int.random(in: 0...4, using: &random))
          }
          #expect(bot.isRunning, "it ended by itself: \(bot.errors.value)")
          bot.signal(SIGKILL)
          #expect(await bot.end() == -SIGKILL)
          kills += 1
        }
        #expect(kills >= 200)
        let bot = try workspace.startBot()
        let expected = script.messages.filter { $0.expected != .nothing }.count
        #expect(await server.waitForReplies(expected, deadline: .seconds(60)))
        try await script.checkLog(of: workspace)
        await bot.stop()
        try script.check(server)
        try await script.checkTickets(of: workspace, server)
      }
      await server.stop()
    }

    @Test(.timeLimit(.minutes(3)))
    func `a server that fails, hangs, restarts and loses its answers is answered once all the same`() async throws {
      var random = SeededGenerator(seed: 0x6661_756C)
      let script = ChatScript(conversations: 12, messages: 300, using: &random)
      let server = WebhookServer(pageSize: 25) { $0.header("Authorization") == "Bearer \(TestWorkspace.token)" }
      let faults = FaultPlan(seed: 0x676C_6974)
      let gateway = try Gateway(to: try await server.start()) { faults.next($0) }
      let port = try await gateway.listen()
      try await TestWorkspace.with(settings: TestWorkspace.webhook("http://127.0.0.1:\(port)", wait: 2)) { workspace in
        var rest = script.messages[...]
        while !rest.isEmpty {
          let portion = rest.prefix(15)
          rest = rest.dropFirst(portion.count)
          let before = gateway.requestCount.value
          let bot = try workspace.startBot()
          server.enqueue(portion.map(\.incoming))
          let count = Int.random(in: 2...15, using: &random)
          _ = await gateway.requestCount.wait(within: .seconds(3)) { $0 > before + count }
          if Int.random(in: 0..<4, using: &random) == 0 {
            await gateway.stopListening()
            await Pause.of(milliseconds: Int.random(in: 0...200, using: &random))
            try await gateway.listen(port: port)
          }
          bot.signal(SIGKILL)
          #expect(await bot.end() == -SIGKILL)
        }
        faults.isOver.update { $0 = true }
        let bot = try workspace.startBot()
        let expected = script.messages.filter { $0.expected != .nothing }.count
        #expect(await server.waitForReplies(expected, deadline: .seconds(90)))
        try await script.checkLog(of: workspace)
        await bot.stop()
        try script.check(server)
        try await script.checkTickets(of: workspace, server)
        #expect(server.replies().contains { $0.deliveries > 1 }, "no reply was ever repeated: the faults did nothing")
      }
      await gateway.stop()
      await server.stop()
    }

    @Test func `a reply that was accepted and answered with 500 is shown once`() async throws {
      let server = WebhookServer()
      let losses = Watched(0)
      let gateway = try Gateway(to: try await server.start()) { request in
        guard request.method == "POST", losses.value < 2 else { return nil }
        losses.update { $0 += 1 }
        return .afterwards(.json(#"{"error":"lost"}"#, status: 500))
      }
      let port = try await gateway.listen()
      try await TestWorkspace.with(settings: TestWorkspace.webhook("http://127.0.0.1:\(port)")) { workspace in
        server.enqueue([
          IncomingMessage(id: "m1", conversation: "a", text: "opening hours"),
          IncomingMessage(id: "m2", conversation: "a", text: "payout schedule"),
        ])
        let bot = try workspace.startBot()
        #expect(await server.waitForReplies(2, deadline: .seconds(20)))
        await bot.stop()
        #expect(server.replies().map(\.inReplyTo) == ["m1", "m2"])
        #expect(server.replies().map(\.deliveries) == [3, 1])
        #expect(server.conflicts().isEmpty)
      }
      await gateway.stop()
      await server.stop()
    }
  }
}

/// Lets a short time pass where no event marks the moment that a test wants: a kill at random.
enum Pause {
  static func of(milliseconds: Int) async {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { continuation.resume() }
    }
  }
}

/// Faults of all kinds, drawn by seed, until they are over.
final class FaultPlan: Sendable {
  let isOver = Watched(false)
  private let random: Mutex<SeededGenerator>

  init(seed: UInt64) { random = Mutex(SeededGenerator(seed: seed)) }

  func next(_ request: RecordedRequest) -> Gateway.Fault? {
    if isOver.value { return nil }
    return switch random.withLock({ Int.random(in: 0..<40, using: &$0) }) {
    case 0: .instead(.json("{}", status: 503))
    case 1: .instead(.json("{}", status: 429, headers: [("Retry-After", "1")]))
    case 2: .instead(.reset)
    case 3: .instead(.hang)
    case 4: .instead(.raw(Array("no HTTP".utf8)))
    case 5, 6, 7: .afterwards(.json("{}", status: 500))
    case 8, 9: .afterwards(.reset)
    case 10: .afterwards(.endEarly(announced: 500, sent: Array("{".utf8)))
    default: nil
    }
  }
}
