import Foundation
import JSON
import Support
import Synchronization

/// Lark asked as the app, and what is asked once and remembered.
final class LarkSession: Sendable {
  private struct State {
    var bot: String?
    var names = RecentValues<String, String>(capacity: 2_000)
    var listedAt: Double?
    var news = RecentValues<String, Bool>(capacity: 10_000)
    /// When a reply was first tried, in seconds since 1970.
    var attempts = RecentValues<String, Double>(capacity: 10_000)
  }

  let server: LarkServer
  let app: String
  let recall: LarkRecall
  private let token: LarkToken
  private let state = Mutex(State())

  private static let listLife = 60.0

  init(server: LarkServer, app: String, secret: Secret) {
    self.server = server
    self.app = app
    let token = LarkToken(server: server, app: app, secret: secret)
    self.token = token
    recall = LarkRecall(server: server, app: app) { try await Self.value($0, server, token) }
  }

  /// With the token, and once more with a new one where the old is not good (any more).
  func value(_ call: LarkCall) async throws -> JSONValue { try await Self.value(call, server, token) }

  private static func value(_ call: LarkCall, _ server: LarkServer, _ token: LarkToken) async throws -> JSONValue {
    let first = try await token.text()
    do {
      return try await server.value(call, token: first)
    } catch let refusal as LarkRefusal where refusal.isAboutToken {
      return try await server.value(call, token: try await token.text(rejected: first))
    }
  }

  /// The bot's own open id, by which it is mentioned.
  func bot() async throws -> String {
    if let bot = state.withLock({ $0.bot }) { return bot }
    let call = LarkCall(path: ["bot", "v3", "info"], purpose: "the question who the bot is")
    let answer = try await value(call)
    guard let bot = answer["bot"]?["open_id"]?.string, !bot.isEmpty else {
      throw server.malformed(call, "names no bot")
    }
    state.withLock { $0.bot = bot }
    return bot
  }

  /// What people see of somebody; the id where Lark does not say.
  func name(of user: String) async throws -> String {
    if let name = state.withLock({ $0.names.value(for: user) }) { return name }
    var name = user
    do {
      let call = LarkCall(
        path: ["contact", "v3", "users", user], query: [("user_id_type", "open_id")],
        purpose: "the question for somebody's name")
      name = try await value(call)["data"]?["user"]?["name"]?.string ?? user
    } catch let refusal as LarkRefusal where refusal.isRateLimit {
      return user
    } catch is LarkRefusal {
      // Not allowed to: works without.
    } catch let error as ChannelError where error.code == .malformed {
      // The same.
    }
    let shown = String(name.replacing("\u{0}", with: "\u{FFFD}").prefix(200))
    state.withLock { $0.names.set(shown.isEmpty ? user : shown, for: user) }
    return shown.isEmpty ? user : shown
  }

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

  /// When the reply was first tried in this process; nil if never.
  func firstAttempt(_ key: String) -> Double? { state.withLock { $0.attempts.value(for: key) } }

  /// It is tried now, and whatever stood in the room before has been looked at.
  func attempts(_ key: String, at seconds: Double) {
    state.withLock { state in
      if state.attempts.value(for: key) == nil { state.attempts.set(seconds, for: key) }
    }
  }
}
