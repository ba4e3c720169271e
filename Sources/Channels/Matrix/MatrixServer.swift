import Foundation
import HTTP
import JSON
import Support

/// One call of the client-server API.
struct MatrixCall: Sendable {
  var method: HTTPRequest.Method = .get
  /// Behind `/_matrix/client`; each is escaped.
  var path: [String]
  var query: [(name: String, value: String)] = []
  var body: JSONValue?
  /// What it is, for people.
  var purpose: String
  /// Whether asking again later can help where the server says no: it is nobody's message that is refused.
  var mayRepeat = false
  var timeout: Duration = .seconds(30)
  var maximumBody = HTTPRequest.usualResponseBody
}

/// A homeserver, asked over HTTP.
struct MatrixServer: Sendable {
  let channel: String
  /// Without a slash at the end.
  let base: String
  let http: HTTPClient
  let now: @Sendable () -> Date

  /// Deeper than people nest things, and than homeservers themselves can read.
  static let depth = 1024

  /// - Throws: `MatrixRefusal` for an answer that says no; `ChannelError` for none, or one that is no HTTP.
  func bytes(_ call: MatrixCall, token: String?) async throws -> [UInt8] {
    var headers: HTTPHeaders = ["Accept": "application/json", "User-Agent": "greenroom"]
    if let token { headers.add(name: "Authorization", value: "Bearer \(token)") }
    if call.body != nil { headers.add(name: "Content-Type", value: "application/json") }
    let request = HTTPRequest(
      call.method, url: url(of: call), headers: headers, body: call.body?.serializedBytes(), timeout: call.timeout,
      stallTimeout: call.timeout, maximumResponseBody: call.maximumBody)
    let response: HTTPResponse
    do {
      response = try await http.send(request)
    } catch let error as HTTPError {
      throw ChannelError(error, channel: channel)
    }
    guard response.status == 200 else { throw MatrixRefusal(response, now: now()) }
    return response.body
  }

  /// As `bytes`, read as JSON.
  func value(_ call: MatrixCall, token: String?) async throws -> JSONValue {
    let body = try await bytes(call, token: token)
    do throws(JSONError) {
      return try JSONValue.parse(body, maximumDepth: Self.depth)
    } catch {
      throw malformed(call, "is not good JSON: \(error)")
    }
  }

  func malformed(_ call: MatrixCall, _ problem: String) -> ChannelError {
    ChannelError(
      .malformed,
      "channel '\(channel)': the homeserver's answer to \(call.purpose) \(problem); check the channel's homeserver",
      isRetriable: true)
  }

  private func url(of call: MatrixCall) -> String {
    PercentEncoding.url(base + "/_matrix/client", path: call.path, query: call.query)
  }
}
