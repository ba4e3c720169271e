/// Settings of a channel that it cannot work with.
package struct ChannelSetupError: Error, Sendable, CustomStringConvertible {
  /// Which channel, which setting, and what to do.
  package var description: String

  init(channel: String, _ problem: String) {
    description = "channel '\(channel)': \(problem)"
  }

  /// What `fetch` fetches; what is wrong with a secret is said of its setting.
  static func naming<Value>(
    _ setting: String, of channel: String, _ fetch: () throws(SecretError) -> Value
  ) throws(ChannelSetupError) -> Value {
    do throws(SecretError) {
      return try fetch()
    } catch {
      throw ChannelSetupError(channel: channel, "\(setting): \(error)")
    }
  }
}
