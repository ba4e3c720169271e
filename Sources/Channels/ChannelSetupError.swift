/// Settings of a channel that it cannot work with.
package struct ChannelSetupError: Error, Sendable, CustomStringConvertible {
  /// Which channel, which setting, and what to do.
  package var description: String

  init(channel: String, _ problem: String) {
    description = "channel '\(channel)': \(problem)"
  }
}
