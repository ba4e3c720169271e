/// What is to be done in one room of a channel, whatever server it is on.
package struct RoomSettings: Sendable, Hashable, Codable {
  /// Which messages of a room the bot takes as meant for it.
  package enum Answering: String, Sendable, Hashable, Codable, CaseIterable {
    case always
    /// When it is mentioned, replied to, or has written in the thread before.
    case addressed
    case never
  }

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
