/// A bot of Telegram's Bot API (docs/telegram.md).
package struct TelegramSettings: Sendable, Hashable, Codable {
  /// Which messages of a group the bot takes as meant for it, and what is known of one.
  package typealias Answering = MatrixSettings.Answering
  package typealias Room = MatrixSettings.Room

  /// Without a slash at the end; a Bot API server of one's own may stand elsewhere.
  package static let usualServer = "https://api.telegram.org"

  package var token: SecretSource
  package var server: String
  /// How long the server may hold a poll open, in seconds.
  package var waitSeconds: Int
  /// In groups and supergroups. Direct chats are always answered.
  package var groups: Answering
  /// By chat id, as digits; these come before `groups`.
  package var rooms: [String: Room]
  /// User ids, as digits, whose messages are passed over. Bots are, in any case.
  package var ignoredSenders: Set<String>
  /// Whether people see that an answer is being written.
  package var showsTyping: Bool

  package init(
    token: SecretSource, server: String = usualServer, waitSeconds: Int = 30, groups: Answering = .addressed,
    rooms: [String: Room] = [:], ignoredSenders: Set<String> = [], showsTyping: Bool = true
  ) {
    self.token = token
    self.server = server
    self.waitSeconds = waitSeconds
    self.groups = groups
    self.rooms = rooms
    self.ignoredSenders = ignoredSenders
    self.showsTyping = showsTyping
  }
}
