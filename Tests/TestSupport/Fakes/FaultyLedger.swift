package import Foundation
package import Support
import Synchronization

/// A ledger in front of another one that fails when a test says so, and counts its calls.
package final class FaultyLedger: MessageLedger {
  package enum Call: Sendable, Hashable, CaseIterable {
    case cursor, receive, undecided, undecidedCount, commit, sendable, nextAttempt, markSent, markFailed, hold
    case changeCounter, hasten, beginSending, interruptedSends
  }

  private let inner: any MessageLedger
  private let failures = Mutex<[Call: [LedgerError?]]>([:])
  private let counts = Mutex<[Call: Int]>([:])
  private let answers: [Call: Tally]
  private let before: (@Sendable (Call) async throws -> Void)?
  private let undecidedCounts = Mutex<[Int]>([])

  /// - Parameter before: what happens elsewhere just before a call is carried out.
  package init(_ inner: any MessageLedger, before: (@Sendable (Call) async throws -> Void)? = nil) {
    self.inner = inner
    self.before = before
    answers = Dictionary(uniqueKeysWithValues: Call.allCases.map { ($0, Tally()) })
  }

  /// The next calls, or those after `good` more that work, throw these, one each; then it works again.
  package func fail(_ call: Call, after good: Int = 0, with errors: [LedgerError]) {
    failures.withLock { $0[call, default: []] += Array(repeating: nil, count: good) + errors }
  }

  /// The next counts of undecided messages, in the place of the true ones.
  package func pretendUndecided(_ counts: [Int]) {
    undecidedCounts.withLock { $0 += counts }
  }

  package func calls(_ call: Call) -> Int { counts.withLock { $0[call] ?? 0 } }

  /// Returns when `count` calls have been answered well.
  package func answered(_ call: Call, _ count: Int) async { await answers[call]?.reached(count) }

  private func note<Value>(_ call: Call, _ body: () async throws -> Value) async throws -> Value {
    counts.withLock { $0[call, default: 0] += 1 }
    let failure = failures.withLock { failures -> LedgerError? in
      guard failures[call]?.isEmpty == false else { return nil }
      return failures[call]?.removeFirst()
    }
    if let failure { throw failure }
    try await before?(call)
    let value = try await body()
    answers[call]?.add()
    return value
  }

  package func cursor(of channel: String) async throws -> String? {
    try await note(.cursor) { try await inner.cursor(of: channel) }
  }

  package func receive(_ poll: Poll, from channel: String, at now: Date) async throws -> Intake {
    try await note(.receive) { try await inner.receive(poll, from: channel, at: now) }
  }

  package func undecided(limit: Int) async throws -> UndecidedBatch {
    try await note(.undecided) { try await inner.undecided(limit: limit) }
  }

  package func undecidedCount(of channel: String?) async throws -> Int {
    try await note(.undecidedCount) {
      let pretended = undecidedCounts.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      if let pretended { return pretended }
      return try await inner.undecidedCount(of: channel)
    }
  }

  package func commit(_ outcomes: [DecidedMessage], at now: Date) async throws {
    try await note(.commit) { try await inner.commit(outcomes, at: now) }
  }

  package func sendable(
    at now: Date, limit: Int, leavingOut busy: Set<ConversationID>
  ) async throws -> [OutgoingReply] {
    try await note(.sendable) { try await inner.sendable(at: now, limit: limit, leavingOut: busy) }
  }

  package func nextAttempt() async throws -> Date? {
    try await note(.nextAttempt) { try await inner.nextAttempt() }
  }

  package func markSent(_ replies: [SentReply]) async throws {
    try await note(.markSent) { try await inner.markSent(replies) }
  }

  package func markFailed(_ id: Int, error: String, nextAttempt: Date) async throws {
    try await note(.markFailed) { try await inner.markFailed(id, error: error, nextAttempt: nextAttempt) }
  }

  package func hasten(_ ids: [Int], at now: Date) async throws {
    try await note(.hasten) { try await inner.hasten(ids, at: now) }
  }

  package func hold(_ id: Int, reason: String, at now: Date) async throws {
    try await note(.hold) { try await inner.hold(id, reason: reason, at: now) }
  }

  package func beginSending(_ ids: [Int]) async throws {
    try await note(.beginSending) { try await inner.beginSending(ids) }
  }

  package func interruptedSends() async throws -> [OutgoingReply] {
    try await note(.interruptedSends) { try await inner.interruptedSends() }
  }

  package func changeCounter() async throws -> Int {
    try await note(.changeCounter) { try await inner.changeCounter() }
  }
}
