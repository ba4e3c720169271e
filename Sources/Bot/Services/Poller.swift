import Foundation
package import Logging
import ServiceLifecycle
package import Support

/// Polls one channel for ever and writes what it brings into the ledger, cursor and all, before the server hears of it.
package struct Poller: Service {
  let channel: any Channel
  let ledger: any MessageLedger
  let arrivals: Signal
  let health: HealthBoard
  let echoes: Echoes
  let lulls: Lulls?
  let environment: Environment
  let logger: Logger
  private let courtesies = Courtesies()

  /// With so many of a channel's messages undecided its poll waits: the server keeps them better than a queue would.
  private static let mostUndecided = 5_000
  private static let quietMoment: Duration = .milliseconds(500)
  /// A server that answers at once with nothing is not asked again at once.
  private static let shortestRound: TimeInterval = 0.5
  /// So long a server that has brought messages is not asked for more while replies to it are made and sent.
  private static let longestBreath: Duration = .milliseconds(100)

  package init(
    channel: any Channel, ledger: any MessageLedger, arrivals: Signal, health: HealthBoard,
    echoes: Echoes = Echoes(), lulls: Lulls? = nil, environment: Environment = .live, logger: Logger
  ) {
    self.channel = channel
    self.ledger = ledger
    self.arrivals = arrivals
    self.health = health
    self.echoes = echoes
    self.lulls = lulls
    self.environment = environment
    self.logger = logger
  }

  package func run() async throws {
    health.started(channel.name, longestPoll: channel.longestPoll, at: environment.now())
    try await cancelWhenGracefulShutdown {
      var backOff = BackOff()
      var random = SystemRandomNumberGenerator()
      while !Task.isCancelled {
        do {
          try await pollOnce()
          backOff.reset()
        } catch {
          // A channel that gives up by itself is tried again: only the task's own end is the end.
          if Task.isCancelled { return }
          let pause = try note(error, next: { backOff.next(retryAfter: $0, using: &random) })
          try? await environment.sleep(pause)
        }
      }
    }
  }

  /// One round: waits for messages, takes them in, and says so.
  package func pollOnce() async throws {
    while try await ledger.undecidedCount(of: channel.name) > Self.mostUndecided {
      try await environment.sleep(.milliseconds(200))
    }
    let started = environment.now()
    let poll = try await poll(after: try await ledger.cursor(of: channel.name))
    let isNews = !poll.isEmpty || poll.cursor != nil
    var intake = Intake(new: 0, known: 0, setAside: 0)
    if isNews { intake = try await ledger.receive(poll, from: channel.name, at: environment.now()) }
    health.polled(channel.name, at: environment.now())
    health.ledger(nil, for: "poll \(channel.name)")
    let lull = intake.new > 0 ? lulls?.of(channel.name) : nil
    lull?.lower()
    if intake.new > 0 { arrivals.raise() }
    echoes.heard(poll.echoes, from: channel.name)
    if channel.isCourteous { courtesies.owe(for: poll.messages) }
    if intake.setAside > 0 {
      logger.warning(
        "Messages could not be read and were set aside: see 'greenroom log --set-aside'.",
        metadata: ["channel": "\(channel.name)", "count": "\(intake.setAside)"])
    }
    if intake.new == 0, poll.echoes.isEmpty, environment.now().timeIntervalSince(started) < Self.shortestRound {
      try await environment.sleep(.milliseconds(500))
    }
    if let lull { try await breathe(until: lull) }
  }

  private func breathe(until lull: Signal) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await lull.wait() }
      group.addTask { try await environment.sleep(Self.longestBreath) }
      try await group.next()
      group.cancelAll()
      while let _ = await group.nextResult() {}
    }
  }

  /// Polls, and where that brings nothing for a moment, uses it to show people that they have been heard: never while
  /// there is more to do.
  private func poll(after cursor: String?) async throws -> Poll {
    guard courtesies.areOwed else { return try await channel.poll(after: cursor) }
    return try await withThrowingTaskGroup(of: Poll?.self) { group in
      group.addTask { try await channel.poll(after: cursor) }
      group.addTask {
        try? await pay()
        return nil
      }
      while let result = try await group.next() {
        guard let result else { continue }
        group.cancelAll()
        return result
      }
      throw CancellationError()
    }
  }

  private func pay() async throws {
    try await environment.sleep(Self.quietMoment)
    let isDeciding = try await ledger.undecidedCount(of: channel.name) > 0
    while let (conversation, message) = courtesies.next() {
      try Task.checkCancellation()
      if isDeciding { await channel.typing(in: conversation) }
      await channel.seen(message, in: conversation)
    }
  }

  /// Notes what went wrong and says how long to wait; throws on when waiting cannot help.
  private func note(_ error: any Error, next: (Duration?) -> Duration) throws -> Duration {
    let now = environment.now()
    switch error {
    case let error as ChannelError:
      let pause = next(error.retryAfter)
      health.failed(channel.name, error.description, at: now)
      logger.warning("\(error.description)", metadata: ["channel": "\(channel.name)", "retry in": "\(pause)"])
      return pause
    case let error as LedgerError where error.isRetriable:
      let pause = min(next(nil), BackOff.local.ceiling)
      health.failed(channel.name, error.description, at: now)
      health.ledger(error.description, for: "poll \(channel.name)")
      logger.error("\(error.description)", metadata: ["channel": "\(channel.name)", "retry in": "\(pause)"])
      return pause
    case is CancellationError:
      let pause = next(nil)
      let reason = "The poll of channel '\(channel.name)' was broken off. It is tried again."
      health.failed(channel.name, reason, at: now)
      logger.warning("\(reason)", metadata: ["retry in": "\(pause)"])
      return pause
    default:
      throw error
    }
  }
}
