import Foundation
import HTTP
import JSON
import Support

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
