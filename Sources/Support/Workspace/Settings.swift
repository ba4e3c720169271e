/// `greenroom.yml`: every key is optional, and these are the defaults.
package struct Settings: Sendable, Hashable, Codable {
  /// Shown on pages and in reports.
  package var name: String
  /// Default language of intents, articles and replies, BCP 47.
  package var language: String
  package var channels: [ChannelSettings]
  package var chat: ChatSettings
  package var store: StoreSettings
  package var matching: MatchingSettings
  package var desk: DeskSettings
  package var serviceLevels: ServiceLevels
  package var reports: ReportSettings
  package var flood: FloodSettings

  package init(
    name: String = "Greenroom", language: String = "en", channels: [ChannelSettings] = [],
    chat: ChatSettings = ChatSettings(), store: StoreSettings = StoreSettings(),
    matching: MatchingSettings = MatchingSettings(),
    desk: DeskSettings = DeskSettings(), serviceLevels: ServiceLevels = ServiceLevels(),
    reports: ReportSettings = ReportSettings(), flood: FloodSettings = FloodSettings()
  ) {
    self.name = name
    self.language = language
    self.channels = channels
    self.chat = chat
    self.store = store
    self.matching = matching
    self.desk = desk
    self.serviceLevels = serviceLevels
    self.reports = reports
    self.flood = flood
  }
}

/// The embedded chat page.
package struct ChatSettings: Sendable, Hashable, Codable {
  package var enabled: Bool
  /// Address to listen on; loopback unless the owner says otherwise.
  package var host: String
  package var port: Int

  package init(enabled: Bool = true, host: String = "127.0.0.1", port: Int = 8080) {
    self.enabled = enabled
    self.host = host
    self.port = port
  }
}

package struct StoreSettings: Sendable, Hashable, Codable {
  /// The data folder, relative to the workspace folder or absolute: ledger, lock and the chat's own token.
  package var folder: String

  package init(folder: String = "var") {
    self.folder = folder
  }
}

package struct ReportSettings: Sendable, Hashable, Codable {
  /// IANA name: in which weeks and days are counted.
  package var timeZone: String

  package init(timeZone: String = "UTC") {
    self.timeZone = timeZone
  }
}

/// Where a secret is kept; never the secret itself.
package enum SecretSource: Sendable, Hashable, Codable {
  case environment(String)
  /// A path, relative to the workspace folder or absolute.
  case file(String)
}

/// One chat server to poll.
package struct ChannelSettings: Sendable, Hashable, Codable {
  package enum Kind: Sendable, Hashable, Codable {
    case webhook(WebhookSettings)
    case matrix(MatrixSettings)
    case slack(SlackSettings)
    case lark(LarkSettings)
    case telegram(TelegramSettings)
    case discord(DiscordSettings)
  }

  /// Unique; appears in logs and health.
  package var name: String
  package var kind: Kind
  package var location: SourceLocation

  package init(name: String, kind: Kind, location: SourceLocation) {
    self.name = name
    self.kind = kind
    self.location = location
  }
}

/// A server of the chat webhook protocol (docs/webhook.md).
package struct WebhookSettings: Sendable, Hashable, Codable {
  package enum Authentication: Sendable, Hashable, Codable {
    case none
    /// `Authorization: Bearer …`
    case bearer(SecretSource)
    /// HMAC-SHA256 over timestamp, method, path with query, and body.
    case hmac(SecretSource)
  }

  package var url: String
  package var replyURL: String
  package var authentication: Authentication
  /// How long the server may hold a poll open, in seconds.
  package var waitSeconds: Int
  /// Ids of senders whose messages are passed over: the bot's own account, where the server gives its replies back, and
  /// other bots, which would answer for ever.
  package var ignoredSenders: Set<String>
  package var fields: FieldMap

  package init(
    url: String, replyURL: String, authentication: Authentication = .none, waitSeconds: Int = 25,
    ignoredSenders: Set<String> = [], fields: FieldMap = FieldMap()
  ) {
    self.url = url
    self.replyURL = replyURL
    self.authentication = authentication
    self.waitSeconds = waitSeconds
    self.ignoredSenders = ignoredSenders
    self.fields = fields
  }

  /// JSON pointers (RFC 6901) to the protocol's fields, so that a vendor's own shape can be read without code.
  package struct FieldMap: Sendable, Hashable, Codable {
    // Into the answer to a poll.
    package var messages = "/messages"
    package var cursor = "/cursor"
    // Into one message.
    package var id = "/id"
    package var conversation = "/conversation"
    package var agency = "/agency"
    package var senderID = "/sender/id"
    package var senderName = "/sender/name"
    package var text = "/text"
    package var time = "/time"
    package var thread = "/thread"
    package var replyTo = "/reply_to"
    package var editOf = "/edit_of"
    package var attachments = "/attachments"
    package var language = "/language"
    package var region = "/region"
    // Into one attachment.
    package var attachmentName = "/name"
    package var attachmentURL = "/url"
    package var attachmentType = "/type"
    package var attachmentSize = "/size"
    // Into the reply that is posted.
    package var replyConversation = "/conversation"
    package var replyThread = "/thread"
    package var replyInReplyTo = "/in_reply_to"
    package var replyText = "/text"
    package var replyAuthor = "/author"

    package init() {}
  }
}
