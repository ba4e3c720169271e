import Foundation
import HTTP
import JSON
import Support

/// An answer of Lark that says no: `{"code": 230002, "msg": "…"}`, often under status 400.
struct LarkRefusal: Error, Sendable, Hashable {
  var status: Int
  /// Nil where the answer is not Lark's.
  var code: Int?
  var retryAfter: Duration?
  /// Scopes of which one would be enough.
  var needed: [String] = []

  /// Limits are counted over a second or a minute.
  private static let usualWait = Duration.seconds(5)

  init(_ response: HTTPResponse, _ body: JSONValue?, now: Date) {
    status = response.status
    // What it says beside the code may repeat what was sent, and is shown to nobody.
    code = body?["code"]?.int
    needed = (body?["error"]?["permission_violations"]?.array ?? []).prefix(10).compactMap { violation in
      violation["subject"]?.string.flatMap { LarkScope.isName($0) ? $0 : nil }
    }
    retryAfter =
      RetryAfter.duration(response.headers["x-ogw-ratelimit-reset"], now: now)
      ?? RetryAfter.duration(response.headers["Retry-After"], now: now)
    if retryAfter == nil, isRateLimit { retryAfter = Self.usualWait }
  }

  /// 230020: five messages a second into one group, from all of its bots together, or to one person.
  var isLimitOfRoom: Bool { code == 230_020 }

  /// 99991400: of the app; 230020: of the room or person; 11232: of all bots.
  var isRateLimit: Bool { status == 429 || [99_991_400, 230_020, 11_232, 11_233, 11_247].contains(code) }

  /// Whether a new access token can help: 99991663 invalid, 99991664 expired, 99991661 missing, 99991671 of wrong form.
  var isAboutToken: Bool { [99_991_661, 99_991_663, 99_991_664, 99_991_671].contains(code) }

  /// The app's id or secret, or what it may do: 99991672 and 230027 lack a scope, 99991401 is an address that is shut out,
  /// 230006 an app without its bot, 10003…10015 and 99991543 a wrong id or secret.
  var isAboutApp: Bool {
    [401, 403].contains(status) || isAboutToken
      || [
        99_991_672, 99_991_679, 99_991_401, 230_027, 230_006, 10_003, 10_005, 10_012, 10_013, 10_014, 10_015,
        99_991_543,
      ]
      .contains(code)
  }

  /// 230002, 232011: the bot is not in the room; 232006, 232009, 230110: there is no such room any more.
  var isAboutRoom: Bool { [230_002, 232_011, 232_006, 232_009, 230_110].contains(code) }

  var isTooLong: Bool { code == 230_025 }

  /// The message to answer is there no more: 230011 taken back, 230110 deleted, 230019 thread gone, 230050 hidden.
  var isTargetGone: Bool { [230_011, 230_110, 230_019, 230_050].contains(code) }

  /// 230049: the same message is on its way; 1500…, 2200 and 5xxxx: its own trouble.
  fileprivate var isOwnFault: Bool {
    status >= 500 || [230_049, 2_200, 1_500, 1_551, 1_642, 55_001, 190_005].contains(code)
  }

  fileprivate var kind: ChannelError.Code {
    if isRateLimit { return .rateLimited }
    if isAboutApp { return .unauthorized }
    return isOwnFault ? .serverError : .refused
  }
}

extension ChannelError {
  /// - Parameter mayRepeat: whether asking again can help where the answer is no: it is nobody's message that is refused.
  init(_ refusal: LarkRefusal, channel: String, during: String, mayRepeat: Bool) {
    let said = refusal.code.map { "\($0)" } ?? "\(refusal.status)"
    let start = "channel '\(channel)': Lark answered \(said) to \(during)"
    let advice: String
    switch (refusal.kind, refusal.code) {
    case (.rateLimited, _): advice = ": it is asked too often"
    case (.unauthorized, 99_991_672), (.unauthorized, 230_027), (.unauthorized, 99_991_679):
      let scopes = refusal.needed.isEmpty ? "the scopes of docs/lark.md" : refusal.needed.joined(separator: " or ")
      advice = "; give the app \(scopes) and publish a new version of it"
    case (.unauthorized, 230_006): advice = "; turn on the app's bot and publish a new version of it"
    case (.unauthorized, _): advice = "; check app_id, app_secret and domain, and that the app is published"
    case (.serverError, _): advice = "; it is tried again"
    case (_, 230_002), (_, 232_011): advice = "; add the bot to the group"
    case (_, 230_025): advice = "; what was sent is too long for it"
    case (_, 230_013): advice = "; the person is outside of those the app is available to"
    case (_, nil): advice = "; that is not Lark's answer, check the channel's domain or api"
    default: advice = "; see Lark's page of the error code"
    }
    let isRetriable = refusal.kind != .refused || mayRepeat || (refusal.code == nil && refusal.status >= 400)
    self.init(
      refusal.kind, start + advice, isRetriable: isRetriable, retryAfter: refusal.retryAfter,
      concernsOneRoom: refusal.isLimitOfRoom)
  }
}
