import Foundation
import Support
import Synchronization

/// What a channel knows beside its settings, for as long as the program runs.
final class TelegramState: Sendable {
  private struct State {
    var identity: TelegramIdentity?
    var presses: [TelegramPress] = []
    var sent = RecentValues<String, [String]>(capacity: 500)
    var moved = RecentValues<Int, Int>(capacity: 500)
    /// Chats that are to be left alone, and until when.
    var rests: [Int: Date] = [:]
  }

  private let state = Mutex(State())

  private static let mostPresses = 200

  var identity: TelegramIdentity? {
    get { state.withLock { $0.identity } }
    set { state.withLock { $0.identity = newValue } }
  }

  /// Presses that are answered once what they said is in the ledger. One that is served again is the same.
  func add(_ presses: [TelegramPress]) {
    state.withLock { state in
      for press in presses where !state.presses.contains(where: { $0.id == press.id }) { state.presses.append(press) }
      state.presses.removeFirst(max(0, state.presses.count - Self.mostPresses))
    }
  }

  /// - Parameter next: the number of the update that is asked for now: those before it have been taken in.
  func takePresses(before next: Int) -> [TelegramPress] {
    state.withLock { state in
      let taken = state.presses.filter { $0.update < next }
      state.presses.removeAll { $0.update < next }
      return taken
    }
  }

  /// The pieces of a reply that are there already, by its key.
  func pieces(of key: String) -> [String] { state.withLock { $0.sent.value(for: key) ?? [] } }

  func setPieces(_ ids: [String], of key: String) { state.withLock { $0.sent.set(ids, for: key) } }

  /// Where a group has gone.
  func place(of chat: Int) -> Int { state.withLock { $0.moved.value(for: chat) ?? chat } }

  func move(_ chat: Int, to new: Int) { state.withLock { $0.moved.set(new, for: chat) } }

  /// How long a chat is still to be left alone; nil where it is not.
  func rest(in chat: Int, at now: Date) -> Duration? {
    state.withLock { state in
      guard let until = state.rests[chat], until > now else { return nil }
      return .seconds(until.timeIntervalSince(now))
    }
  }

  /// Telegram asked for a rest, and does not say whether in this chat or altogether: one chat has its limit, and so has the
  /// bot.
  /// - Returns: whether it is this chat's. Where another one is resting already, it is the bot's.
  func rest(in chat: Int, for pause: Duration, from now: Date) -> Bool {
    state.withLock { state in
      state.rests = state.rests.filter { $0.value > now }
      let isAlone = state.rests.keys.allSatisfy { $0 == chat }
      state.rests[chat] = now.addingTimeInterval(min(pause, BackOff.longestRetryAfter) / .seconds(1))
      return isAlone
    }
  }
}

/// A pressed button: whoever pressed it sees it wait until it is answered.
struct TelegramPress: Sendable, Hashable {
  var id: String
  /// The number of the update that told of it.
  var update: Int
  /// Shown for a moment; may be empty.
  var shows: String
}
