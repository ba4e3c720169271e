/// One thing that was looked at in a channel's set-up: as it should be, or not.
package struct ChannelFinding: Sendable, Hashable {
  package var isGood: Bool
  /// What was found, and where that is not good what to do: sentences fit to show anyone, without secrets.
  package var text: String

  package init(isGood: Bool, text: String) {
    self.isGood = isGood
    self.text = text
  }
}

extension Channel {
  package func findings() async throws -> [ChannelFinding] { [] }
}
