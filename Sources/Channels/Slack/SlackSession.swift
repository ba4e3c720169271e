import HTTP
import JSON
import Support
import Synchronization

/// Who the bot is in its workspace.
struct SlackIdentity: Sendable, Hashable {
  /// `U…`
  var user: String
  /// `B…`: what its own messages are signed with.
  var bot: String?
  /// What it is called.
  var name = ""
  var workspace = ""
  /// What the token may do; nil where Slack does not say.
  var scopes: Set<String>?

  /// Kinds of rooms that the token may list and read; all of them where that is not known, or where there are none, so that
  /// Slack says what is missing.
  var roomTypes: [String] {
    let all = SlackScope.rooms
    let allowed = all.filter { kind in
      scopes?.isSuperset(of: ["\(kind.scope):read", "\(kind.scope):history"]) ?? true
    }
    return (allowed.isEmpty ? all : allowed).map(\.type)
  }
}

/// What is asked once and remembered: who the bot is, what people are called, which rooms there are.
final class SlackSession: Sendable {
  private struct State {
    var identity: SlackIdentity?
    var names = RecentValues<String, String>(capacity: 2_000)
    /// When rooms were last listed, in seconds since 1970.
    var listedAt: Double?
    /// Messages that were news to this process: nothing can have been written in answer to them before.
    var news = RecentValues<String, Bool>(capacity: 10_000)
    /// Threads that the bot has written in since they were last asked for, by room.
    var written: [String: [SlackTime]] = [:]
    /// Replies of which an attempt may have arrived.
    var attempted = RecentValues<String, Bool>(capacity: 10_000)
  }

  let server: SlackServer
  let recall: SlackRecall
  private let state = Mutex(State())

  /// In seconds: how long a list of rooms is good.
  private static let listLife = 60.0
  private static let mostWritten = 40

  init(server: SlackServer) {
    self.server = server
    recall = SlackRecall(server: server)
  }

  func identity() async throws -> SlackIdentity {
    if let identity = state.withLock({ $0.identity }) { return identity }
    let call = SlackCall(method: "auth.test", purpose: "the question who the bot is")
    let (answer, headers) = try await server.answer(call)
    guard let user = answer["user_id"]?.string, !user.isEmpty else { throw server.malformed(call, "names no user") }
    let identity = SlackIdentity(
      user: user, bot: answer["bot_id"]?.string, name: answer["user"]?.string ?? user,
      workspace: answer["team"]?.string ?? "", scopes: headers["X-OAuth-Scopes"].map(SlackScope.names))
    state.withLock { $0.identity = identity }
    return identity
  }

  /// Another token may be another bot's.
  func forgetIdentity() { state.withLock { $0.identity = nil } }

  /// What people see of a member; the id where Slack does not say.
  func name(of user: String) async throws -> String {
    if let name = state.withLock({ $0.names.value(for: user) }) { return name }
    var name = user
    do {
      let call = SlackCall(
        method: "users.info", query: [("user", user)], purpose: "the question for a member's name")
      let found = try await server.value(call)["user"]
      let names = [found?["profile"]?["display_name"], found?["profile"]?["real_name"], found?["real_name"]]
      name = names.compactMap { $0?.string }.first { !$0.isEmpty } ?? found?["name"]?.string ?? user
    } catch let refusal as SlackRefusal where refusal.isRateLimit {
      // A name is no reason to keep a message waiting; it is asked for again.
      return user
    } catch is SlackRefusal {
      // Not allowed, or unknown: works without.
    } catch let error as ChannelError where error.code == .malformed {
      // The same.
    }
    let shown = name.replacing("\u{0}", with: "\u{FFFD}").prefix(200)
    state.withLock { $0.names.set(String(shown), for: user) }
    return String(shown)
  }

  /// Whether rooms are to be listed again; whoever asks is taken to do so.
  func isListDue(_ seconds: Double) -> Bool {
    state.withLock { state in
      if let at = state.listedAt, seconds >= at, seconds - at < Self.listLife { return false }
      state.listedAt = seconds
      return true
    }
  }

  func listAgain() { state.withLock { $0.listedAt = nil } }

  func isNews(_ message: String) { state.withLock { $0.news.set(true, for: message) } }
  func wasNews(_ message: String) -> Bool { state.withLock { $0.news.value(for: message) ?? false } }

  /// The latest are remembered.
  func wrote(_ threads: [SlackTime], in room: String) {
    guard !threads.isEmpty else { return }
    state.withLock { $0.written[room] = ($0.written[room] ?? []).suffix(Self.mostWritten - 1) + threads }
  }

  func takeWritten(in room: String) -> [SlackTime] { state.withLock { $0.written.removeValue(forKey: room) ?? [] } }

  func mayHaveArrived(_ key: String) { state.withLock { $0.attempted.set(true, for: key) } }
  func hasNotArrived(_ key: String) { state.withLock { $0.attempted.remove(key) } }
  func wasAttempted(_ key: String) -> Bool { state.withLock { $0.attempted.value(for: key) ?? false } }
}
