import ArgumentParser
import Configuration
import Foundation
import Logging
import Support

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Start the bot: poll, decide, send; with the embedded chat page.",
    discussion: """
      Runs until Ctrl-C. Whatever stops it, and however: started again, it goes on where it was.
      Every flag can be given in the environment as well (GREENROOM_DATA, GREENROOM_CHAT_HOST, GREENROOM_CHAT_PORT, \
      GREENROOM_LOG_LEVEL) or, where it makes sense, in greenroom.yml. Flags go before the environment, that before the file.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var matching: MatchingOptions
  @Option(name: .long, help: "Address to listen on (127.0.0.1).")
  var host: String?
  @Option(name: .long, help: "Port of the chat page (8080); 0 takes a free one.")
  var port: Int?
  @Option(name: .long, help: "trace, debug, info, warning or error.")
  var logLevel: String?

  func validate() throws {
    if let port, !(0...65_535).contains(port) { throw ValidationError("--port must be between 0 and 65535.") }
    if let logLevel, Logger.Level(rawValue: logLevel) == nil {
      throw ValidationError("--log-level must be trace, debug, info, warning or error.")
    }
  }

  func run() async throws {
    try await reporting {
      let (content, problems) = try workspace.load()
      let settings = RunSettings(flags: flags, settings: content.settings, workspace: workspace.folder)
      LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
      var logger = Logger(label: "greenroom")
      logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .info
      logger.info(
        "The workspace is read.",
        metadata: [
          "version": "\(content.version)", "intents": "\(content.intents.count)",
          "articles": "\(content.articles.count)",
          "warnings": "\(problems.count)",
        ])
      let launch = Launch(
        options: workspace, settings: settings, content: content, problems: problems,
        usesEncoders: !matching.noModels, usesCache: !matching.noCache, logger: logger)
      try await launch.run()
    }
  }

  private var flags: [AbsoluteConfigKey: ConfigValue] {
    var flags: [AbsoluteConfigKey: ConfigValue] = [:]
    if let data = matching.data.data { flags[["data"]] = .init(.string(data), isSecret: false) }
    if let host { flags[["chat", "host"]] = .init(.string(host), isSecret: false) }
    if let port { flags[["chat", "port"]] = .init(.int(port), isSecret: false) }
    if let logLevel { flags[["log", "level"]] = .init(.string(logLevel), isSecret: false) }
    return flags
  }
}
