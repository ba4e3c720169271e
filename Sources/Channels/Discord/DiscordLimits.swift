import Foundation
import HTTP
import Support
import Synchronization

/// What the server allows at the moment (Discord, "Rate Limits"): it tells with every answer how many calls of a kind are
/// left, and for how long.
final class DiscordLimits: Sendable {
  private struct State {
    /// By kind of call.
    var until: [String: Date] = [:]
    var globalUntil: Date?
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> Date

  /// Longer than any reset; a server that says more may mean milliseconds.
  private static let longest: TimeInterval = 3_600

  init(now: @escaping @Sendable () -> Date) { self.now = now }

  /// How long to wait before a call of that kind; nil where it may go out now.
  func wait(for kind: String) -> Duration? {
    let now = now()
    let until = state.withLock { state in [state.until[kind], state.globalUntil].compactMap { $0 }.max() }
    guard let until, until > now else { return nil }
    return .seconds(min(until.timeIntervalSince(now), Self.longest))
  }

  func note(_ response: HTTPResponse, for kind: String) {
    guard response.headers["X-RateLimit-Remaining"] == "0",
      let seconds = response.headers["X-RateLimit-Reset-After"].flatMap({ Double($0) }), seconds.isFinite, seconds > 0
    else { return }
    keepQuiet(kind, seconds)
  }

  func note(_ refusal: DiscordRefusal, for kind: String) {
    guard refusal.status == 429, let wait = refusal.retryAfter else { return }
    let seconds = wait / .seconds(1)
    if refusal.isGlobal {
      let until = now().addingTimeInterval(min(seconds, Self.longest))
      state.withLock { $0.globalUntil = max(until, $0.globalUntil ?? until) }
    } else {
      keepQuiet(kind, seconds)
    }
  }

  private func keepQuiet(_ kind: String, _ seconds: TimeInterval) {
    let now = now()
    state.withLock { state in
      // Kinds name rooms, and there are ever more of those.
      if state.until.count > 1_000 { state.until = state.until.filter { $0.value > now } }
      state.until[kind] = now.addingTimeInterval(min(seconds, Self.longest))
    }
  }
}
