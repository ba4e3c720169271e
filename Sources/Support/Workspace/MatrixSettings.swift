/// A Matrix homeserver (docs/matrix.md).
package struct MatrixSettings: Sendable, Hashable, Codable {
  package enum Authentication: Sendable, Hashable, Codable {
    /// Logged in with; the device that comes of it is kept in the data folder.
    case password(SecretSource)
    case accessToken(SecretSource)
  }

  /// Which messages of a room the bot takes as meant for it.
  package enum Answering: String, Sendable, Hashable, Codable, CaseIterable {
    case always
    /// When it is mentioned, replied to, or has written in the thread before.
    case addressed
    case never
  }

  package struct Room: Sendable, Hashable, Codable {
    /// Nil: as the kind of room has it.
    package var answering: Answering?
    package var agency: String?
    /// BCP 47.
    package var language: String?
    package var region: String?

    package init(answering: Answering? = nil, agency: String? = nil, language: String? = nil, region: String? = nil) {
      self.answering = answering
      self.agency = agency
      self.language = language
      self.region = region
    }
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
  package var groups: Answering
  /// By room id; these come before `groups`.
  package var rooms: [String: Room]
  /// People, most of them bots, whose messages are passed over.
  package var ignoredSenders: Set<String>
  /// Whether people see that their messages have been read.
  package var sendsReceipts: Bool
  /// Whether people see that an answer is being written.
  package var showsTyping: Bool

  package init(
    homeserver: String, user: String, authentication: Authentication, waitSeconds: Int = 30,
    inviters: Set<String>? = nil, groups: Answering = .addressed, rooms: [String: Room] = [:],
    ignoredSenders: Set<String> = [], sendsReceipts: Bool = true, showsTyping: Bool = true
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
  }
}
