import Foundation
import HTTP
import JSON
import Support

/// One call of the API.
struct DiscordCall: Sendable {
  /// For people.
  enum Purpose: String, Sendable {
    case poll = "a poll"
    case reply = "a reply"
    case setUp = "a question about the bot's set-up"
    case courtesy = "a courtesy"
  }

  var method: HTTPRequest.Method = .get
  /// Behind the address, escaped, with a query where there is one.
  var path: String
  var body: JSONObject?
  var purpose: Purpose
  var timeout: Duration = .seconds(20)

  /// What shares a limit, in each room by itself: the method, and the path without numbers and signs.
  var route: String {
    let kinds = parts.enumerated().map { place, part in
      place == 1 || part.allSatisfy(\.isNumber) || part.hasPrefix("%") ? "…" : part
    }
    return "\(method.rawValue) \(kinds.joined(separator: "/"))"
  }

  /// The room or server that it is about.
  var resource: String { parts.prefix(2).joined(separator: "/") }

  private var parts: [Substring] { path.prefix { $0 != "?" }.split(separator: "/") }
}

/// Discord's API, asked over HTTP as a bot.
struct DiscordServer: Sendable {
  let channel: String
  let limits: DiscordLimits
  private let base: String
  private let authorization: String
  private let http: HTTPClient
  private let now: @Sendable () -> Date
  private let sleep: @Sendable (Duration) async throws -> Void

  /// A reply does not wait here for longer: the sender has other channels.
  private static let longestWait: Duration = .seconds(15)
  private static let mostAttempts = 3
  private static let mostBytes = 16 << 20

  /// - Throws: `ChannelSetupError` where the address or the token can be none; it does not show the token.
  init(
    channel: String, server: String, token: Secret, http: HTTPClient, now: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) throws(ChannelSetupError) {
    let base = try WebhookAddress.base(server, of: "server", channel: channel)
    do throws(SecretError) {
      authorization = "Bot \(try token.bearerToken())"
    } catch {
      throw ChannelSetupError(channel: channel, "token is not one of the Developer Portal's: \(error)")
    }
    self.channel = channel
    self.base = base
    self.http = http
    self.now = now
    self.sleep = sleep
    limits = DiscordLimits(now: now)
  }

  /// Waits where the server has said that calls of the kind have to, and asks again where it says so now, for some seconds.
  /// - Throws: `DiscordRefusal` for an answer that says no, or where the wait is too long for it; `ChannelError` for none.
  func bytes(_ call: DiscordCall) async throws -> [UInt8] {
    var attempts = 0
    while true {
      while let rest = limits.take(call) {
        // In a round through the rooms the others are not to wait for one, and a courtesy is worth no wait.
        guard call.purpose == .reply || call.purpose == .setUp, rest.wait <= Self.longestWait else {
          throw DiscordRefusal(
            status: 429, code: 0, retryAfter: rest.wait, isGlobal: rest.isGlobal, isOwnCaution: true)
        }
        try await sleep(rest.wait)
      }
      let response = try await answer(to: call)
      limits.note(response, to: call)
      if (200...299).contains(response.status) { return response.body }
      let refusal = DiscordRefusal(response, now: now())
      limits.note(refusal, to: call)
      attempts += 1
      // One that says nothing about when is left to the back-off of whoever asks.
      guard refusal.status == 429, call.purpose == .reply, attempts < Self.mostAttempts,
        let wait = refusal.retryAfter, wait <= Self.longestWait, !refusal.isGlobal
      else { throw refusal }
    }
  }

  func value(_ call: DiscordCall) async throws -> JSONValue {
    let body = try await bytes(call)
    do throws(JSONError) {
      return try JSONValue.parse(body)
    } catch {
      throw malformed(call, "is not good JSON: \(error)")
    }
  }

  /// A list, of which what cannot be read is set aside.
  func list(_ call: DiscordCall, setAside: inout [UnreadableMessage]) async throws -> [JSONValue] {
    let body = try await bytes(call)
    do throws(JSONError) {
      if let list = try JSONValue.parse(body).array { return list }
    } catch {
      if error.code != .outOfMemory, let whole = try? JSONPointer(""), let pieces = ArrayPieces(at: whole, in: body),
        body[pieces.whole.upperBound...].allSatisfy({ $0 <= 0x20 })
      {
        return pieces.elements.compactMap { element in
          if let value = try? JSONValue.parse(body[element]) { return value }
          setAside.append(
            MessageReader.unreadable(id: nil, reason: "the message is not good JSON", raw: body[element]))
          return nil
        }
      }
    }
    throw malformed(call, "is not a good list in JSON")
  }

  func malformed(_ call: DiscordCall, _ problem: String) -> ChannelError {
    ChannelError(
      .malformed,
      "channel '\(channel)': Discord's answer to \(call.purpose.rawValue) \(problem); check the channel's server",
      isRetriable: true)
  }

  private func answer(to call: DiscordCall) async throws -> HTTPResponse {
    // The form of the last is asked for by Discord; others are turned away.
    var headers: HTTPHeaders = [
      "Accept": "application/json", "Authorization": authorization,
      "User-Agent": "DiscordBot (https://greenroom.invalid, 1)",
    ]
    if call.body != nil { headers.add(name: "Content-Type", value: "application/json") }
    let request = HTTPRequest(
      call.method, url: "\(base)/\(call.path)", headers: headers,
      body: call.body.map { JSONValue.object($0).serializedBytes() } ?? (call.method == .get ? nil : []),
      timeout: call.timeout, stallTimeout: call.timeout, maximumResponseBody: Self.mostBytes)
    do {
      return try await http.send(request)
    } catch let error as HTTPError {
      throw ChannelError(error, channel: channel)
    }
  }
}
