package import Foundation
package import HTTP
import JSON
package import Support

/// A server of the chat webhook protocol (docs/webhook.md).
package struct WebhookChannel: Support.Channel {
  package let name: String
  private let pollAddress: WebhookAddress
  private let replyAddress: WebhookAddress
  private let waitSeconds: Int
  private let credentials: WebhookCredentials
  private let reader: PollReader
  private let http: HTTPClient
  private let now: @Sendable () -> Date

  /// Longer waits are asked for in pieces: proxies and servers cut idle connections.
  package static let longestWait = 300

  /// - Parameter http: may be shared by channels; it is not shut down here.
  /// - Parameter now: the clock that requests are signed by and that stands in for missing message times.
  /// - Throws: `ChannelSetupError` where an address or pointer is wrong, or a secret cannot be fetched.
  package init(
    name: String, settings: WebhookSettings, secrets: SecretReader, http: HTTPClient,
    now: @escaping @Sendable () -> Date
  ) throws(ChannelSetupError) {
    guard let pollAddress = WebhookAddress(settings.url) else {
      throw ChannelSetupError(channel: name, "url is not an absolute http or https address")
    }
    guard let replyAddress = WebhookAddress(settings.replyURL) else {
      throw ChannelSetupError(channel: name, "reply_url is not an absolute http or https address")
    }
    do throws(JSONPointerError) {
      let fields = try FieldPointers(settings.fields)
      _ = try fields.body(of: Self.everyField(channel: name))
      reader = PollReader(
        messages: MessageReader(channel: name, fields: fields, ignoredSenders: settings.ignoredSenders))
    } catch {
      throw ChannelSetupError(channel: name, "fields: \(error)")
    }
    credentials = try ChannelSetupError.naming("auth", of: name) { () throws(SecretError) in
      try settings.authentication.credentials(from: secrets)
    }
    self.name = name
    self.pollAddress = pollAddress
    self.replyAddress = replyAddress
    waitSeconds = min(max(settings.waitSeconds, 0), Self.longestWait)
    self.http = http
    self.now = now
  }

  package var longestPoll: TimeInterval { TimeInterval(waitSeconds) }

  package func poll(after cursor: String?) async throws -> Poll {
    let address = pollAddress.adding(["cursor": cursor, "wait": String(waitSeconds)])
    // The server may say nothing for as long as it may wait, and then needs time to say something.
    var request = HTTPRequest(
      .get, url: address.url, timeout: .seconds(waitSeconds + 60), stallTimeout: .seconds(waitSeconds + 20))
    request.headers = headers(for: request, address)
    let response = try await answer(to: request)
    if response.status == 204 { return Poll(cursor: cursor) }
    guard response.status == 200 else {
      throw ChannelError(response, channel: name, during: .poll, now: now())
    }
    do throws(PollReader.Problem) {
      return try reader.read(response.body, previous: cursor, now: now())
    } catch {
      throw ChannelError(
        .malformed,
        "channel '\(name)': the answer to a poll \(error.reason); check the server and the channel's fields",
        isRetriable: true)
    }
  }

  package func send(_ reply: OutgoingReply) async throws -> [String] {
    let body: JSONValue
    do throws(JSONPointerError) {
      body = try reader.messages.fields.body(of: reply)
    } catch {
      throw ChannelError(.refused, "channel '\(name)': fields: \(error)", isRetriable: false)
    }
    var request = HTTPRequest(.post, url: replyAddress.url, body: body.serializedBytes())
    request.headers = headers(for: request, replyAddress)
    request.headers.add(name: "Content-Type", value: "application/json")
    request.headers.add(name: "Idempotency-Key", value: reply.idempotencyKey)
    let response = try await answer(to: request)
    guard (200...299).contains(response.status) else {
      throw ChannelError(response, channel: name, during: .send, now: now())
    }
    // The protocol gives replies no ids.
    return []
  }

  /// Asks both addresses what they can do. Neither a poll, which would take messages from a server that hands each out once,
  /// nor a reply can be tried without leaving something behind.
  package func findings() async throws -> [ChannelFinding] {
    var findings: [ChannelFinding] = []
    for (key, address) in [("url", pollAddress), ("reply_url", replyAddress)] {
      var request = HTTPRequest(.options, url: address.url)
      request.headers = headers(for: request, address)
      findings.append(Self.finding(try await answer(to: request).status, key))
    }
    return findings
  }

  private static func finding(_ status: Int, _ key: String) -> ChannelFinding {
    switch status {
    case 401, 403:
      ChannelFinding(
        isGood: false, text: "The server does not take the credentials at '\(key)' (\(status)): check 'auth'.")
    case 404, 410:
      // Many servers know nothing but the requests that they are made for.
      ChannelFinding(
        isGood: true,
        text:
          "A server answers at '\(key)', and does not say what it takes there (\(status)): if the first poll or reply "
          + "fails, check the address.")
    case 300...399:
      ChannelFinding(
        isGood: false,
        text: "The server sends '\(key)' elsewhere (\(status)); redirects are not followed, set the new one.")
    case 500...:
      ChannelFinding(isGood: false, text: "The server failed at '\(key)' (\(status)): its log may say why.")
    default:
      ChannelFinding(
        isGood: true,
        text: "The server answers at '\(key)'. Whether it takes the credentials shows with the first message.")
    }
  }

  private func headers(for request: HTTPRequest, _ address: WebhookAddress) -> HTTPHeaders {
    var headers: HTTPHeaders = ["Accept": "application/json", "User-Agent": "greenroom"]
    for field in credentials.headers(for: request.method, address, body: request.body ?? [], at: now()) {
      headers.add(name: field.name, value: field.value)
    }
    return headers
  }

  private func answer(to request: HTTPRequest) async throws -> HTTPResponse {
    do {
      return try await http.send(request)
    } catch let error as HTTPError {
      throw ChannelError(error, channel: name)
    }
  }

  /// A reply that fills every field, to find pointers that are in each other's way before the first real one is sent.
  private static func everyField(channel: String) -> OutgoingReply {
    OutgoingReply(
      id: 0, conversation: ConversationID(channel: channel, room: "room", thread: "thread"), inReplyTo: "message",
      text: "text", author: "bot", idempotencyKey: "key")
  }
}
