/// One thing that a channel has found out about its credentials and what they allow.
package struct ChannelFinding: Sendable, Hashable {
  /// Whether all is well with it.
  package var isGood: Bool
  /// What was found and, where it is not well, what to do: fit to show anyone, without secrets.
  package var text: String

  package init(isGood: Bool, text: String) {
    self.isGood = isGood
    self.text = text
  }
}

extension Channel {
  package func findings() async throws -> [ChannelFinding] { [] }
}
