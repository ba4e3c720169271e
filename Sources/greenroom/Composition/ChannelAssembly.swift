import Channels
import Foundation
import HTTP
import Support

/// Makes channels out of their settings: the one place that names the concrete ones.
struct ChannelAssembly: Sendable {
  let workspaceFolder: URL
  let dataFolder: URL
  let http: HTTPClient
  var environment = ProcessInfo.processInfo.environment

  /// - Throws: `ChannelSetupError`.
  func channel(_ settings: ChannelSettings) throws -> any Support.Channel {
    let secrets = SecretReader(environment: environment, folder: workspaceFolder)
    switch settings.kind {
    case .webhook(let webhook):
      return try WebhookChannel(
        name: settings.name, settings: webhook, secrets: secrets, http: http, now: { Date() })
    case .matrix(let matrix):
      return try MatrixChannel(
        name: settings.name, settings: matrix, secrets: secrets, folder: dataFolder, http: http, now: { Date() })
    case .slack(let slack):
      return try SlackChannel(name: settings.name, settings: slack, secrets: secrets, http: http, now: { Date() })
    case .lark(let lark):
      return try LarkChannel(name: settings.name, settings: lark, secrets: secrets, http: http, now: { Date() })
    case .telegram(let telegram):
      return try TelegramChannel(
        name: settings.name, settings: telegram, secrets: secrets, http: http, now: { Date() })
    case .discord(let discord):
      return try DiscordChannel(
        name: settings.name, settings: discord, secrets: secrets, http: http, now: { Date() },
        sleep: { try await Task.sleep(for: $0) })
    }
  }

  /// What a channel says of its credentials. A login that is made for it is kept in the data folder, for the bot to use.
  /// - Throws: `ChannelSetupError`, `ChannelError`, `Failure`, or `CancellationError`.
  func findings(_ settings: ChannelSettings) async throws -> [ChannelFinding] {
    let channel = try channel(settings)
    if case .matrix = settings.kind {
      let path = dataFolder.path(percentEncoded: false)
      do {
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      } catch {
        throw Failure("The data folder \(path) cannot be made: check its parent folder, or name another with --data.")
      }
    }
    return try await channel.findings()
  }
}
