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
    var url = base + "/_matrix/client"
    for part in call.path { url += "/" + Self.escaped(part) }
    var separator = "?"
    for (name, value) in call.query {
      url += separator + name + "=" + Self.escaped(value)
      separator = "&"
    }
    return url
  }

  /// All but RFC 3986's unreserved characters as %XX. A part that is nothing but dots would be taken for a step.
  private static func escaped(_ text: String) -> String {
    let isSteps = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x7E: escaped.append(byte)
      case UInt8(ascii: ".") where !isSteps: escaped.append(byte)
      default:
        let digits = Array("0123456789ABCDEF".utf8)
        escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}
