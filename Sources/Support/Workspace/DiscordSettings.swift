/// A bot of Discord that reads and writes in the channels it is told of (docs/discord.md).
package struct DiscordSettings: Sendable, Hashable, Codable {
  /// With the version of the API, without a slash at the end.
  package static let usualServer = "https://discord.com/api/v10"

  package var token: SecretSource
  package var server: String
  /// By channel id, as digits: what is polled.
  package var rooms: [String: RoomSettings]
  /// Where a room does not say.
  package var answering: RoomSettings.Answering
  /// Whether threads below those channels are read as well.
  package var readsThreads: Bool
  /// In seconds: how long to wait after a look that found nothing.
  package var pauseSeconds: Int
  /// In seconds: how often the newest messages are looked at again, for edits, deletions and thumbs. 0 for never.
  package var reviewSeconds: Int
  /// User ids, as digits, whose messages are passed over. Bots and webhooks are, in any case.
  package var ignoredSenders: Set<String>
  /// Whether people see that an answer is being written.
  package var showsTyping: Bool
  /// Whether answers from articles offer 👍 and 👎 to press.
  package var offersThumbs: Bool
  package var canary: CanarySettings?

  package init(
    token: SecretSource, server: String = usualServer, rooms: [String: RoomSettings],
    answering: RoomSettings.Answering = .addressed,
    readsThreads: Bool = true, pauseSeconds: Int = 2, reviewSeconds: Int = 30, ignoredSenders: Set<String> = [],
    showsTyping: Bool = true, offersThumbs: Bool = true, canary: CanarySettings? = nil
  ) {
    self.token = token
    self.server = server
    self.rooms = rooms
    self.answering = answering
    self.readsThreads = readsThreads
    self.pauseSeconds = pauseSeconds
    self.reviewSeconds = reviewSeconds
    self.ignoredSenders = ignoredSenders
    self.showsTyping = showsTyping
    self.offersThumbs = offersThumbs
    self.canary = canary
  }
}
