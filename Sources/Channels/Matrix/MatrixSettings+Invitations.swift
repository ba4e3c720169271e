import Support

extension MatrixSettings {
  /// - Parameters:
  ///   - inviter: `@name:server`.
  ///   - user: the bot.
  func acceptsInvitations(from inviter: String, to user: String) -> Bool {
    guard let theirs = Self.server(of: inviter) else { return false }
    guard let inviters else { return theirs == Self.server(of: user) }
    return inviters.contains(inviter) || inviters.contains(theirs)
  }

  /// What stands behind the first colon.
  static func server(of user: String) -> String? {
    user.firstIndex(of: ":").map { String(user[user.index(after: $0)...]) }
  }
}
