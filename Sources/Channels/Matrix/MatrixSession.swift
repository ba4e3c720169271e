import Foundation
import HTTP
import JSON
import Sodium
import Support

/// Who the bot is on its homeserver, and the token that proves it.
struct MatrixIdentity: Sendable, Hashable {
  var user: String
  var token: String
  /// As people see it; nil where it has set none.
  var displayName: String?
}

/// Logs in, once, and again when the token has ceased to be good.
actor MatrixSession {
  enum Credentials: Sendable {
    case password(Secret)
    case accessToken(String)
  }

  private let server: MatrixServer
  private let user: String
  private let credentials: Credentials
  private let file: MatrixStateFile
  private var current: MatrixIdentity?
  private var isBusy = false
  private var waiters: [CheckedContinuation<Void, Never>] = []
  /// Many replies may find at once that the token is not good; the server hears of it once.
  private var failure: (error: ChannelError, at: Date)?

  /// In seconds: how long a login that failed is not tried again.
  private static let rest: TimeInterval = 5

  init(server: MatrixServer, user: String, credentials: Credentials, file: MatrixStateFile) {
    self.server = server
    self.user = user
    self.credentials = credentials
    self.file = file
  }

  /// - Parameter rejected: a token that the server did not take.
  /// - Throws: `ChannelError`, or `CancellationError`.
  func identity(rejected: String? = nil) async throws -> MatrixIdentity {
    while isBusy { await withCheckedContinuation { waiters.append($0) } }
    if let current, current.token != rejected { return current }
    if let failure, server.now().timeIntervalSince(failure.at) < Self.rest, server.now() >= failure.at {
      throw failure.error
    }
    isBusy = true
    defer {
      isBusy = false
      let waiting = waiters
      waiters = []
      for waiter in waiting { waiter.resume() }
    }
    do {
      let identity = try await establish(rejected: rejected)
      current = identity
      failure = nil
      return identity
    } catch let error as ChannelError {
      if error.code == .unauthorized || error.code == .rateLimited { failure = (error, server.now()) }
      throw error
    }
  }

  private func establish(rejected: String?) async throws -> MatrixIdentity {
    switch credentials {
    case .accessToken(let token):
      let user = try await owner(of: token)
      return MatrixIdentity(user: user, token: token, displayName: try await displayName(of: user, token))
    case .password(let password):
      let (user, token) = try await device(password, rejected: rejected)
      return MatrixIdentity(user: user, token: token, displayName: try await displayName(of: user, token))
    }
  }

  private func owner(of token: String) async throws -> String {
    let call = MatrixCall(path: ["v3", "account", "whoami"], purpose: "the question who the bot is", mayRepeat: true)
    do {
      let answer = try await server.value(call, token: token)
      guard let user = answer["user_id"]?.string else { throw server.malformed(call, "names no user") }
      guard user == self.user else {
        throw ChannelError(
          .unauthorized, "channel '\(server.channel)': the access token belongs to another user than the one in 'user'",
          isRetriable: true)
      }
      return user
    } catch let refusal as MatrixRefusal {
      throw ChannelError(refusal, channel: server.channel, during: call.purpose, mayRepeat: true)
    }
  }

  private func device(_ password: Secret, rejected: String?) async throws -> (user: String, token: String) {
    do {
      let kept = try file.read()
      var state = MatrixStateFile.State(homeserver: server.base, user: user, device: "", token: nil)
      if let kept, kept.user == user, kept.homeserver == server.base { state = kept }
      if let token = state.token, token != rejected { return (user, token) }
      if state.device.isEmpty {
        // Kept before the server hears of it: a device that is forgotten could say things twice.
        state.device = "GREENROOM" + RandomToken.hex(bytes: 8).uppercased()
        state.token = nil
        try file.write(state)
      }
      state.token = try await login(password, device: state.device)
      try file.write(state)
      return (user, state.token ?? "")
    } catch let problem as MatrixStateFile.Problem {
      throw ChannelError(.refused, "channel '\(server.channel)': \(problem.reason)", isRetriable: true)
    }
  }

  private func login(_ password: Secret, device: String) async throws -> String {
    let call = MatrixCall(
      method: .post, path: ["v3", "login"],
      body: [
        "type": "m.login.password", "identifier": ["type": "m.id.user", "user": .string(user)],
        "password": .string(String(decoding: password.bytes, as: UTF8.self)), "device_id": .string(device),
        "initial_device_display_name": "Greenroom",
      ], purpose: "the login", mayRepeat: true)
    do {
      let answer = try await server.value(call, token: nil)
      guard let token = answer["access_token"]?.string, answer["user_id"]?.string == user else {
        throw server.malformed(call, "gives no token for \(user)")
      }
      _ = try Secret(Array(token.utf8)).bearerToken()
      return token
    } catch let refusal as MatrixRefusal where refusal.status == 403 && refusal.code == "M_FORBIDDEN" {
      throw ChannelError(
        .unauthorized,
        "channel '\(server.channel)': the homeserver does not take the bot's user and password; check both",
        isRetriable: true)
    } catch let refusal as MatrixRefusal {
      throw ChannelError(refusal, channel: server.channel, during: call.purpose, mayRepeat: true)
    } catch is SecretError {
      throw server.malformed(call, "gives a token that cannot be sent")
    }
  }

  /// Old clients mention people by name only. Without it the bot works as well.
  private func displayName(of user: String, _ token: String) async throws -> String? {
    let call = MatrixCall(path: ["v3", "profile", user, "displayname"], purpose: "the question for its name")
    do {
      return try await server.value(call, token: token)["displayname"]?.string
    } catch is MatrixRefusal, is ChannelError {
      return nil
    }
  }
}
