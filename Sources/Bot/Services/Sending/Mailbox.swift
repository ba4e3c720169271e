import Support
import Synchronization

/// Attempts that have ended and are not in the ledger yet. Bounded by the number in flight.
final class Mailbox: Sendable {
  private let attempts = Mutex<[Attempt]>([])

  var isEmpty: Bool { attempts.withLock { $0.isEmpty } }

  func add(_ attempt: Attempt) { attempts.withLock { $0.append(attempt) } }

  func peek() -> [Attempt] { attempts.withLock { $0 } }

  func remove(_ recorded: [Attempt]) {
    let ids = Set(recorded.map(\.reply.id))
    attempts.withLock { $0.removeAll { ids.contains($0.reply.id) } }
  }
}
