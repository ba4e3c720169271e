import HTTPTypes
import Hummingbird

/// The two cookies of the chat page.
struct ChatCookies: Sendable {
  /// Whether browsers reach the server by TLS.
  let secure: Bool

  private static let halfYear = 180 * 24 * 60 * 60
  /// `__Host-`: no other host of the same domain can have set it.
  private var tokenName: String { secure ? "__Host-greenroom_chat" : "greenroom_chat" }
  private var memberName: String { secure ? "__Host-greenroom_member" : "greenroom_member" }

  func token(in request: Request) -> ChatToken? {
    ChatToken(cookie: request.cookies[tokenName]?.value)
  }

  func member(in request: Request) -> ChatMember? {
    ChatMember(cookie: request.cookies[memberName]?.value)
  }

  func set(_ token: ChatToken, on response: inout Response) {
    response.setCookie(cookie(tokenName, token.value))
  }

  func set(_ member: ChatMember, on response: inout Response) {
    response.setCookie(cookie(memberName, member.cookie))
  }

  private func cookie(_ name: String, _ value: String) -> Cookie {
    Cookie(
      name: name, value: value, maxAge: Self.halfYear, path: "/", secure: secure, httpOnly: true, sameSite: .strict)
  }
}

extension Request {
  /// Whether the page that sends this is one of ours.
  /// - Parameter publicOrigin: as in `ConsoleConfiguration`; without it the host that was asked must be the origin's.
  func isFromOwnPage(publicOrigin: String?) -> Bool {
    guard let origin = headers[.origin]?.lowercased() else { return false }
    if let publicOrigin { return origin == publicOrigin.lowercased() }
    guard let authority = head.authority?.lowercased() else { return false }
    return origin == "http://\(authority)" || origin == "https://\(authority)"
  }
}
