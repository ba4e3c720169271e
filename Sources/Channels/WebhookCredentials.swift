import Foundation
import HTTP
import Sodium
import Support

/// How a webhook channel proves who it is.
enum WebhookCredentials: Sendable {
  case none
  case bearer(Secret)
  case hmac(Secret)

  /// The headers for one request.
  ///
  /// The signature is HMAC-SHA256, in hexadecimal, over four lines without a line break at the end: the time in Unix
  /// seconds, the method, path with query as in the request line, and SHA-256 of the body in hexadecimal.
  func headers(
    for method: HTTPRequest.Method, _ address: WebhookAddress, body: [UInt8], at now: Date
  ) -> [HTTPHeaders.Field] {
    switch self {
    case .none: return []
    case .bearer(let token):
      return [.init(name: "Authorization", value: "Bearer \(String(decoding: token.bytes, as: UTF8.self))")]
    case .hmac(let key):
      let time = String(Int(now.timeIntervalSince1970.rounded(.down)))
      let lines = [time, method.rawValue, address.target, SHA256.hexDigest(of: body)].joined(separator: "\n")
      let code = HMACSHA256.hexCode(for: Array(lines.utf8), key: key.bytes)
      return [
        .init(name: "X-Greenroom-Timestamp", value: time), .init(name: "X-Greenroom-Signature", value: "v1=\(code)"),
      ]
    }
  }
}

extension WebhookSettings.Authentication {
  /// - Throws: `SecretError`.
  func credentials(from secrets: SecretReader) throws(SecretError) -> WebhookCredentials {
    switch self {
    case .none: return .none
    case .hmac(let source): return .hmac(try secrets.read(source))
    case .bearer(let source):
      let token = try secrets.read(source)
      _ = try token.bearerToken()
      return .bearer(token)
    }
  }
}
