import Bot
import Foundation
import HTTP
import JSON
import Ledger
import Support
import TestSupport
import Testing

@testable import Channels

/// The program dies while it sends, again and again, over a server that has no key by which it knows a text again.
@Suite(.timeLimit(.minutes(5))) struct InterruptedSendTests {
  /// At what moment of a reply's way the program dies.
  private enum Moment: CaseIterable {
    /// Before the ledger knows that it is on its way.
    case beforeItIsNoted
    /// After that, and the server never sees it.
    case beforeItArrives
    /// The server shows it, and its answer is lost.
    case beforeTheAnswer
    /// The answer is there, and not in the ledger.
    case beforeItIsRecorded
  }

  private static let rooms = [1, 2, 3, 4, 5, 6]

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `of every question either one answer is shown or staff see its name, whenever the program dies`(
    _ seed: UInt64
  ) async throws {
    var random = Draws(seed: seed)
    try await TelegramBench.with { bench in
      let services = try ServicesBench(time: bench.time)
      var asked: [String] = []
      for _ in 0..<24 {
        let count = Int.random(in: 1...5, using: &random)
        for _ in 0..<count {
          let room = Self.rooms.randomElement(using: &random) ?? 1
          asked.append(bench.telegram.say("opening hours", by: FakeTelegram.user(room), in: room))
        }
        // A new process knows nothing of what the last has tried, and has connections of its own.
        let process = TelegramBench(telegram: bench.telegram, http: try HTTPClient(), settings: bench.settings)
        let channel = try process.channel()
        try await services.take(channel)
        try await die(
          Moment.allCases.randomElement(using: &random) ?? .beforeTheAnswer,
          after: Int.random(in: 0..<count, using: &random),
          channel, services, bench)
        // Nothing that it had begun to say is said after it.
        await process.http.shutdown()
        try await bench.telegram.hearOut()
      }
      try await deliver(bench.channel(), services)
      try await check(asked, services, bench)
      try await settle(asked, services, bench)
    }
  }

  /// Runs the sender until the moment has come, and lets it do nothing after that.
  private func die(
    _ moment: Moment, after texts: Int, _ channel: TelegramChannel, _ services: ServicesBench, _ bench: TelegramBench
  ) async throws {
    let deaths = Tally()
    let before = bench.telegram.stuck.count
    switch moment {
    case .beforeItArrives: bench.telegram.cutOff(after: texts, arrives: false)
    case .beforeTheAnswer: bench.telegram.cutOff(after: texts, arrives: true)
    case .beforeItIsNoted, .beforeItIsRecorded: break
    }
    let front = FaultyLedger(services.ledger) { call in
      let dies: FaultyLedger.Call? =
        switch moment {
        case .beforeItIsNoted: .beginSending
        case .beforeItIsRecorded: .markSent
        case .beforeItArrives, .beforeTheAnswer: nil
        }
      if call == dies { deaths.add() }
      if deaths.count > 0 { throw LedgerError(.failed, "The process is gone.") }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try? await services.sender(channel, in: front).run() }
      group.addTask { [telegram = bench.telegram] in
        if moment == .beforeItArrives || moment == .beforeTheAnswer {
          await telegram.stuck.reached(before + 1)
          deaths.add()
        } else {
          try? await Tally().reachedOrCancelled(1)
        }
      }
      try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
    bench.telegram.restore()
  }

  /// As a program that is left alone does.
  private func deliver(_ channel: TelegramChannel, _ services: ServicesBench) async throws {
    try await services.take(channel)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await services.sender(channel).run()
        return false
      }
      group.addTask {
        while try await services.ledger.backlog().unsent > 0 { await Task.yield() }
        return true
      }
      let isDelivered = try await group.next()
      #expect(isDelivered == true)
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  /// The questions whose answers are shown, as often as they are, in order.
  private func answered(_ bench: TelegramBench) -> [String] {
    bench.telegram.shown.compactMap { message in
      guard let chat = message["chat_id"]?.int, let number = message["reply_parameters"]?["message_id"]?.int else {
        return nil
      }
      return "\(chat):\(number)"
    }
  }

  private func check(_ asked: [String], _ services: ServicesBench, _ bench: TelegramBench) async throws {
    let shown = answered(bench)
    #expect(Set(shown).count == shown.count, "answered twice")
    #expect(Set(shown).isSubset(of: Set(asked)))
    let held = try await services.ledger.setAside(limit: 1_000)
    #expect(held.allSatisfy { $0.kind == .held && $0.reply != nil && $0.outcome == nil })
    let names = held.compactMap(\.id)
    #expect(names.count == held.count && Set(names).count == held.count)
    for question in asked where !shown.contains(question) {
      #expect(names.contains(question), "\(question) is lost")
    }
    #expect(Set(names).isSubset(of: Set(asked)))
    #expect(try await services.ledger.backlog() == Backlog(undecided: 0, unsent: 0, held: held.count))
    // Some of either kind, or the moments were not what they are called.
    #expect(names.contains { shown.contains($0) } && names.contains { !shown.contains($0) })
    // What is held may have come late.
    for room in Self.rooms {
      let order = shown.filter { $0.hasPrefix("\(room):") && !names.contains($0) }
      #expect(order == asked.filter { order.contains($0) }, "out of order in \(room)")
    }
  }

  /// What staff do: they look in the chat, release what is not there and drop what is.
  private func settle(_ asked: [String], _ services: ServicesBench, _ bench: TelegramBench) async throws {
    let shown = answered(bench)
    for item in try await services.ledger.setAside(limit: 1_000) {
      let (question, reply) = (try #require(item.id), try #require(item.reply))
      try await services.ledger.settle(
        reply, as: shown.contains(question) ? .arrived : .released, by: "Ines", at: bench.time.now)
    }
    try await deliver(bench.channel(), services)
    #expect(answered(bench).sorted() == asked.sorted())
    #expect(try await services.ledger.backlog() == Backlog(undecided: 0, unsent: 0, held: 0))
    let replies = try await services.ledger.interactions(InteractionFilter(direction: .outgoing))
    #expect(replies.count == asked.count && replies.allSatisfy { $0.result == .sent })
  }
}
