/// An app of Lark or Feishu (docs/lark.md).
package struct LarkSettings: Sendable, Hashable, Codable {
  /// `cli_…`.
  package var appID: String
  package var appSecret: SecretSource
  /// Without a slash at the end: Lark's, or Feishu's, which are apart.
  package var api: String
  /// In group chats. Direct chats, which `rooms` must name, are always answered.
  package var groups: RoomSettings.Answering
  /// By chat id; these come before `groups`.
  package var rooms: [String: RoomSettings]
  /// Whether every group that the bot is in is read, and not only those in `rooms`.
  package var findsRooms: Bool
  package var requestsPerMinute: Int
  /// People, by their open ids, whose messages are passed over.
  package var ignoredSenders: Set<String>
  /// Whether answers from articles offer 👍 and 👎 to press.
  package var offersThumbs: Bool
  package var canary: CanarySettings?

  package static let lark = "https://open.larksuite.com"
  package static let feishu = "https://open.feishu.cn"

  package init(
    appID: String, appSecret: SecretSource, api: String = lark, groups: RoomSettings.Answering = .addressed,
    rooms: [String: RoomSettings] = [:], findsRooms: Bool = true, requestsPerMinute: Int = 300,
    ignoredSenders: Set<String> = [], offersThumbs: Bool = true, canary: CanarySettings? = nil
  ) {
    self.appID = appID
    self.appSecret = appSecret
    self.api = api
    self.groups = groups
    self.rooms = rooms
    self.findsRooms = findsRooms
    self.requestsPerMinute = requestsPerMinute
    self.ignoredSenders = ignoredSenders
    self.offersThumbs = offersThumbs
    self.canary = canary
  }
}
