import Foundation
package import Logging
import Matching
import ServiceLifecycle
package import Support

/// Decides what waits in the inbox, in the order in which it came, and commits whole batches.
package struct Decider: Service {
  let ledger: any MessageLedger
  let workspace: LiveWorkspace
  let arrivals: Signal
  let replies: Signal
  let health: HealthBoard
  let environment: Environment
  let logger: Logger
  private let queue = WorkQueue("decisions")

  /// Few enough that the first reply of a flood does not wait for the last decision.
  private static let batchSize = 128
  /// In seconds. A batch that takes longer, because a service of vectors is slow, is committed as far as it is decided.
  private static let longestBatch: TimeInterval = 0.5

  package init(
    ledger: any MessageLedger, workspace: LiveWorkspace, arrivals: Signal, replies: Signal, health: HealthBoard,
    environment: Environment = .live, logger: Logger
  ) {
    self.ledger = ledger
    self.workspace = workspace
    self.arrivals = arrivals
    self.replies = replies
    self.health = health
    self.environment = environment
    self.logger = logger
  }

  package func run() async throws {
    try await cancelWhenGracefulShutdown {
      var backOff = BackOff.local
      var random = SystemRandomNumberGenerator()
      while !Task.isCancelled {
        do {
          // What an earlier process left undecided comes first, without waiting for news.
          let batch = try await decideOnce()
          health.ledger(nil, for: "decide")
          backOff.reset()
          // What came since was announced.
          if batch.isLast { await arrivals.wait() }
        } catch is CancellationError {
          return
        } catch let error as LedgerError where error.isRetriable {
          health.ledger(error.description, for: "decide")
          logger.error("\(error.description)")
          try? await environment.sleep(backOff.next(retryAfter: nil, using: &random))
        }
      }
    }
  }

  /// Decides one batch with the workspace as it is now.
  /// - Returns: how many messages it decided; 0 when none waits.
  package func decideBatch() async throws -> Int { try await decideOnce().decided }

  /// - Returns: `isLast` when nothing else waited at that moment.
  private func decideOnce() async throws -> (decided: Int, isLast: Bool) {
    let batch = try await ledger.undecided(limit: Self.batchSize)
    guard !batch.entries.isEmpty else { return (0, true) }
    let decided = try await queue.run { [matcher = workspace.matcher, environment] isCancelled in
      Self.decide(batch, with: matcher, now: environment.now, isCancelled: isCancelled)
    }
    try await ledger.commit(decided, at: environment.now())
    replies.raise()
    return (decided.count, decided.count == batch.entries.count && decided.count < Self.batchSize)
  }

  /// At least the first, and as many more as there is time for; those left out stay undecided and come again.
  private static func decide(
    _ batch: UndecidedBatch, with matcher: Matcher, now: () -> Date, isCancelled: () -> Bool
  ) -> [DecidedMessage] {
    let started = now()
    var states = batch.states
    var decided: [DecidedMessage] = []
    decided.reserveCapacity(batch.entries.count)
    for entry in batch.entries {
      let isLate = now().timeIntervalSince(started) > longestBatch
      if !decided.isEmpty, isLate || isCancelled() { break }
      let conversation = entry.message.conversation
      let state = states[conversation] ?? ConversationState()
      let decision = matcher.decide(entry.message, in: state, at: entry.receivedAt)
      states[conversation] = decision.nextState
      decided.append(DecidedMessage(entry: entry, decision: decision))
    }
    return decided
  }
}
