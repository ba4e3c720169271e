import Support
import Synchronization

/// Attempts under way, counted, and those that have ended and are not in the ledger yet. Bounded by the number in flight.
final class Mailbox: Sendable {
  private struct State {
    var underWay: [String: Int] = [:]
    var attempts: [Attempt] = []
  }

  /// What has come with an attempt's end.
  struct Arrival {
    /// No other attempt is under way on its channel.
    var leavesChannelIdle: Bool
    /// No other attempt is under way at all.
    var leavesAllIdle: Bool
    /// None waits here for the ledger but this.
    var isFirst: Bool
  }

  private let state = Mutex(State())

  var isEmpty: Bool { state.withLock { $0.attempts.isEmpty } }

  func isIdle(_ channel: String) -> Bool { state.withLock { $0.underWay[channel] == nil } }

  func begin(on channel: String) { state.withLock { $0.underWay[channel, default: 0] += 1 } }

  /// - Parameter attempt: nil when it was cut short.
  func end(_ attempt: Attempt?, on channel: String) -> Arrival {
    state.withLock { state in
      let left = state.underWay[channel, default: 1] - 1
      state.underWay[channel] = left > 0 ? left : nil
      let isFirst = state.attempts.isEmpty
      if let attempt { state.attempts.append(attempt) }
      return Arrival(leavesChannelIdle: left <= 0, leavesAllIdle: state.underWay.isEmpty, isFirst: isFirst)
    }
  }

  func peek() -> [Attempt] { state.withLock { $0.attempts } }

  func remove(_ recorded: [Attempt]) {
    let ids = Set(recorded.map(\.reply.id))
    state.withLock { $0.attempts.removeAll { ids.contains($0.reply.id) } }
  }
}
