import Foundation
import GRDB
import Support
import Synchronization
import Testing

@testable import Ledger

/// The cost of a query is a test: what runs for every message or every page must not look through a table.
@Suite struct QueryPlanTests {
  private final class Statements: Sendable {
    private let seen = Mutex<Set<String>>([])
    func add(_ sql: String) { seen.withLock { _ = $0.insert(sql) } }
    var all: [String] { seen.withLock { $0.sorted() } }
  }

  /// A full walk over one of these is a walk over what waits only, however long the table.
  private static let smallIndexes = [
    "inbox_waiting", "outbox_head", "outbox_retry", "outbox_queued", "outbox_held",
    "outbox_in_flight", "set_aside_waiting",
  ]

  @Test func `no hot query looks through a table`() async throws {
    let folder = try TemporaryFolder()
    let statements = Statements()
    let ledger = try SQLiteLedger(folder: folder.url, mode: .readWrite, busyTimeout: 5) { statements.add($0) }
    try await everythingHot(ledger)

    let plans = try await ledger.file.pool.read { db in
      try statements.all.filter { sql in
        ["SELECT", "INSERT", "UPDATE"].contains { sql.hasPrefix($0) } && !sql.contains("sqlite_")
      }.map { sql in
        let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
        statement.setUncheckedArguments(StatementArguments())
        return (sql, try Row.fetchAll(statement).map { String(describing: $0["detail"] ?? "") })
      }
    }
    #expect(plans.count > 30)
    for (sql, plan) in plans {
      // What a subquery has put together is gone through; how it did is in the plan as well.
      let steps = plan.filter { $0.hasPrefix("SCAN") && $0 != "SCAN CONSTANT ROW" && !$0.hasPrefix("SCAN (subquery") }
      for step in steps {
        let isSmall = Self.smallIndexes.contains { step.contains("INDEX \($0)") }
        #expect(isSmall, "\(step) in \(sql)")
      }
      #expect(!plan.contains { $0.contains("AUTOMATIC") }, "\(plan) in \(sql)")
    }
  }

  /// Each call that runs for a message, a poll, a send, a desk action or a page.
  private func everythingHot(_ ledger: SQLiteLedger) async throws {
    let poll = Poll(
      messages: [message("1"), message("2", thread: "t"), message("3")],
      unreadable: [.init(id: nil, reason: "r", raw: "x"), .init(id: "9", reason: "r", raw: "x")],
      reactions: [.init(id: "r", message: "m", sender: Sender(id: "u", name: "U"), isHelpful: true, at: start)],
      redactions: [.init(target: "r", sender: Sender(id: "u", name: "U"), at: start)],
      notices: [.init(key: "k", conversation: message("1").conversation, text: "t")], cursor: "c")
    _ = try await ledger.receive(poll, from: "chat", at: start)
    _ = try await ledger.cursor(of: "chat")
    try await ledger.settle { message, state in
      message.id.id == "1"
        ? escalate(message, state)
        : decision(
          reply: Reply("r"), effects: state.openTickets.map { .append(ticket: $0.number) }, matched: .intent("i"),
          state: state)
    }
    _ = try await ledger.nextAttempt()
    let replies = try await ledger.sendable()
    for reply in replies { try await ledger.markFailed(reply.id, error: "e", nextAttempt: start) }
    try await ledger.markSent(replies.prefix(1).map { SentReply(id: $0.id, at: start) })
    if let held = replies.last {
      try await ledger.hold(held.id, reason: "r", at: start)
      let reply = try await ledger.file.pool.read { db in
        try Int.fetchOne(db, sql: "SELECT interaction FROM outbox WHERE id = ?", arguments: [held.id])
      }
      try await ledger.settle(try #require(reply), as: .released, by: "Ira", at: start)
    }
    for action: TicketAction in [.take, .reply(text: "t"), .note(CaseNote(text: "n")), .resolve, .reopen] {
      try await ledger.act(action, on: 1, by: "Ira", at: start)
    }
    _ = try await ledger.history(of: 1)
    _ = try await ledger.backlog()
    _ = try await ledger.queues()
    _ = try await ledger.undecidedCount(of: nil)
    _ = try await ledger.tickets(TicketFilter(states: [.new, .open]))
    _ = try await ledger.interactions(InteractionFilter(since: start, until: minutes(1)))
    _ = try await ledger.interactions(InteractionFilter(matched: .intent("i")))
    _ = try await ledger.interactions(InteractionFilter(ticket: 1))
    _ = try await ledger.interactions(InteractionFilter(agency: "Northlight", limit: 10))
    let draft = ChatDraft(
      conversation: "c", sender: Sender(id: "u", name: "n"), agency: nil, text: "t", language: nil, region: nil)
    let line = try await ledger.post(draft, clientID: "1", at: start)
    _ = try await ledger.reply(
      ChatReply(conversation: "c", inReplyTo: "\(line.id)", author: "bot", text: "t"), idempotencyKey: "k", at: start)
    _ = try await ledger.lines(of: "c", after: 0, limit: 10)
    _ = try await ledger.typed(after: 0, limit: 10)
  }
}
