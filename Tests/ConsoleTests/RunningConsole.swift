import Console
import Foundation
import Logging
import ServiceLifecycle
import Support
import Synchronization
import TestSupport

/// A real server on a free port, with a store in memory and a clock that stands still.
struct RunningConsole: Sendable {
  let client: WebClient
  let store: InMemoryChatRoomStore
  let clock: SetClock
  /// Asks the server to shut down gracefully.
  let shutDown: @Sendable () async -> Void

  static let token = "test-webhook-token"
  static let bearer = ("Authorization", "Bearer \(token)")

  /// A clock that shows what it was set to.
  final class SetClock: Sendable {
    private let moment: Mutex<Date>
    init(_ moment: Date) { self.moment = Mutex(moment) }
    var now: Date { moment.withLock { $0 } }
    func advance(by seconds: TimeInterval) { moment.withLock { $0 += seconds } }
  }

  static func configuration(_ change: (inout ConsoleConfiguration) -> Void = { _ in }) -> ConsoleConfiguration {
    var configuration = ConsoleConfiguration(
      port: 0, workspaceName: { "Northlight" }, regions: { ["EU", "US"] }, webhookToken: token)
    change(&configuration)
    return configuration
  }

  /// Runs `use` against the server and shuts it down afterwards.
  static func run(
    _ configuration: ConsoleConfiguration = configuration(), health: HealthReport = .sample,
    _ use: @Sendable (RunningConsole) async throws -> Void
  ) async throws {
    let store = InMemoryChatRoomStore()
    let clock = SetClock(Date(timeIntervalSince1970: 1_795_000_000))
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = ConsoleServer(
      configuration: configuration, chat: store, health: { health }, now: { clock.now }, logger: logger,
      onListening: { port.yield($0) })
    let group = ServiceGroup(services: [server], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask {
        defer { port.finish() }
        try await group.run()
      }
      if let bound = await ports.first(where: { _ in true }) {
        let running = RunningConsole(
          client: WebClient(port: bound), store: store, clock: clock,
          shutDown: { await group.triggerGracefulShutdown() })
        do {
          try await use(running)
        } catch {
          await group.triggerGracefulShutdown()
          throw error
        }
        await group.triggerGracefulShutdown()
      }
      try await tasks.waitForAll()
    }
  }
}

extension HealthReport {
  static let sample = HealthReport(
    channels: [], backlog: Backlog(undecided: 0, unsent: 0, held: 0), workspaceVersion: "abc123", workspaceProblems: 0,
    matching: MatchingHealth(encoders: [.init(name: "minilm-l6-v2", state: .loaded, detail: "v1")], cache: .kept),
    startedAt: Date(timeIntervalSince1970: 1_794_999_000), at: Date(timeIntervalSince1970: 1_795_000_000))
}
