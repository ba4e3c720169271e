import Foundation
import ServiceLifecycle
package import Support

/// Wakes the sender when another process has written to the ledger (an intern's reply), and when a failed reply is due
/// for its next attempt.
package struct LedgerWatcher: Service {
  let ledger: any MessageLedger
  let arrivals: Signal
  let replies: Signal
  let environment: Environment

  private static let interval = Duration.milliseconds(250)

  package init(ledger: any MessageLedger, arrivals: Signal, replies: Signal, environment: Environment = .live) {
    self.ledger = ledger
    self.arrivals = arrivals
    self.replies = replies
    self.environment = environment
  }

  package func run() async {
    await cancelWhenGracefulShutdown {
      var seen: Int?
      while !Task.isCancelled {
        // A ledger that cannot be read now is the business of those who write to it; here it is looked at again.
        if let counter = try? await ledger.changeCounter() {
          if let seen, seen != counter {
            arrivals.raise()
            replies.raise()
          }
          seen = counter
        }
        if let due = try? await ledger.nextAttempt(), due <= environment.now() { replies.raise() }
        do { try await environment.sleep(Self.interval) } catch { return }
      }
    }
  }
}
