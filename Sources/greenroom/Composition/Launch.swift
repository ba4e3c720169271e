import Bot
import Channels
import Console
import Foundation
import HTTP
import Ledger
import Logging
import Matching
import ServiceLifecycle
import Sodium
import Support
import UnixSignals
import Workspace

/// The composition root: puts concrete channels, store and pages together and runs them until told to stop.
struct Launch {
  let options: WorkspaceOptions
  let settings: RunSettings
  let content: WorkspaceContent
  let problems: [Problem]
  let usesEncoders: Bool
  let usesCache: Bool
  let logger: Logger

  func run() async throws {
    ResidentMemory.keepFewHeaps()
    let http = try HTTPClient()
    // Before anything is made on disk: a secret that is missing should leave nothing behind.
    let channels = ChannelAssembly(workspaceFolder: options.folder, dataFolder: settings.data, http: http)
    let configured = try content.settings.channels.map { try channels.channel($0) }
    try checkChannels()
    let lock = try DataFolderLock(folder: settings.data)
    defer { withExtendedLifetime(lock) {} }
    let ledger = try SQLiteLedger(folder: settings.data)
    // After the lock, which makes the data folder: what is worked out now is kept there.
    let assembly = MatcherAssembly(
      dataFolder: settings.data, workspaceFolder: options.folder, usesEncoders: usesEncoders, usesCache: usesCache)
    let live = LiveWorkspace(
      firstMatcher(assembly, corrections: try await ledger.corrections()), problems: problems)
    let services = services(ledger: ledger, http: http, configured: configured, live: live, assembly: assembly)
    warmUp(live.matcher)
    ResidentMemory.giveBack()
    let group = ServiceGroup(
      configuration: .init(
        services: services.map {
          .init(service: $0, successTerminationBehavior: .ignore, failureTerminationBehavior: .gracefullyShutdownGroup)
        },
        gracefulShutdownSignals: [.sigint, .sigterm], logger: quiet))
    do {
      try await group.run()
    } catch {
      await http.shutdown()
      try? ledger.close()
      throw error
    }
    await http.shutdown()
    // After a clean stop the ledger is one file again, which can be copied by itself.
    try ledger.close()
  }

  /// What only first decisions need, such as the names of countries, is worked out before memory is given back and before
  /// somebody waits for it.
  private func warmUp(_ matcher: Matcher) {
    var rehearsal = Rehearsal(matcher, at: Date())
    let question = content.intents.lazy.compactMap(\.examples.first?.text).first ?? "How do I get help?"
    // The second is compared with the ways to go on about the first, in all languages.
    for text in [question, question] { _ = rehearsal.say(text) }
  }

  /// Says on the log and, in words for people, on the terminal how messages are matched.
  private func firstMatcher(_ assembly: MatcherAssembly, corrections: [Correction]) -> Matcher {
    let line = MatcherProgressLine()
    let started = ContinuousClock.now
    let matcher = assembly.matcher(of: content, corrections: corrections) { line.show($0) }
    line.clear()
    let health = assembly.health(of: content.settings.matching)
    let seconds = (ContinuousClock.now - started).inSeconds
    var metadata: Logger.Metadata = [
      "mode": "\(health.mode.rawValue)", "seconds": "\((seconds * 100).rounded() / 100)",
      "encoders": .array(health.encoders.filter { $0.state == .loaded }.map { "\($0.name)" }),
    ]
    if case .failing(let reason) = health.cache { metadata["cache"] = "\(reason)" }
    if let shortcoming = health.shortcoming {
      logger.warning("\(shortcoming)", metadata: metadata)
      Terminal.note("\n  \(Terminal.harmless(shortcoming))")
    } else {
      logger.info("The matcher is ready.", metadata: metadata)
    }
    return matcher
  }

  private func checkChannels() throws {
    if content.settings.channels.isEmpty, !content.settings.chat.enabled {
      throw Failure("There is nothing to poll: greenroom.yml names no channel and the embedded chat is turned off.")
    }
    guard content.settings.chat.enabled,
      let taken = content.settings.channels.first(where: { $0.name == EmbeddedChannel.name })
    else { return }
    throw Failure(
      "\(taken.location): The channel name 'chat' is the embedded chat's: rename this channel, or set chat: {enabled: false}."
    )
  }

