import Foundation
import Matching
import Synchronization

/// How far the making of a matcher is, on one line of a terminal's standard error. Nothing is said elsewhere, and nothing
/// about work that is over at once.
final class MatcherProgressLine: Sendable {
  private struct State {
    var shown = ""
    var shownAt: ContinuousClock.Instant?
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  private let started = ContinuousClock.now
  private let state = Mutex(State())

  private static let patience = Duration.milliseconds(300)
  private static let shortestInterval = Duration.milliseconds(80)

  func show(_ progress: MatcherProgress) {
    guard isTerminal else { return }
    let now = ContinuousClock.now
    guard now - started > Self.patience else { return }
    state.withLock { state in
      if let last = state.shownAt, now - last < Self.shortestInterval { return }
      let text = Self.words(progress)
      guard text != state.shown else { return }
      (state.shown, state.shownAt) = (text, now)
      // Back to the start of the line, and what was there is wiped.
      FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)".utf8))
    }
  }

  /// Leaves nothing of the line.
  func clear() {
    state.withLock { state in
      guard !state.shown.isEmpty else { return }
      state = State()
      FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8))
    }
  }

  private static func words(_ progress: MatcherProgress) -> String {
    switch progress {
    case .encoding(let encoder, let done, let total):
      "Reading the workspace: \(encoder) has encoded \(grouped(done)) of \(grouped(total)) lines …"
    case .learning: "Reading the workspace: learning from its own lines …"
    }
  }

  /// `4,200`
  private static func grouped(_ number: Int) -> String {
    let digits = String(number)
    return digits.enumerated().map { place, digit in
      place > 0 && (digits.count - place) % 3 == 0 ? ",\(digit)" : "\(digit)"
    }.joined()
  }
}
