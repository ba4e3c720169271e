import Foundation
import HTTP
import JSON
import Support

/// An answer of a homeserver that says no (Matrix client-server API, "Standard error response").
struct MatrixRefusal: Error, Sendable, Hashable {
  var status: Int
  /// `M_FORBIDDEN` and its like; nil where the answer is none of the protocol, as a proxy before a server gives it.
  var code: String?
  var retryAfter: Duration?

  /// Whether the token is the reason.
  var isAboutToken: Bool { status == 401 || ["M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"].contains(code) }

  var isTooLarge: Bool { status == 413 || code == "M_TOO_LARGE" }

  init(status: Int, code: String?, retryAfter: Duration? = nil) {
    self.status = status
    self.code = code
    self.retryAfter = retryAfter
  }

  init(_ response: HTTPResponse, now: Date) {
    status = response.status
    let body = try? JSONValue.parse(response.body)
    // What the server says beside the code may repeat what was sent, and is shown to nobody.
    code = body?["errcode"]?.string.flatMap { Self.isCode($0) ? $0 : nil }
    let milliseconds = body?["retry_after_ms"]?.double.flatMap { $0.isFinite && $0 > 0 ? min($0, 1e12) : nil }
    retryAfter =
      milliseconds.map { .seconds($0 / 1000) } ?? RetryAfter.duration(response.headers["Retry-After"], now: now)
  }

  private static func isCode(_ text: String) -> Bool {
    text.utf8.count <= 64 && !text.isEmpty
      && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || "._".utf8.contains($0) }
  }
}

extension ChannelError {
  /// - Parameter during: what was asked, for people: "a poll", "a reply".
  init(_ refusal: MatrixRefusal, channel: String, during: String, mayRepeat: Bool) {
    let status = "\(refusal.status)" + (refusal.code.map { " \($0)" } ?? "")
    let start = "channel '\(channel)': the homeserver answered \(status) to \(during)"
    func error(_ code: Code, _ advice: String, _ isRetriable: Bool) -> ChannelError {
      ChannelError(code, start + advice, isRetriable: isRetriable, retryAfter: refusal.retryAfter)
    }
    switch (refusal.status, refusal.code) {
    case (429, _), (_, "M_LIMIT_EXCEEDED"): self = error(.rateLimited, ": it is asked too often", true)
    case (_, "M_USER_DEACTIVATED"), (_, "M_USER_LOCKED"), (_, "M_USER_SUSPENDED"):
      self = error(.unauthorized, "; the bot's account is closed or locked, ask the server's administrator", true)
    case (401, _), (_, "M_UNKNOWN_TOKEN"), (_, "M_MISSING_TOKEN"):
      self = error(.unauthorized, "; the access token is not good any more, give the channel a new one", true)
    case (403, _):
      self = error(
        mayRepeat ? .unauthorized : .refused,
        mayRepeat
          ? "; check the bot's account" : "; the bot is not in the room any more, or may not write there", mayRepeat)
    case (408, _), (425, _): self = error(.unreachable, "", true)
    case (413, _), (_, "M_TOO_LARGE"): self = error(.refused, "; what was sent is too long for it", false)
    case (500..., _): self = error(.serverError, "; its log may say more", true)
    case (_, nil):
      // Not the homeserver's words: a proxy stands before it, and its server may be away.
      self = error(.serverError, "; that is no homeserver's answer, check the channel's homeserver", true)
    case (300...399, _): self = error(.refused, "; redirects are not followed, set the new address", mayRepeat)
    default: self = error(.refused, "; check the channel's homeserver and account", mayRepeat)
    }
  }
}
