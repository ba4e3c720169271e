import Foundation
import HTTP
import JSON
import Support

/// One call of Slack's Web API.
struct SlackCall: Sendable {
  /// `conversations.history` and its like.
  var method: String
  var query: [(name: String, value: String)] = []
  /// Nil for what only reads.
  var body: JSONValue?
  /// What it is, for people.
  var purpose: String
}

/// Slack's Web API over HTTP.
struct SlackServer: Sendable {
  let channel: String
  let base: String
  let token: String
  let http: HTTPClient
  let pace: RequestPace
  let now: @Sendable () -> Date

  /// - Throws: `SlackRefusal` for an answer that says no; `ChannelError` for none, or one that is not Slack's.
  func value(_ call: SlackCall) async throws -> JSONValue { try await answer(call).value }

  /// With its headers, which say what the token may do.
  func answer(_ call: SlackCall) async throws -> (value: JSONValue, headers: HTTPHeaders) {
    if call.body == nil { try await pace.take(call.method) }
    var headers: HTTPHeaders = [
      "Accept": "application/json", "User-Agent": "greenroom", "Authorization": "Bearer \(token)",
    ]
    if call.body != nil { headers.add(name: "Content-Type", value: "application/json; charset=utf-8") }
    let request = HTTPRequest(
      call.body == nil ? .get : .post, url: url(of: call), headers: headers, body: call.body?.serializedBytes(),
      isSentOnce: call.body != nil)
    let response: HTTPResponse
    do {
      response = try await http.send(request)
    } catch let error as HTTPError {
      throw ChannelError(error, channel: channel)
    }
    guard response.status == 200 else { throw SlackRefusal(response, now: now()) }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue.parse(response.body)
    } catch {
      throw malformed(call, "is not good JSON: \(error)")
    }
    switch value["ok"]?.bool {
    case true?: return (value, response.headers)
    case false?: throw SlackRefusal(response, now: now())
    case nil: throw malformed(call, "does not say whether it is ok")
    }
  }

  func malformed(_ call: SlackCall, _ problem: String) -> ChannelError {
    ChannelError(
      .malformed, "channel '\(channel)': Slack's answer to \(call.purpose) \(problem); check the channel's api",
      isRetriable: true)
  }

  private func url(of call: SlackCall) -> String {
    PercentEncoding.url("\(base)/\(call.method)", query: call.query)
  }
}
