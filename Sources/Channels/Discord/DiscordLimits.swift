import Foundation
import HTTP
import Support
import Synchronization

/// What the server allows at the moment (Discord, "Rate Limits"): it tells with every answer how many calls of a kind are
/// left, and for how long. Kinds of calls that share a limit have the same bucket; each room has limits of its own.
final class DiscordLimits: Sendable {
  private struct Window {
    var left: Int
    var until: Date
    /// How many calls the next window has, and for how long, where the server has said so.
    var whole: Int?
    var length: TimeInterval
  }

  private struct State {
    var buckets: [String: String] = [:]
    var windows: [String: Window] = [:]
    var globalUntil: Date?

    func key(_ call: DiscordCall) -> String { "\(buckets[call.route] ?? call.route) \(call.resource)" }
  }

  private let state = Mutex(State())
  private let now: @Sendable () -> Date

  /// Longer than any reset; a server that says more may mean milliseconds.
  private static let longest: TimeInterval = 3_600
  /// Windows name rooms, and there are ever more of those.
  private static let mostWindows = 2_000
  private static let mostBuckets = 200

  init(now: @escaping @Sendable () -> Date) { self.now = now }

  /// Takes one of the calls that are left.
  /// - Returns: how long to wait before asking again, and whether all calls have to; nil where the call may go out now.
  func take(_ call: DiscordCall) -> (wait: Duration, isGlobal: Bool)? {
    let now = now()
    return state.withLock { state in
      if let until = state.globalUntil, until > now { return (Self.pause(until, now), true) }
      let key = state.key(call)
      guard var window = state.windows[key] else { return nil }
      if window.until <= now {
        guard let whole = window.whole else {
          state.windows[key] = nil
          return nil
        }
        window = Window(left: whole, until: now.addingTimeInterval(window.length), whole: whole, length: window.length)
      }
      guard window.left > 0 else { return (Self.pause(window.until, now), false) }
      window.left -= 1
      state.windows[key] = window
      return nil
    }
  }

  private static func pause(_ until: Date, _ now: Date) -> Duration {
    .seconds(min(until.timeIntervalSince(now), longest))
  }

  /// What an answer says of the calls that are left.
  func note(_ response: HTTPResponse, to call: DiscordCall) {
    let now = now()
    state.withLock { state in
      if let bucket = response.headers["X-RateLimit-Bucket"], !bucket.isEmpty, bucket.utf8.count <= 100,
        state.buckets.count < Self.mostBuckets || state.buckets[call.route] != nil
      {
        state.buckets[call.route] = bucket
      }
      guard let left = Self.number(response, "X-RateLimit-Remaining"),
        let seconds = Self.number(response, "X-RateLimit-Reset-After"), seconds > 0
      else { return }
      let key = state.key(call)
      let length = min(seconds, Self.longest)
      var window = Window(
        left: Int(min(left, 1e6)), until: now.addingTimeInterval(length),
        whole: Self.number(response, "X-RateLimit-Limit").map { Int(min($0, 1e6)) }.flatMap { $0 > 0 ? $0 : nil },
        length: length)
      // Calls that are on their way are not in the server's count yet.
      if let before = state.windows[key], before.until > now {
        window.left = min(window.left, before.left)
        window.length = max(window.length, before.length)
      }
      if state.windows.count > Self.mostWindows { state.windows = state.windows.filter { $0.value.until > now } }
      state.windows[key] = window
    }
  }

  private static func number(_ response: HTTPResponse, _ name: String) -> Double? {
    response.headers[name].flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
  }

  func note(_ refusal: DiscordRefusal, to call: DiscordCall) {
    guard refusal.status == 429, let wait = refusal.retryAfter else { return }
    let now = now()
    let until = now.addingTimeInterval(min(wait / .seconds(1), Self.longest))
    state.withLock { state in
      if refusal.isGlobal {
        state.globalUntil = max(until, state.globalUntil ?? until)
      } else {
        let key = state.key(call)
        var window = state.windows[key] ?? Window(left: 0, until: until, whole: nil, length: 0)
        window.left = 0
        window.until = max(until, window.until)
        state.windows[key] = window
      }
    }
  }
}
