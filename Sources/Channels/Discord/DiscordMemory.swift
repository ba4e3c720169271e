import Foundation
import JSON
import Support
import Synchronization

/// What a channel knows beside its cursor, for as long as the program runs.
final class DiscordMemory: Sendable {
  /// A message that was read, for telling what became of it.
  struct Known: Sendable {
    var edited: String?
    var isForBot: Bool
    var isOwn = false
    /// Of the bot's own: who put which thumb there.
    var thumbs: [String: Set<String>] = [:]
    var counts: [String: Int] = [:]
  }

  /// A room that cannot be read at the moment.
  struct Trouble: Sendable {
    var refusal: DiscordRefusal
    var since: Date
    /// When it is tried again.
    var until: Date
    var failures = 1
    var isTold = false
  }

  private struct State {
    var identity: Snowflake?
    var rooms: [Snowflake: DiscordRoom] = [:]
    var known = RecentValues<Snowflake, Known>(capacity: 10_000)
    var troubles: [Snowflake: Trouble] = [:]
    var reviewed: [Snowflake: Date] = [:]
    var ownThreads = RecentValues<Snowflake, Bool>(capacity: 5_000)
    var settled = RecentValues<ConversationID, Bool>(capacity: 10_000)
    var attempts = RecentValues<String, Date>(capacity: 500)
    var sent = RecentValues<String, [String]>(capacity: 500)
    var stretches: [Snowflake: [Snowflake]] = [:]
    var found: (poll: Poll, looks: Int)?
    var wasQuiet = false
  }

  private let state = Mutex(State())

  func identity(_ server: DiscordServer) async throws -> Snowflake {
    if let identity = state.withLock({ $0.identity }) { return identity }
    let call = DiscordCall(path: "users/@me", purpose: .setUp)
    guard let id = Snowflake(try await server.value(call)["id"]) else { throw server.malformed(call, "names no bot") }
    state.withLock { $0.identity = id }
    return id
  }

  // MARK: Rooms

  /// - Returns: nil where it has not been asked for yet.
  func room(_ id: Snowflake) -> DiscordRoom? { state.withLock { $0.rooms[id] } }
  func set(_ room: DiscordRoom) { state.withLock { $0.rooms[room.id] = room } }

  func trouble(in room: Snowflake) -> Trouble? { state.withLock { $0.troubles[room] } }
  func set(_ trouble: Trouble?, in room: Snowflake) { state.withLock { $0.troubles[room] = trouble } }

  /// Whether the round before brought nothing.
  var wasQuiet: Bool {
    get { state.withLock { $0.wasQuiet } }
    set { state.withLock { $0.wasQuiet = newValue } }
  }

  // MARK: Messages

  func known(_ message: Snowflake) -> Known? { state.withLock { $0.known.value(for: message) } }
  func remember(_ message: Snowflake, _ known: Known) { state.withLock { $0.known.set(known, for: message) } }
  func forget(_ message: Snowflake) { state.withLock { $0.known.remove(message) } }

  func isDue(_ place: Snowflake, every pause: TimeInterval, at now: Date) -> Bool {
    state.withLock { state in
      guard let last = state.reviewed[place] else {
        state.reviewed[place] = now
        return true
      }
      // A clock that was set back must not end it.
      guard now.timeIntervalSince(last) >= pause || now < last else { return false }
      state.reviewed[place] = now
      return true
    }
  }

  /// The messages that stood in a room when it was last looked at.
  func stretch(of place: Snowflake) -> [Snowflake] { state.withLock { $0.stretches[place] ?? [] } }
  func setStretch(_ ids: [Snowflake], of place: Snowflake) { state.withLock { $0.stretches[place] = ids } }

  /// Forgets what is known of threads that are not looked at any more, once there are many.
  func keepReviews(of places: Set<Snowflake>) {
    state.withLock { state in
      guard state.reviewed.count > 2 * places.count + 100 else { return }
      state.reviewed = state.reviewed.filter { places.contains($0.key) }
      state.stretches = state.stretches.filter { places.contains($0.key) }
    }
  }

  /// What a second look at messages has found, and the cursor's count that says that it has been taken in: where another
  /// count comes back, it is to be brought again.
  var found: (poll: Poll, looks: Int)? {
    get { state.withLock { $0.found } }
    set { state.withLock { $0.found = newValue } }
  }

  // MARK: Replies

  func isOwnThread(_ thread: Snowflake) -> Bool { state.withLock { $0.ownThreads.value(for: thread) ?? false } }
  func rememberOwnThread(_ thread: Snowflake) { state.withLock { $0.ownThreads.set(true, for: thread) } }

  /// Whether it is known of a conversation that nothing which an earlier run of the program wrote there is still in doubt.
  func isSettled(_ conversation: ConversationID) -> Bool {
    state.withLock { $0.settled.value(for: conversation) ?? false }
  }
  func settle(_ conversation: ConversationID) { state.withLock { $0.settled.set(true, for: conversation) } }

  /// When a reply, by its key, was first on its way in this run.
  func firstAttempt(at key: String) -> Date? { state.withLock { $0.attempts.value(for: key) } }
  func noteAttempt(at key: String, _ now: Date) {
    state.withLock { state in
      if state.attempts.value(for: key) == nil { state.attempts.set(now, for: key) }
    }
  }

  func pieces(of key: String) -> [String] { state.withLock { $0.sent.value(for: key) ?? [] } }
  func setPieces(_ ids: [String], of key: String) { state.withLock { $0.sent.set(ids, for: key) } }
}
