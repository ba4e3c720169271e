import Foundation
import Synchronization

/// How many events of a room a sync may bring. Where an answer was too long, fewer are asked for until one fits.
final class TimelineLimit: Sendable {
  private struct State {
    var limit: Int
    var polls = 0
  }

  private let most: Int
  private let state: Mutex<State>

  init(most: Int = 100) {
    self.most = most
    state = Mutex(State(limit: most))
  }

  var value: Int { state.withLock { $0.limit } }

  func halve(_ limit: Int) { state.withLock { $0.limit = max(1, limit / 2) } }

  func fitted(_ limit: Int) { state.withLock { $0.limit = min(most, max($0.limit, limit * 2)) } }

  /// 1…999, another one each time and, as good as certainly, after each start.
  func variation(_ now: Date) -> Int {
    let polls = state.withLock { state in
      state.polls = (state.polls + 1) % 1_000_000
      return state.polls
    }
    return 1 + abs(Int(now.timeIntervalSince1970 * 1000) &* 31 &+ polls &* 7) % 999
  }
}
