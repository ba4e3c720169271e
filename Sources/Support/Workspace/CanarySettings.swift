/// A room in which the bot looks for what it has just written there itself.
package struct CanarySettings: Sendable, Hashable, Codable {
  /// The server's id of a room that is there for this alone.
  package var room: String
  /// In seconds.
  package var every: Int

  package static let usualEvery = 300

  package init(room: String, every: Int = usualEvery) {
    self.room = room
    self.every = every
  }
}

extension ChannelSettings.Kind {
  /// Nil where none is set, and on servers that show a bot nothing of its own.
  package var canary: CanarySettings? {
    switch self {
    case .matrix(let settings): settings.canary
    case .slack(let settings): settings.canary
    case .lark(let settings): settings.canary
    case .discord(let settings): settings.canary
    case .telegram, .webhook: nil
    }
  }
}
