import Synchronization

/// The moments in which a channel has nothing to send: the ones to ask its server for more.
///
/// A server that has just given a question is to take the answer next. Asked for news meanwhile, it would work on that
/// first, and wake that poll again for the answer itself.
package final class Lulls: Sendable {
  private let signals = Mutex<[String: Signal]>([:])

  package init() {}

  /// Raised whenever the channel of this name has nothing under way any more.
  package func of(_ channel: String) -> Signal {
    signals.withLock { signals in
      if let signal = signals[channel] { return signal }
      let signal = Signal()
      signals[channel] = signal
      return signal
    }
  }
}
