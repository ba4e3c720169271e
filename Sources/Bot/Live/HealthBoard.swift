import Foundation
package import Support
import Synchronization

/// How each channel is doing, as its poller and the sender report it.
package final class HealthBoard: Sendable {
  private struct State {
    var channels: [String: ChannelHealth] = [:]
    /// By the service that it failed for: one that has nothing to write says nothing about the others.
    var ledgerErrors: [String: String] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  package var channels: [ChannelHealth] {
    state.withLock { $0.channels.values.sorted { $0.channel < $1.channel } }
  }

  /// What the ledger said when it refused to do what a service asked; nil once it has done it for every service.
  package var ledgerError: String? {
    state.withLock { $0.ledgerErrors.min { $0.key < $1.key }?.value }
  }

  /// - Parameter longestPoll: how long a poll may take where all is well, in seconds.
  func started(_ channel: String, longestPoll: TimeInterval, at now: Date) {
    // A poll that may be held open longer than usual patience lasts is no sign of anything while it is.
    let patience = max(ChannelHealth.usualPatience, longestPoll + 30)
    state.withLock { state in
      let before = state.channels[channel]
      state.channels[channel] = ChannelHealth(channel: channel, since: now, patience: patience)
      // Its canary may have been there first.
      state.channels[channel]?.canaryPatience = before?.canaryPatience
    }
  }

  func hasPolled(_ channel: String) -> Bool { state.withLock { $0.channels[channel]?.lastGoodPoll != nil } }

  /// - Parameter limit: in seconds.
  func expectsCanary(_ channel: String, within limit: TimeInterval, at now: Date) {
    update(channel, at: now) { $0.canaryPatience = limit }
  }

  func canarySeen(_ channel: String, at now: Date) {
    update(channel, at: now) { health in
      health.lastCanary = now
      health.canaryError = nil
    }
  }

  func canaryFailed(_ channel: String, _ error: String, at now: Date) {
    update(channel, at: now) { health in
      health.canaryError = error
      health.lastError = error
      health.lastErrorAt = now
    }
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

  /// A reply could not be sent: worth knowing, but not a poll that failed.
  func sendingFailed(_ channel: String, _ error: String, at now: Date) {
    update(channel, at: now) { health in
      health.lastError = error
      health.lastErrorAt = now
    }
  }

  /// - Parameter error: nil when the ledger has done what `service` asked.
  func ledger(_ error: String?, for service: String) {
    state.withLock { $0.ledgerErrors[service] = error }
  }

  private func update(_ channel: String, at now: Date, _ change: (inout ChannelHealth) -> Void) {
    state.withLock { state in
      var health = state.channels[channel] ?? ChannelHealth(channel: channel, since: now)
      change(&health)
      state.channels[channel] = health
    }
  }
}
