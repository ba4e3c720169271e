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

  /// Few enough that the first reply of a flood does not wait for the last decision.
  private static let batchSize = 128

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
      var backOff = BackOff()
      var random = SystemRandomNumberGenerator()
      while !Task.isCancelled {
        do {
          // What an earlier process left undecided comes first, without waiting for news.
          let count = try await decideBatch()
          health.ledger(nil, for: "decide")
          backOff.reset()
          if count == 0 { await arrivals.wait() }
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
  /// - Returns: how many messages it looked at.
  package func decideBatch() async throws -> Int {
    let batch = try await ledger.undecided(limit: Self.batchSize)
    guard !batch.entries.isEmpty else { return 0 }
    let matcher = workspace.matcher
    var states = batch.states
    var decided: [DecidedMessage] = []
    decided.reserveCapacity(batch.entries.count)
    for entry in batch.entries {
      let conversation = entry.message.conversation
      let state = states[conversation] ?? ConversationState()
      let decision = matcher.decide(entry.message, in: state, at: entry.receivedAt)
      states[conversation] = decision.nextState
      decided.append(DecidedMessage(entry: entry, decision: decision))
    }
    try await ledger.commit(decided, at: environment.now())
    replies.raise()
    return decided.count
  }
}
