/// Settings of a webhook channel that it cannot work with.
package struct WebhookSetupError: Error, Sendable, CustomStringConvertible {
  /// Which channel, which setting, and what to do.
  package var description: String

  init(channel: String, _ problem: String) {
    description = "channel '\(channel)': \(problem)"
  }
}
