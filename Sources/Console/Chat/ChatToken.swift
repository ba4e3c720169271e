import Sodium

/// What makes a browser the owner of a conversation: 256 random bits in an HttpOnly cookie. Whatever leaves the browser
/// and this server is derived from it one-way, so that neither logs nor the bot ever hold what opens the conversation.
struct ChatToken: Sendable, Hashable {
  let value: String

  /// A new one.
  init() { value = RandomToken.hex(bytes: 32) }

  /// From a cookie; nil where it cannot be one of ours.
  init?(cookie: String?) {
    guard let cookie, cookie.utf8.count == 64,
      cookie.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { return nil }
    value = cookie
  }

  /// The conversation's id, for the store, the bot and logs.
  var conversation: String { "chat-" + derived("conversation", length: 32) }
  /// The member's id, for the bot.
  var memberID: String { "member-" + derived("member", length: 16) }
  /// What a page must send along with every change: another site can neither read nor compute it.
  var antiForgery: String { derived("anti-forgery", length: 64) }

  private func derived(_ purpose: String, length: Int) -> String {
    String(SHA256.hexDigest(of: "greenroom \(purpose) \(value)".utf8).prefix(length))
  }
}
