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

  private struct State {
    var identity: Snowflake?
    var guilds: [Snowflake: Snowflake] = [:]
    var known = RecentValues<Snowflake, Known>(capacity: 10_000)
    /// Rooms that cannot be read, and when they are tried again.
    var closed: [Snowflake: Date] = [:]
    var reviewed: [Snowflake: Date] = [:]
    var ownThreads = RecentValues<Snowflake, Bool>(capacity: 5_000)
    var writtenTo = RecentValues<ConversationID, Bool>(capacity: 10_000)
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

  /// - Returns: nil where it is not known yet.
  func guild(of room: Snowflake) -> Snowflake? { state.withLock { $0.guilds[room] } }
  func setGuild(_ guild: Snowflake?, of room: Snowflake) { state.withLock { $0.guilds[room] = guild ?? .zero } }

  func known(_ message: Snowflake) -> Known? { state.withLock { $0.known.value(for: message) } }
  func remember(_ message: Snowflake, _ known: Known) { state.withLock { $0.known.set(known, for: message) } }
  func forget(_ message: Snowflake) { state.withLock { $0.known.remove(message) } }

  func isClosed(_ room: Snowflake, at now: Date) -> Bool {
    state.withLock { $0.closed[room].map { now < $0 } ?? false }
  }

  /// - Returns: whether that is news.
  func close(_ room: Snowflake, until: Date) -> Bool {
    state.withLock { state in
      defer { state.closed[room] = until }
      return state.closed[room] == nil
    }
  }

  func open(_ room: Snowflake) { state.withLock { $0.closed[room] = nil } }

  func isDue(_ room: Snowflake, every pause: TimeInterval, at now: Date) -> Bool {
    state.withLock { state in
      guard let last = state.reviewed[room] else {
        state.reviewed[room] = now
        return true
      }
      // A clock that was set back must not end it.
      guard now.timeIntervalSince(last) >= pause || now < last else { return false }
      state.reviewed[room] = now
      return true
    }
  }

  func isOwnThread(_ thread: Snowflake) -> Bool { state.withLock { $0.ownThreads.value(for: thread) ?? false } }
  func rememberOwnThread(_ thread: Snowflake) { state.withLock { $0.ownThreads.set(true, for: thread) } }

  /// - Returns: whether it is the first time in this run.
  func beginWriting(to conversation: ConversationID) -> Bool {
    state.withLock { state in
      defer { state.writtenTo.set(true, for: conversation) }
      return state.writtenTo.value(for: conversation) == nil
    }
  }

  func pieces(of key: String) -> [String] { state.withLock { $0.sent.value(for: key) ?? [] } }
  func setPieces(_ ids: [String], of key: String) { state.withLock { $0.sent.set(ids, for: key) } }

  /// The messages that stood in a room when it was last looked at.
  func stretch(of room: Snowflake) -> [Snowflake] { state.withLock { $0.stretches[room] ?? [] } }
  func setStretch(_ ids: [Snowflake], of room: Snowflake) { state.withLock { $0.stretches[room] = ids } }

  /// What a second look at messages has found, and the cursor's count that says that it has been taken in: where another
  /// count comes back, it is to be brought again.
  var found: (poll: Poll, looks: Int)? {
    get { state.withLock { $0.found } }
    set { state.withLock { $0.found = newValue } }
  }

  /// Whether the round before brought nothing.
  var wasQuiet: Bool {
    get { state.withLock { $0.wasQuiet } }
    set { state.withLock { $0.wasQuiet = newValue } }
  }
}
