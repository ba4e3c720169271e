/// How much one sender may write in one conversation before the bot stops answering each message.
package struct FloodSettings: Sendable, Hashable, Codable {
  /// In a row of `seconds`; 0 for no limit. Far more than people write: it is there for scripts and accidents.
  package var messages: Int
  package var seconds: Int

  package init(messages: Int = 1_000, seconds: Int = 60) {
    self.messages = messages
    self.seconds = seconds
  }
}
