import Synchronization

/// What polls have brought of the bot's own messages, for whoever waits for one of them.
package final class Echoes: Sendable {
  /// By channel, the newest last; a flood of own messages pushes none out before its canary has looked.
  private static let most = 1_000

  private struct State {
    var heard: [String: [String]] = [:]
    var signals: [String: Signal] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// - Parameter ids: the server's.
  package func heard(_ ids: [String], from channel: String) {
    guard !ids.isEmpty else { return }
    let signal = state.withLock { state -> Signal? in
      // Where nobody listens, nothing is kept.
      guard let signal = state.signals[channel] else { return nil }
      state.heard[channel, default: []].append(contentsOf: ids)
      let excess = (state.heard[channel]?.count ?? 0) - Self.most
      if excess > 0 { state.heard[channel]?.removeFirst(excess) }
      return signal
    }
    signal?.raise()
  }

  /// From now on, what is heard of the channel is kept for a while.
  func listen(to channel: String) { _ = signal(of: channel) }

  /// Waits until all of these have been heard, or the task is cancelled.
  func wait(for ids: [String], from channel: String) async {
    let signal = signal(of: channel)
    while !Task.isCancelled, !hasHeard(ids, from: channel) { await signal.wait() }
  }

  func hasHeard(_ ids: [String], from channel: String) -> Bool {
    state.withLock { state in
      let heard = Set(state.heard[channel] ?? [])
      return ids.allSatisfy(heard.contains)
    }
  }

  private func signal(of channel: String) -> Signal {
    state.withLock { state in
      let signal = state.signals[channel] ?? Signal()
      state.signals[channel] = signal
      return signal
    }
  }
}
