import Foundation
import HTTP
import JSON
import Support

/// One call of Lark's server API.
struct LarkCall: Sendable {
  var method: HTTPRequest.Method = .get
  /// Behind `/open-apis`; each is escaped.
  var path: [String]
  var query: [(name: String, value: String)] = []
  var body: JSONValue?
  /// What it is, for people.
  var purpose: String
}

/// Lark or Feishu, asked over HTTP.
struct LarkServer: Sendable {
  let channel: String
  /// Without a slash at the end.
  let base: String
  let http: HTTPClient
  let pace: RequestPace
  let now: @Sendable () -> Date

  /// - Throws: `LarkRefusal` for an answer that says no; `ChannelError` for none, or one that is not Lark's.
  func value(_ call: LarkCall, token: String?) async throws -> JSONValue {
    if call.method == .get { try await pace.take("reading") }
    var headers: HTTPHeaders = ["Accept": "application/json", "User-Agent": "greenroom"]
    if let token { headers.add(name: "Authorization", value: "Bearer \(token)") }
    if call.body != nil { headers.add(name: "Content-Type", value: "application/json; charset=utf-8") }
    let request = HTTPRequest(
      call.method, url: url(of: call), headers: headers, body: call.body?.serializedBytes())
    let response: HTTPResponse
    do {
      response = try await http.send(request)
    } catch let error as HTTPError {
      throw ChannelError(error, channel: channel)
    }
    let value = try? JSONValue.parse(response.body)
    guard response.status == 200, let value else {
      if response.status == 200 { throw malformed(call, "is not good JSON") }
      throw LarkRefusal(response, value, now: now())
    }
    guard let code = value["code"]?.int else { throw malformed(call, "has no code") }
    guard code == 0 else { throw LarkRefusal(response, value, now: now()) }
    return value
  }

  func malformed(_ call: LarkCall, _ problem: String) -> ChannelError {
    ChannelError(
      .malformed,
      "channel '\(channel)': Lark's answer to \(call.purpose) \(problem); check the channel's domain or api",
      isRetriable: true)
  }

  private func url(of call: LarkCall) -> String {
    PercentEncoding.url(base + "/open-apis", path: call.path, query: call.query)
  }
}
