import Foundation
import GRDB
import Support
import Testing

@testable import Ledger

/// What staff do about replies that are held.
@Suite struct HeldReplyTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  /// Holds the first reply that may be sent.
  /// - Returns: its line of the log.
  @discardableResult
  private func holdFirst(at now: Date = start) async throws -> Int {
    let first = try #require(try await ledger.sendable().first)
    try await ledger.beginSending([first.id])
    try await ledger.hold(first.id, reason: "Nobody knows.", at: now)
    return try #require(try await ledger.setAside(limit: 1).first?.reply)
  }

  private func error(_ work: () async throws -> Void) async throws -> HeldReplyError? {
    do {
      try await work()
      return nil
    } catch let error as HeldReplyError {
      return error
    }
  }

  @Test func `a released reply goes out again as it was, under its own key, and the log says who released it`()
    async throws
  {
    _ = try await ledger.take(message("1"))
    try await ledger.settle { message, state in
      var made = decision(.clarify, reply: Reply("Which?"), state: state)
      made.offer = ReplyOffer(choices: ["A", "B"], asksWhetherHelped: true)
      return made
    }
    let before = try #require(try await ledger.sendable().first)
    let held = try await holdFirst()
    #expect(try await ledger.sendable().isEmpty)
    #expect(try await ledger.backlog() == Backlog(undecided: 0, unsent: 0, held: 1))
    let settled = try await ledger.settle(held, as: .released, by: "Ines", at: minutes(5))
    #expect(settled == HeldReply(id: held, conversation: message("1").conversation, text: "Which?"))
    #expect(try await ledger.sendable() == [before])
    #expect(try await ledger.interruptedSends().isEmpty)
    #expect(try await ledger.backlog() == Backlog(undecided: 0, unsent: 1, held: 0))
    #expect(
      try await ledger.setAside(limit: 5).map(\.outcome) == [HeldOutcome(.released, by: "Ines", at: minutes(5))])
    #expect(try await ledger.interactions(InteractionFilter(id: held)).map(\.result) == [.queued])
    try await ledger.sendAll()
    #expect(try await ledger.interactions(InteractionFilter(id: held)).map(\.result) == [.sent])
  }

  @Test func `a released reply goes before what waits in its conversation, and never beside what is on its way`()
    async throws
  {
    _ = try await ledger.take(message("1"), message("2"), message("3"))
    try await ledger.settle()
    let held = try await holdFirst()
    let second = try #require(try await ledger.sendable().first)
    #expect(second.text == "re: 2")
    try await ledger.settle(held, as: .released, by: "Ines", at: start)
    // The second may be on its way at this moment.
    #expect(try await ledger.sendable().map(\.text) == ["re: 2"])
    try await ledger.markSent([SentReply(id: second.id, at: start)])
    #expect(try await ledger.sendAll() == ["re: 1", "re: 3"])
  }

  @Test func `a dropped reply is never sent, one that had arrived counts as sent, and neither waits for a person`()
    async throws
  {
    _ = try await ledger.take(message("1"), message("2", in: "other"))
    try await ledger.settle()
    let (first, second) = (try await holdFirst(), try await holdFirst())
    #expect(try await ledger.queues().map(\.held) == [2])
    try await ledger.settle(first, as: .dropped, by: "Ines", at: minutes(1))
    try await ledger.settle(second, as: .arrived, by: "Jo", at: minutes(2))
    #expect(try await ledger.sendAll().isEmpty)
    #expect(try await ledger.backlog() == Backlog(undecided: 0, unsent: 0, held: 0))
    #expect(try await ledger.queues().isEmpty)
    let results = try await ledger.interactions(InteractionFilter(direction: .outgoing)).map(\.result)
    #expect(results == [.held, .sent])
    #expect(
      try await ledger.setAside(limit: 5).map(\.outcome) == [
        HeldOutcome(.arrived, by: "Jo", at: minutes(2)), HeldOutcome(.dropped, by: "Ines", at: minutes(1)),
      ])
  }

  @Test func `a reply that is held again after its release waits for a person again`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle()
    let held = try await holdFirst()
    try await ledger.settle(held, as: .released, by: "Ines", at: minutes(1))
    #expect(try await holdFirst(at: minutes(2)) == held)
    #expect(try await ledger.setAside(limit: 5).map(\.outcome?.by) == [nil, "Ines"])
    #expect(try await ledger.backlog().held == 1)
    try await ledger.settle(held, as: .dropped, by: "Jo", at: minutes(3))
    #expect(try await ledger.setAside(limit: 5).map(\.outcome?.by) == ["Jo", "Ines"])
  }

  @Test func `of two people who settle a reply at once one does, and the other is told`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle()
    let held = try await holdFirst()
    let other = try SQLiteLedger(folder: folder.url)
    let failures = try await withThrowingTaskGroup(of: HeldReplyError?.self) { group in
      for (desk, person) in [(ledger, "Ines"), (other, "Jo")] {
        group.addTask { try await error { try await desk.settle(held, as: .released, by: person, at: start) } }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(failures.compactMap { $0?.code } == [.notHeld])
    #expect(try await ledger.sendAll() == ["re: 1"])
    try other.close()
  }

  @Test func `what is no held reply is said by its reason, and nothing changes`() async throws {
    _ = try await ledger.take(message("1"), message("2", in: "other"), message("3", in: "third"))
    try await ledger.settle()
    let dropped = try await holdFirst()
    try await ledger.settle(dropped, as: .dropped, by: "Ines", at: start)
    let sent = try #require(try await ledger.sendable().first)
    try await ledger.markSent([SentReply(id: sent.id, at: start)])
    let lines = try await ledger.interactions(InteractionFilter())
    let outgoing = lines.filter { $0.direction == .outgoing }
    let cases: [(String, Int, HeldReplyError.Code, String)] = [
      ("unknown", 999, .noSuchReply, "no reply 999"), ("negative", -1, .noSuchReply, "no reply -1"),
      ("incoming", try #require(lines.first { $0.direction == .incoming }).id, .notAReply, "came in"),
      ("sent", try #require(outgoing.first { $0.result == .sent }).id, .notHeld, "it was sent"),
      ("waiting", try #require(outgoing.first { $0.result == .queued }).id, .notHeld, "waits to be sent"),
      ("dropped before", dropped, .notHeld, "Ines dropped it"),
    ]
    for (name, id, code, words) in cases {
      for verdict in HeldOutcome.Verdict.allCases {
        let problem = try await error { try await ledger.settle(id, as: verdict, by: "Jo", at: start) }
        #expect(problem?.code == code, "\(name)")
        #expect(problem?.description.contains(words) == true, "\(name): \(problem?.description ?? "")")
      }
    }
    #expect(try await ledger.interactions(InteractionFilter()) == lines)
    #expect(try await ledger.setAside(limit: 5).map(\.outcome?.by) == ["Ines"])
  }

  @Test func `the person's name is kept as it is, whatever is in it`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle()
    let name = "Ines\u{0}'; DROP TABLE outbox; --\u{202E}"
    try await ledger.settle(try await holdFirst(), as: .dropped, by: name, at: start)
    #expect(try await ledger.setAside(limit: 1).first?.outcome?.by == name)
  }
}
