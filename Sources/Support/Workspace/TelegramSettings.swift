/// A bot of Telegram's Bot API (docs/telegram.md).
package struct TelegramSettings: Sendable, Hashable, Codable {
  /// Without a slash at the end; a Bot API server of one's own may stand elsewhere.
  package static let usualServer = "https://api.telegram.org"

  package var token: SecretSource
  package var server: String
  /// How long the server may hold a poll open, in seconds; at most 50.
  package var waitSeconds: Int
  /// In groups and supergroups. Direct chats are always answered.
  package var groups: RoomSettings.Answering
  /// By chat id, as digits; these come before `groups`.
  package var rooms: [String: RoomSettings]
  /// User ids, as digits, whose messages are passed over. Bots are, in any case.
  package var ignoredSenders: Set<String>
  /// Whether people see that an answer is being written.
  package var showsTyping: Bool
  /// Whether answers from articles offer 👍 and 👎 to press.
  package var offersThumbs: Bool

  package init(
    token: SecretSource, server: String = usualServer, waitSeconds: Int = 30,
    groups: RoomSettings.Answering = .addressed,
    rooms: [String: RoomSettings] = [:], ignoredSenders: Set<String> = [], showsTyping: Bool = true,
    offersThumbs: Bool = true
  ) {
    self.token = token
    self.server = server
    self.waitSeconds = waitSeconds
    self.groups = groups
    self.rooms = rooms
    self.ignoredSenders = ignoredSenders
    self.showsTyping = showsTyping
    self.offersThumbs = offersThumbs
  }
}
