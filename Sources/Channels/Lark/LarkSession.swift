import Foundation
import HTTP
import JSON
import Support
import Synchronization

/// The app's access token, fetched when it is needed and again before it ends, by one caller for all.
actor LarkToken {
  private let server: LarkServer
  private let app: String
  private let secret: Secret
  private var current: (text: String, from: Date, until: Date)?
  private var isBusy = false
  private var waiters: [CheckedContinuation<Void, Never>] = []
  /// Many may find at once that there is no token; the server hears of it once.
  private var failure: (error: any Error, at: Date)?

  /// In seconds: how long before its end a token is renewed, and how long a failure is not repeated.
  private static let margin = 600.0
  private static let rest = 3.0

  init(server: LarkServer, app: String, secret: Secret) {
    self.server = server
    self.app = app
    self.secret = secret
  }

  /// - Parameter rejected: a token that the server did not take.
  func text(rejected: String? = nil) async throws -> String {
    while isBusy { await withCheckedContinuation { waiters.append($0) } }
    let now = server.now()
    // A clock that was set back says nothing about a token's age.
    if let current, current.text != rejected, now < current.until, now >= current.from { return current.text }
    if let failure, now >= failure.at, now.timeIntervalSince(failure.at) < Self.rest { throw failure.error }
    isBusy = true
    defer {
      isBusy = false
      let waiting = waiters
      waiters = []
      for waiter in waiting { waiter.resume() }
    }
    do {
      let fetched = try await fetch()
      current = fetched
      failure = nil
      return fetched.text
    } catch {
      if !(error is CancellationError) { failure = (error, server.now()) }
      throw error
    }
  }

  private func fetch() async throws -> (text: String, from: Date, until: Date) {
    let call = LarkCall(
      method: .post, path: ["auth", "v3", "tenant_access_token", "internal"],
      body: ["app_id": .string(app), "app_secret": .string(String(decoding: secret.bytes, as: UTF8.self))],
      purpose: "the question for an access token")
    let answer = try await server.value(call, token: nil)
    guard let text = answer["tenant_access_token"]?.string, !text.isEmpty else {
      throw server.malformed(call, "gives no token")
    }
    do throws(SecretError) {
      _ = try Secret(Array(text.utf8)).bearerToken()
    } catch {
      throw server.malformed(call, "gives a token that cannot be sent")
    }
    let life = min(max(answer["expire"]?.double ?? 7_200, 1), 86_400)
    let now = server.now()
    return (text, now, now.addingTimeInterval(max(life - Self.margin, life / 2)))
  }
}

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
  private let token: LarkToken
  private let state = Mutex(State())

  private static let listLife = 60.0

  init(server: LarkServer, app: String, secret: Secret) {
    self.server = server
    self.app = app
    token = LarkToken(server: server, app: app, secret: secret)
  }

  /// With the token, and once more with a new one where the old is not good (any more).
  func value(_ call: LarkCall) async throws -> JSONValue {
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
    guard let bot = answer["bot"]?["open_id"]?.string, !bot.isEmpty else { throw server.malformed(call, "names no bot") }
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

  /// - Returns: when the reply was first tried in this process; nil if never.
  func firstAttempt(_ key: String, at seconds: Double) -> Double? {
    state.withLock { state in
      if let first = state.attempts.value(for: key) { return first }
      state.attempts.set(seconds, for: key)
      return nil
    }
  }
}
