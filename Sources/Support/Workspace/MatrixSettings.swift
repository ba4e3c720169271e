/// A Matrix homeserver (docs/matrix.md).
package struct MatrixSettings: Sendable, Hashable, Codable {
  package enum Authentication: Sendable, Hashable, Codable {
    /// Logged in with; the device that comes of it is kept in the data folder.
    case password(SecretSource)
    case accessToken(SecretSource)
  }

  /// The address that clients use, without `/_matrix`.
  package var homeserver: String
  /// `@name:server`.
  package var user: String
  package var authentication: Authentication
  /// How long the server may hold a poll open, in seconds.
  package var waitSeconds: Int
  /// Servers (`example.org`) and people (`@anna:example.org`) whose invitations are accepted; nil: those of the bot's own
  /// server.
  package var inviters: Set<String>?
  /// In rooms of more than two. Direct chats are always answered.
  package var groups: RoomSettings.Answering
  /// By room id; these come before `groups`.
  package var rooms: [String: RoomSettings]
  /// People, most of them bots, whose messages are passed over.
  package var ignoredSenders: Set<String>
  /// Whether people see that their messages have been read.
  package var sendsReceipts: Bool
  /// Whether people see that an answer is being written.
  package var showsTyping: Bool
  /// Whether answers from articles offer 👍 and 👎 to press. Each is an event of its own in the room, for good; people can
  /// give them without being offered any.
  package var offersThumbs: Bool
  package var canary: CanarySettings?

  package init(
    homeserver: String, user: String, authentication: Authentication, waitSeconds: Int = 30,
    inviters: Set<String>? = nil, groups: RoomSettings.Answering = .addressed, rooms: [String: RoomSettings] = [:],
    ignoredSenders: Set<String> = [], sendsReceipts: Bool = true, showsTyping: Bool = true,
    offersThumbs: Bool = false, canary: CanarySettings? = nil
  ) {
    self.homeserver = homeserver
    self.user = user
    self.authentication = authentication
    self.waitSeconds = waitSeconds
    self.inviters = inviters
    self.groups = groups
    self.rooms = rooms
    self.ignoredSenders = ignoredSenders
    self.sendsReceipts = sendsReceipts
    self.showsTyping = showsTyping
    self.offersThumbs = offersThumbs
    self.canary = canary
  }
}
