import Foundation
import HTTP
import JSON
import Support

/// One call of the Bot API.
struct TelegramCall: Sendable {
  /// For people.
  enum Purpose: String, Sendable {
    case poll = "a poll"
    case reply = "a reply"
    case edit = "the edit of a reply"
    case setUp = "a question about the bot's set-up"
    case courtesy = "a courtesy"
  }

  var method: String
  var body: JSONObject = [:]
  var purpose: Purpose
  /// Whether repeating it does no harm: what came of it when the connection broke does not matter then.
  var repeatsSafely = true
  var timeout: Duration = .seconds(30)
}

/// The Bot API, asked over HTTP. The token stands in the address: no error here shows more of that than scheme and host.
struct TelegramServer: Sendable {
  let channel: String
  /// With the token; without a slash at the end.
  private let base: String
  private let http: HTTPClient
  private let now: @Sendable () -> Date

  /// - Throws: `ChannelSetupError` where the address or the token can be none; it does not show either.
  init(
    channel: String, server: String, token: Secret, http: HTTPClient, now: @escaping @Sendable () -> Date
  ) throws(ChannelSetupError) {
    let base = try WebhookAddress.base(server, of: "server", channel: channel)
    let words = String(decoding: token.bytes, as: UTF8.self)
    let parts = words.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      parts[1].utf8.count >= 10, parts[1].utf8.count <= 200,
      parts[1].utf8.allSatisfy({ byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
      })
    else {
      throw ChannelSetupError(
        channel: channel, "token is not one of @BotFather's, which are digits, a colon, and letters")
    }
    self.channel = channel
    self.base = "\(base)/bot\(words)/"
    self.http = http
    self.now = now
  }

  /// - Returns: the answer's bytes.
  /// - Throws: `TelegramRefusal` for an answer that says no; `ChannelError` for none.
  func bytes(_ call: TelegramCall) async throws -> [UInt8] {
    let request = HTTPRequest(
      .post, url: base + call.method,
      headers: ["Accept": "application/json", "Content-Type": "application/json", "User-Agent": "greenroom"],
      body: JSONValue.object(call.body).serializedBytes(), timeout: call.timeout, stallTimeout: call.timeout,
      isSentOnce: !call.repeatsSafely)
    let response: HTTPResponse
    do {
      response = try await http.send(request)
    } catch let error as HTTPError {
      throw failure(error, call)
    }
    guard response.status == 200 else {
      throw TelegramRefusal(response, try? JSONValue.parse(response.body), now: now())
    }
    return response.body
  }

  /// - Returns: the answer's `result`.
  func result(_ call: TelegramCall) async throws -> JSONValue {
    let bytes = try await bytes(call)
    let answer: JSONValue
    do throws(JSONError) {
      answer = try JSONValue.parse(bytes)
    } catch {
      throw malformed(call, "is not good JSON")
    }
    return try result(of: answer, call)
  }

  func result(of answer: JSONValue, _ call: TelegramCall) throws -> JSONValue {
    if answer["ok"]?.bool == false { throw TelegramRefusal(HTTPResponse(status: 200), answer, now: now()) }
    guard answer["ok"]?.bool == true, let result = answer["result"] else {
      throw malformed(call, "is not one of the Bot API")
    }
    return result
  }

  func malformed(_ call: TelegramCall, _ problem: String) -> ChannelError {
    let advice = call.repeatsSafely ? "check the channel's server" : Self.uncertainty
    return ChannelError(
      .malformed, "channel '\(channel)': the answer to \(call.purpose.rawValue) \(problem); \(advice)",
      isRetriable: call.repeatsSafely)
  }

  private static let uncertainty = "nobody knows whether the reply is there, look into the chat"

  private func failure(_ error: HTTPError, _ call: TelegramCall) -> ChannelError {
    var failure = ChannelError(error, channel: channel)
    guard !call.repeatsSafely else { return failure }
    switch error.code {
    case .cannotResolve, .cannotConnect, .tls, .badURL, .badHeader: break
    case .shutDown: break
    default:
      failure.isRetriable = false
      failure.description += "; \(Self.uncertainty)"
    }
    return failure
  }
}
