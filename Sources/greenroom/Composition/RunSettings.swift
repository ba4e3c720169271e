import Configuration
import Foundation
import Support

/// What `greenroom run` needs to know: flags over environment over greenroom.yml, which has its own defaults.
struct RunSettings {
  let data: URL
  let host: String
  let port: Int
  let logLevel: String

  /// - Parameter flags: those that were given, by key.
  init(flags: [AbsoluteConfigKey: ConfigValue], settings: Settings, workspace: URL) {
    let reader = ConfigReader(providers: [
      InMemoryProvider(name: "command line", values: flags),
      // GREENROOM_DATA, GREENROOM_CHAT_HOST, GREENROOM_CHAT_PORT, GREENROOM_LOG_LEVEL
      EnvironmentVariablesProvider().prefixKeys(with: ["greenroom"]),
      InMemoryProvider(
        name: "greenroom.yml",
        values: [
          ["chat", "host"]: .init(.string(settings.chat.host), isSecret: false),
          ["chat", "port"]: .init(.int(settings.chat.port), isSecret: false),
        ]),
    ])
    if let folder = reader.string(forKey: "data") {
      data = URL(filePath: folder, directoryHint: .isDirectory)
    } else {
      data = URL(filePath: settings.store.folder, directoryHint: .isDirectory, relativeTo: workspace)
    }
    host = reader.string(forKey: "chat.host", default: settings.chat.host)
    port = reader.int(forKey: "chat.port", default: settings.chat.port)
    logLevel = reader.string(forKey: "log.level", default: "info")
  }
}
