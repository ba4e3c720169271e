import Foundation
package import Support
import Synchronization

/// How each channel is doing, as its poller and the sender report it.
package final class HealthBoard: Sendable {
  private struct State {
    var channels: [String: ChannelHealth] = [:]
    var ledgerError: String?
  }

  private let state = Mutex(State())

  package init() {}

  package var channels: [ChannelHealth] {
    state.withLock { $0.channels.values.sorted { $0.channel < $1.channel } }
  }

  /// What the ledger said when it last refused to be written to; nil once it takes writes again.
  package var ledgerError: String? { state.withLock { $0.ledgerError } }

  func started(_ channel: String, at now: Date) {
    state.withLock { $0.channels[channel] = ChannelHealth(channel: channel, since: now) }
  }

  func polled(_ channel: String, at now: Date) {
    update(channel, at: now) { health in
      health.lastGoodPoll = now
      health.failures = 0
    }
  }

  func failed(_ channel: String, _ error: String, at now: Date) {
    update(channel, at: now) { health in
      health.lastError = error
      health.lastErrorAt = now
      health.failures += 1
    }
  }

  func ledger(_ error: String?) {
    state.withLock { $0.ledgerError = error }
  }

  private func update(_ channel: String, at now: Date, _ change: (inout ChannelHealth) -> Void) {
    state.withLock { state in
      var health = state.channels[channel] ?? ChannelHealth(channel: channel, since: now)
      change(&health)
      state.channels[channel] = health
    }
  }
}
