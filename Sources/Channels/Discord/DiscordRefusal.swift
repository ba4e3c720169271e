import Foundation
import HTTP
import JSON
import Support

/// An answer of Discord that says no: `{"code": 50001, "message": …}`, or for 429
/// `{"message": …, "retry_after": seconds, "global": …}`.
struct DiscordRefusal: Error, Sendable, Hashable {
  var status: Int
  /// Nil where the answer is none of the API's, as a proxy before a server gives it.
  var code: Int?
  var retryAfter: Duration?
  /// Whether all calls have to wait, not only those of the kind.
  var isGlobal = false
  /// Whether the server was not asked at all, because it had said before that nothing is left.
  var isOwnCaution = false

  static let unknownChannel = 10003
  static let unknownMessage = 10008
  static let missingAccess = 50001
  static let cannotEditOthers = 50005

  init(
    status: Int, code: Int? = nil, retryAfter: Duration? = nil, isGlobal: Bool = false, isOwnCaution: Bool = false
  ) {
    self.status = status
    self.code = code
    self.retryAfter = retryAfter
    self.isGlobal = isGlobal
    self.isOwnCaution = isOwnCaution
  }

  /// Whether it is about one room, and others may be well: where it is the API's own and neither the token nor all calls are
  /// meant.
  var concernsOneRoom: Bool { code != nil && status != 401 && !isGlobal }

  /// Whether trying again at once is of no use: somebody has to do something.
  var isForbidden: Bool { [400, 403, 404].contains(status) }

  init(_ response: HTTPResponse, now: Date) {
    status = response.status
    let body = try? JSONValue.parse(response.body)
    // What the server says beside the code may repeat what was sent, and is shown to nobody.
    code = body?["code"]?.int ?? (body?["message"]?.string == nil ? nil : 0)
    let seconds = body?["retry_after"]?.double.flatMap { $0.isFinite && $0 > 0 ? min($0, 1e9) : nil }
    retryAfter = seconds.map { .seconds($0) } ?? RetryAfter.duration(response.headers["Retry-After"], now: now)
    isGlobal =
      body?["global"]?.bool == true || response.headers["X-RateLimit-Global"]?.lowercased() == "true"
      || response.headers["X-RateLimit-Scope"] == "global"
  }
}

extension ChannelError {
  init(_ refusal: DiscordRefusal, channel: String, during purpose: DiscordCall.Purpose) {
    let code = refusal.code.flatMap { $0 == 0 ? nil : " (\($0))" } ?? ""
    let start = "channel '\(channel)': Discord answered \(refusal.status)\(code) to \(purpose.rawValue)"
    let isPoll = purpose != .reply
    func error(_ code: Code, _ advice: String, _ isRetriable: Bool, least: Duration? = nil) -> ChannelError {
      ChannelError(
        code, start + advice, isRetriable: isRetriable, retryAfter: refusal.retryAfter ?? least,
        concernsOneRoom: !isPoll && refusal.concernsOneRoom)
    }
    switch refusal.status {
    case 401:
      self = error(.unauthorized, "; the token is not good (any more), make a new one in the Developer Portal", true)
    case 403 where isPoll:
      self = error(.unauthorized, "; give the bot View Channel and Read Message History where it is to read", true)
    case 403: self = error(.refused, "; the bot may not write there, or is not in the server any more", false)
    case 404 where isPoll: self = error(.refused, "; check the ids of the channel's rooms", true)
    case 404: self = error(.refused, "; there is no such channel or thread any more", false)
    case 429: self = error(.rateLimited, ": it is asked too often", true, least: .seconds(1))
    case 408, 425: self = error(.unreachable, "", true)
    case 409: self = error(.conflict, "; it is tried again", true)
    case 413: self = error(.refused, "; what was sent is too long for it", false)
    case 500...599: self = error(.serverError, "; see discordstatus.com", true)
    case 300...399: self = error(.refused, "; redirects are not followed, set the new address", isPoll)
    default: self = error(.refused, "; check the channel's settings and the bot's rights", isPoll)
    }
  }
}
