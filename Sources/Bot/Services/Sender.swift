import Foundation
package import Logging
import ServiceLifecycle
package import Support
import Synchronization

/// Sends what the outbox holds: in order within a conversation, many conversations side by side.
package struct Sender: Service {
  let channels: [String: any Channel]
  let ledger: any MessageLedger
  let replies: Signal
  let health: HealthBoard
  let environment: Environment
  let logger: Logger

  /// Requests in flight at once.
  private static let mostInFlight = 32
  /// After so many attempts, hours later, a reply is shown to staff and no longer holds up its conversation.
  private static let mostAttempts = 200

  package init(
    channels: [any Channel], ledger: any MessageLedger, replies: Signal, health: HealthBoard,
    environment: Environment = .live, logger: Logger
  ) {
    self.channels = Dictionary(channels.map { ($0.name, $0) }) { first, _ in first }
    self.ledger = ledger
    self.replies = replies
    self.health = health
    self.environment = environment
    self.logger = logger
  }

  package func run() async throws {
    let mailbox = Mailbox()
    try await cancelWhenGracefulShutdown {
      try await withThrowingDiscardingTaskGroup { group in
        var busy: Set<ConversationID> = []
        var backOff = BackOff()
        var random = SystemRandomNumberGenerator()
        while !Task.isCancelled {
          do {
            let finished = mailbox.peek()
            try await record(finished)
            mailbox.remove(finished.count)
            for attempt in finished { busy.remove(attempt.reply.conversation) }
            let free = Self.mostInFlight - busy.count
            let ready =
              free > 0
              ? try await ledger.sendable(at: environment.now(), limit: free, leavingOut: busy) : []
            for reply in ready {
              busy.insert(reply.conversation)
              group.addTask {
                // Cut short by shutdown, it says nothing: the reply goes out again under the same key.
                if let attempt = await self.attempt(reply) { mailbox.add(attempt) }
                replies.raise()
              }
            }
            backOff.reset()
            if ready.isEmpty && mailbox.isEmpty { await replies.wait() }
          } catch let error as LedgerError where error.isRetriable {
            health.ledger(error.description)
            logger.error("\(error.description)")
            try? await environment.sleep(backOff.next(retryAfter: nil, using: &random))
          }
        }
        group.cancelAll()
      }
    }
  }

  /// Sends everything that can be sent now and returns: one reply after the other.
  package func drain() async throws {
    while let reply = try await ledger.sendable(at: environment.now(), limit: 1, leavingOut: []).first {
      guard let attempt = await attempt(reply) else { throw CancellationError() }
      try await record([attempt])
      if case .failed = attempt.outcome { return }
    }
  }

  private func attempt(_ reply: OutgoingReply) async -> Attempt? {
    guard let channel = channels[reply.conversation.channel] else {
      return Attempt(
        reply: reply,
        outcome: .hopeless("There is no channel '\(reply.conversation.channel)' in greenroom.yml any more."))
    }
    do {
      try await channel.send(reply)
      return Attempt(reply: reply, outcome: .sent(environment.now()))
    } catch let error as ChannelError {
      // Credentials can be mended while the reply waits; a refusal cannot.
      let canWait = error.isRetriable || error.code == .unauthorized || error.code == .conflict
      if canWait, reply.attempts + 1 < Self.mostAttempts {
        return Attempt(reply: reply, outcome: .failed(error))
      }
      return Attempt(reply: reply, outcome: .hopeless(error.description))
    } catch {
      return Task.isCancelled ? nil : Attempt(reply: reply, outcome: .hopeless("\(type(of: error))"))
    }
  }

  private func record(_ attempts: [Attempt]) async throws {
    var sent: [SentReply] = []
    for attempt in attempts {
      let id = attempt.reply.id
      switch attempt.outcome {
      case .sent(let at): sent.append(SentReply(id: id, at: at))
      case .failed(let error):
        let pause = Self.pause(after: attempt.reply.attempts, retryAfter: error.retryAfter)
        health.failed(attempt.reply.conversation.channel, error.description, at: environment.now())
        logger.warning(
          "\(error.description)",
          metadata: ["conversation": "\(attempt.reply.conversation)", "retry in": "\(pause)"])
        try await ledger.markFailed(
          id, error: error.description, nextAttempt: environment.now().addingTimeInterval(pause.inSeconds))
      case .hopeless(let reason):
        logger.error(
          "A reply is held: \(reason) See 'greenroom log --set-aside'.",
          metadata: ["conversation": "\(attempt.reply.conversation)"])
        try await ledger.hold(id, reason: reason, at: environment.now())
      }
    }
    if !sent.isEmpty { try await ledger.markSent(sent) }
  }

  private static func pause(after attempts: Int, retryAfter: Duration?) -> Duration {
    var backOff = BackOff()
    var random = SystemRandomNumberGenerator()
    for _ in 0..<min(attempts, 10) { _ = backOff.next(retryAfter: nil, using: &random) }
    return backOff.next(retryAfter: retryAfter, using: &random)
  }
}

/// How an attempt at sending ended.
private struct Attempt: Sendable {
  enum Outcome: Sendable {
    case sent(Date)
    case failed(ChannelError)
    case hopeless(String)
  }

  var reply: OutgoingReply
  var outcome: Outcome
}

/// Attempts that have ended and are not in the ledger yet. Bounded by the number in flight.
private final class Mailbox: Sendable {
  private let attempts = Mutex<[Attempt]>([])

  var isEmpty: Bool { attempts.withLock { $0.isEmpty } }

  func add(_ attempt: Attempt) { attempts.withLock { $0.append(attempt) } }

  func peek() -> [Attempt] { attempts.withLock { $0 } }

  func remove(_ count: Int) { attempts.withLock { $0.removeFirst(count) } }
}

extension Duration {
  var inSeconds: TimeInterval {
    TimeInterval(components.seconds) + TimeInterval(components.attoseconds) * 1e-18
  }
}
