/// A Slack workspace (docs/slack.md).
package struct SlackSettings: Sendable, Hashable, Codable {
  /// The bot's token, `xoxb-…`.
  package var token: SecretSource
  /// Without a slash at the end; another one for GovSlack.
  package var api: String
  /// In channels and group chats. Direct chats are always answered.
  package var groups: RoomSettings.Answering
  /// By channel id; these come before `groups`.
  package var rooms: [String: RoomSettings]
  /// Whether every channel that the bot is a member of is read, and not only those in `rooms`.
  package var findsRooms: Bool
  /// Whether what is asked in a channel is answered in a thread under it.
  package var repliesInThreads: Bool
  /// How often each method that reads may be called.
  package var requestsPerMinute: Int
  /// Members, most of them bots, whose messages are passed over.
  package var ignoredSenders: Set<String>
  /// Whether answers from articles offer 👍 and 👎 to press.
  package var offersThumbs: Bool
  package var canary: CanarySettings?

  package static let usualAPI = "https://slack.com/api"

  package init(
    token: SecretSource, api: String = usualAPI, groups: RoomSettings.Answering = .addressed,
    rooms: [String: RoomSettings] = [:], findsRooms: Bool = true, repliesInThreads: Bool = true,
    requestsPerMinute: Int = 45, ignoredSenders: Set<String> = [], offersThumbs: Bool = true,
    canary: CanarySettings? = nil
  ) {
    self.token = token
    self.api = api
    self.groups = groups
    self.rooms = rooms
    self.findsRooms = findsRooms
    self.repliesInThreads = repliesInThreads
    self.requestsPerMinute = requestsPerMinute
    self.ignoredSenders = ignoredSenders
    self.offersThumbs = offersThumbs
    self.canary = canary
  }
}
