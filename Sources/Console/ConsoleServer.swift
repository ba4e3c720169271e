package import Foundation
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
package import Support

/// The web server: the embedded chat, its webhook for the bot, and health.
package struct ConsoleServer: Service {
  private let configuration: ConsoleConfiguration
  private let chat: any ChatRoomStore
  private let health: @Sendable () async -> HealthReport
  private let now: @Sendable () -> Date
  private let logger: Logger
  private let onListening: @Sendable (_ port: Int) async -> Void

  /// - Parameters:
  ///   - chat: the truth about every conversation; the server keeps none of it.
  ///   - health: asked at every `GET /health`.
  ///   - onListening: called once connections are taken, with the port that was bound.
  package init(
    configuration: ConsoleConfiguration, chat: any ChatRoomStore, health: @escaping @Sendable () async -> HealthReport,
    now: @escaping @Sendable () -> Date, logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.chat = chat
    self.health = health
    self.now = now
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until graceful shutdown or cancellation. Event streams and waiting polls end at once.
  /// - Throws: `ConsoleServerError` when the address cannot be listened on.
  package func run() async throws {
    let (configuration, onListening) = (configuration, onListening)
    // The framework's own start-up lines would stand beside the composition root's.
    var frameworkLogger = logger
    frameworkLogger.logLevel = max(logger.logLevel, .notice)
    let application = Application(
      router: try router(),
      server: .http1(configuration: .init(idleTimeout: TimeAmount(configuration.limits.idleTimeout))),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: MaximumAvailableConnections(configuration.limits.connections)),
      onServerRunning: { channel in await onListening(channel.localAddress?.port ?? configuration.port) },
      logger: frameworkLogger)
    do {
      try await application.run()
    } catch let error as IOError {
      throw ConsoleServerError(listening: error.errnoCode, host: configuration.host, port: configuration.port)
    } catch let error as SocketAddressError {
      logger.debug("The address could not be resolved", metadata: ["error": "\(error)"])
      throw ConsoleServerError(
        .noSuchAddress,
        "Cannot listen on '\(configuration.host)': there is no such address. Use 127.0.0.1 for this machine only, or 0.0.0.0 for all networks."
      )
    }
  }

  private func router() throws -> Router<ConsoleContext> {
    let pages = try Pages()
    let room = ChatRoom(limits: configuration.limits)
    let router = Router(context: ConsoleContext.self)
    router.add(middleware: GuardedResponses(pages: pages, workspaceName: configuration.workspaceName))
    FrontRoutes(pages: pages, workspaceName: configuration.workspaceName, health: health).add(to: router)
    ChatRoutes(
      configuration: configuration, pages: pages, store: chat, room: room,
      rate: SendingRate(burst: configuration.limits.burst, perSecond: configuration.limits.messagesPerSecond), now: now
    ).add(to: router)
    WebhookRoutes(configuration: configuration, store: chat, room: room, now: now).add(to: router)
    return router
  }
}

extension ConsoleServerError {
  /// - Parameter errno: why `bind` or `listen` failed.
  init(listening errno: CInt, host: String, port: Int) {
    switch errno {
    case EADDRINUSE:
      self.init(
        .portInUse,
        "Cannot listen on \(host):\(port): another program uses this port. Stop it, or choose another port (chat.port in greenroom.yml)."
      )
    case EACCES, EPERM:
      self.init(
        .notAllowed,
        "Cannot listen on \(host):\(port): this user may not use that port. Choose one above 1023 (chat.port in greenroom.yml)."
      )
    case EADDRNOTAVAIL:
      self.init(
        .noSuchAddress,
        "Cannot listen on \(host):\(port): this machine has no such address. Use 127.0.0.1 for this machine only, or 0.0.0.0 for all networks."
      )
    default:
      self.init(.failed, "Cannot listen on \(host):\(port): \(String(cString: strerror(errno))).")
    }
  }
}