  /// Everything that runs, in the order in which it starts.
  private func services(
    ledger: SQLiteLedger, http: HTTPClient, configured: [any Support.Channel], live: LiveWorkspace,
    assembly: MatcherAssembly
  ) -> [any Service] {
    let health = HealthBoard()
    var channels = configured
    var services: [any Service] = []
    if content.settings.chat.enabled {
      let promise = Promise<WebhookChannel>()
      let token = RandomToken.hex(bytes: 32)
      services.append(
        console(ledger: ledger, live: live, assembly: assembly, health: health, token: token) {
          [settings, logger] port in
          do {
            promise.fulfil(try Self.embedded(token: token, host: settings.host, port: port, http: http))
            Self.announce(host: settings.host, port: port, data: settings.data)
          } catch {
            logger.error("The embedded chat cannot be polled: \(error)")
          }
        })
      channels.append(EmbeddedChannel(promise))
    }
    services += botServices(
      ledger: ledger.waiting(), channels: channels, configured: configured, live: live, health: health)
    services.append(
      WorkspaceWatcher(
        folder: options.folder, settingsFile: options.settingsFile, live: live, matchers: assembly.source,
        corrections: ledger, logger: logger))
    services.append(ResidentMemory.Keeper())
    return services
  }

  /// Polls, decisions and sends: they wait more than they work, and take turns on one thread.
  private func botServices(
    ledger: SQLiteLedger, channels: [any Support.Channel], configured: [any Support.Channel], live: LiveWorkspace,
    health: HealthBoard
  ) -> [any Service] {
    let thread = ServiceThread()
    let environment = thread.environment
    let arrivals = Signal()
    let replies = Signal()
    let echoes = Echoes()
    let lulls = Lulls()
    var services: [any Service] = channels.map {
      Poller(
        channel: $0, ledger: ledger, arrivals: arrivals, health: health, echoes: echoes, lulls: lulls,
        environment: environment, logger: logger)
    }
    services += zip(content.settings.channels, configured).compactMap { settings, channel in
      settings.kind.canary.map {
        Canary(
          channel: channel, settings: $0, echoes: echoes, health: health, environment: environment, logger: logger)
      }
    }
    services.append(
      Decider(
        ledger: ledger, workspace: live, arrivals: arrivals, replies: replies, health: health,
        environment: environment, logger: logger))
    services.append(
      Sender(
        channels: channels, ledger: ledger, replies: replies, health: health, lulls: lulls, environment: environment,
        logger: logger))
    services.append(
      LedgerWatcher(ledger: ledger, arrivals: arrivals, replies: replies, environment: environment))
    return services.map(thread.service)
  }

  /// The service group tells of every step of its own; nobody needs that at the usual level.
  private var quiet: Logger {
    var logger = logger
    if logger.logLevel == .info { logger.logLevel = .warning }
    return logger
  }

  /// The client of the embedded chat: the one for any vendor's server, with the token that this start made.
  private static func embedded(token: String, host: String, port: Int, http: HTTPClient) throws -> WebhookChannel {
    let name = "the embedded chat's token"
    let base = base(host: host, port: port)
    return try WebhookChannel(
      name: EmbeddedChannel.name,
      settings: WebhookSettings(
        url: "\(base)/chat/webhook/messages", replyURL: "\(base)/chat/webhook/replies",
        authentication: .bearer(.environment(name))),
      secrets: SecretReader(environment: [name: token], folder: URL(filePath: ".")), http: http, now: { Date() })
  }

  /// Whatever the outside world calls this machine, the bot finds its own server on the loopback.
  private static func base(host: String, port: Int) -> String {
    switch host {
    case "0.0.0.0": "http://127.0.0.1:\(port)"
    case "::": "http://[::1]:\(port)"
    case let host where host.contains(":"): "http://[\(host)]:\(port)"
    case let host: "http://\(host):\(port)"
    }
  }

  private static func announce(host: String, port: Int, data: URL) {
    let base = base(host: host, port: port)
    Terminal.note(
      """

        Greenroom is running.
        Chat    \(base)/chat
        Health  \(base)/health
        Data    \(data.path(percentEncoded: false))
        Stop it with Ctrl-C.

      """)
  }

  private func console(
    ledger: SQLiteLedger, live: LiveWorkspace, assembly: MatcherAssembly, health: HealthBoard, token: String,
    onListening: @escaping @Sendable (Int) async -> Void
  ) -> ConsoleServer {
    let startedAt = Date()
    return ConsoleServer(
      configuration: ConsoleConfiguration(
        host: settings.host, port: settings.port, workspaceName: { live.matcher.content.settings.name },
        regions: { live.matcher.content.regions }, webhookToken: token),
      chat: ledger,
      health: {
        HealthReport(
          channels: health.channels, backlog: try? await ledger.backlog(), queues: (try? await ledger.queues()) ?? [],
          ledgerError: health.ledgerError, workspaceVersion: live.matcher.content.version,
          workspaceProblems: live.snapshot.problems.filter { $0.severity == .error }.count,
          matching: assembly.health(of: live.matcher.content.settings.matching), startedAt: startedAt, at: Date())
      },
      now: { Date() }, logger: logger, onListening: onListening)
  }
}

extension WorkspaceContent {
  /// Every region that an article holds in, for people to choose from.
  fileprivate var regions: [String] { Set(articles.flatMap(\.regions)).sorted() }
}
