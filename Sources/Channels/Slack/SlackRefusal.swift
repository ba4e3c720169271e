import Foundation
import HTTP
import JSON
import Support

/// An answer of Slack that says no: `{"ok": false, "error": "…"}`, or a status other than 200.
struct SlackRefusal: Error, Sendable, Hashable {
  var status: Int
  /// `channel_not_found` and its like; nil where the answer is not Slack's.
  var code: String?
  /// The scope that the app lacks.
  var needed: String?
  var retryAfter: Duration?

  /// Slack always says how long; without that, as long as its limits are counted over.
  private static let usualWait = Duration.seconds(30)

  init(status: Int = 200, code: String?, needed: String? = nil, retryAfter: Duration? = nil) {
    self.status = status
    self.code = code
    self.needed = needed
    self.retryAfter = retryAfter
  }

  init(_ response: HTTPResponse, now: Date) {
    status = response.status
    let body = try? JSONValue.parse(response.body)
    // What else it says may repeat what was sent, and is shown to nobody.
    code = body?["error"]?.string.flatMap { Self.isName($0) ? $0 : nil }
    needed = body?["needed"]?.string.flatMap { Self.isName($0) ? $0 : nil }
    retryAfter = RetryAfter.duration(response.headers["Retry-After"], now: now)
    if retryAfter == nil, isRateLimit { retryAfter = Self.usualWait }
  }

  var isRateLimit: Bool { status == 429 || Self.limits.contains(code ?? "") }

  /// Whether only this one room is meant.
  var isAboutRoom: Bool { Self.rooms.contains(code ?? "") }

  /// Whether it may go without blocks.
  var isAboutBlocks: Bool { Self.blocks.contains(code ?? "") }

  /// Whether it may go without metadata.
  var isAboutMetadata: Bool { Self.metadata.contains(code ?? "") }

  var isAboutToken: Bool { [401, 403].contains(status) || Self.tokens.contains(code ?? "") }

  var isOwnFault: Bool { status >= 500 || Self.troubles.contains(code ?? "") }

  private static let limits: Set = ["ratelimited", "rate_limited", "message_limit_exceeded"]
  private static let rooms: Set = [
    "channel_not_found", "not_in_channel", "is_archived", "method_not_supported_for_channel_type", "invalid_channel",
  ]
  private static let blocks: Set = ["msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format"]
  private static let metadata: Set = [
    "invalid_metadata_format", "invalid_metadata_schema", "metadata_must_be_sent_from_app", "metadata_too_large",
  ]
  private static let tokens: Set = [
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "no_permission",
    "missing_scope", "org_login_required", "ekm_access_denied", "access_denied", "accesslimited",
    "team_access_not_granted", "not_allowed_token_type", "two_factor_setup_required", "invalid_token",
  ]
  private static let troubles: Set = [
    "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org",
  ]

  static let known = limits.union(rooms).union(blocks).union(metadata).union(tokens).union(troubles)

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100
      && text.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "_:.,-".utf8.contains($0)
      }
  }

  fileprivate var kind: ChannelError.Code {
    if isRateLimit { return .rateLimited }
    if isAboutToken { return .unauthorized }
    return isOwnFault ? .serverError : .refused
  }
}

extension ChannelError {
  /// - Parameter mayRepeat: whether asking again can help where the answer is no: it is nobody's message that is refused.
  init(_ refusal: SlackRefusal, channel: String, during: String, mayRepeat: Bool) {
    let said = refusal.code ?? "\(refusal.status)"
    let start = "channel '\(channel)': Slack answered \(said) to \(during)"
    let advice: String
    switch (refusal.kind, refusal.code) {
    case (.rateLimited, _): advice = ": it is asked too often"
    case (.unauthorized, "missing_scope"):
      advice = "; give the app the scope \(refusal.needed ?? "it lacks") and install it again"
    case (.unauthorized, _): advice = "; the token is not good (any more), install the app again and set its new token"
    case (.serverError, _): advice = "; see status.slack.com"
    case (_, "not_in_channel"): advice = "; invite the bot to the channel"
    case (_, "channel_not_found"): advice = "; the bot cannot see the channel: check its id, and invite the bot"
    case (_, "is_archived"): advice = "; the channel is archived"
    case (_, "msg_too_long"), (_, "msg_blocks_too_long"): advice = "; what was sent is too long for it"
    case (_, "duplicate_message_not_found"), (_, "duplicate_channel_not_found"):
      advice = ": it has taken this message before, and it is there no more; somebody may have deleted it"
    case (_, let code?) where code.hasPrefix("restricted_action"):
      advice = "; the workspace or the channel does not let the bot write there"
    case (_, nil): advice = "; that is not Slack's answer, check the channel's api"
    default: advice = "; see Slack's page of the method"
    }
    // Without Slack's own words it was a proxy, and the server behind it may come back.
    let isRetriable = refusal.kind != .refused || mayRepeat || (refusal.code == nil && refusal.status >= 400)
    self.init(refusal.kind, start + advice, isRetriable: isRetriable, retryAfter: refusal.retryAfter)
  }
}
