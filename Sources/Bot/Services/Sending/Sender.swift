import Foundation
package import Logging
import ServiceLifecycle
package import Support

/// Sends what the outbox holds: in order within a conversation, many conversations side by side.
package struct Sender: Service {
  let channels: [String: any Channel]
  let ledger: any MessageLedger
  let replies: Signal
  let health: HealthBoard
  let lulls: Lulls
  let environment: Environment
  let logger: Logger

  /// So long what a server has accepted waits for others that it accepts, to be noted together, while more is under way.
  private static let round: Duration = .milliseconds(30)
  /// Requests in flight at once, per channel: a server that hangs takes no other server's places.
  private static let mostInFlight = 32
  /// How many replies are looked at to find some for a channel that has places left.
  private static let farthestLook = 256
  /// After so many attempts, hours later, a reply is shown to staff and no longer holds up its conversation.
  private static let mostAttempts = 200

  package init(
    channels: [any Channel], ledger: any MessageLedger, replies: Signal, health: HealthBoard,
    lulls: Lulls = Lulls(), environment: Environment = .live, logger: Logger
  ) {
    self.channels = Dictionary(channels.map { ($0.name, $0) }) { first, _ in first }
    self.ledger = ledger
    self.replies = replies
    self.health = health
    self.lulls = lulls
    self.environment = environment
    self.logger = logger
  }

  package func run() async throws {
    let mailbox = Mailbox()
    try await holdInterrupted()
    try await cancelWhenGracefulShutdown {
      try await withThrowingDiscardingTaskGroup { group in
        var traffic = Traffic()
        var backOff = BackOff.local
        var random = SystemRandomNumberGenerator()
        while !Task.isCancelled {
          do {
            try await record(mailbox, &traffic)
            let ready = try await next(traffic)
            try await ledger.beginSending(ready.filter { !repeatsSafely($0) }.map(\.id))
            for reply in ready {
              traffic.busy.insert(reply.conversation)
              mailbox.begin(on: reply.conversation.channel)
              group.addTask { await self.carryOut(reply, mailbox) }
            }
            health.ledger(nil, for: "send")
            backOff.reset()
            if ready.isEmpty {
              for name in channels.keys where mailbox.isIdle(name) { lulls.of(name).raise() }
              if mailbox.isEmpty { await replies.wait() }
            }
          } catch let error as LedgerError where error.isRetriable {
            health.ledger(error.description, for: "send")
            logger.error("\(error.description)")
            try? await environment.sleep(backOff.next(retryAfter: nil, using: &random))
          }
        }
        group.cancelAll()
      }
    }
    // What a server accepted while the program was told to stop is not to be sent again at the next start.
    do {
      var traffic = Traffic()
      try await record(mailbox, &traffic)
    } catch let error as LedgerError where error.isRetriable {
      logger.error("\(error.description)")
    }
  }

  private func carryOut(_ reply: OutgoingReply, _ mailbox: Mailbox) async {
    let channel = reply.conversation.channel
    // Cut short by shutdown, it says nothing: the reply goes out again under the same key.
    let attempt = await attempt(reply)
    let arrival = mailbox.end(attempt, on: channel)
    if arrival.leavesChannelIdle { lulls.of(channel).raise() }
    // Until it is noted, a server that might show it twice must not lose the program.
    if !arrival.leavesAllIdle, attempt?.sent != nil, repeatsSafely(reply) {
      // Whoever was first wakes the sender for all that come meanwhile.
      guard arrival.isFirst else { return }
      try? await environment.sleep(Self.round)
    }
    replies.raise()
  }

  private func repeatsSafely(_ reply: OutgoingReply) -> Bool {
    channels[reply.conversation.channel]?.repeatsSafely ?? true
  }

  /// What was on its way when the last process died, to a server that would show it twice, is left to people.
  private func holdInterrupted() async throws {
    var backOff = BackOff.local
    var random = SystemRandomNumberGenerator()
    while !Task.isCancelled {
      do {
        for reply in try await ledger.interruptedSends() {
          let reason =
            "The program ended while this was being sent, and nobody knows whether it arrived. Look in the chat."
          if repeatsSafely(reply) { continue }
          try await ledger.hold(reply.id, reason: reason, at: environment.now())
          logger.error("A reply is held: \(reason)", metadata: ["conversation": "\(reply.conversation)"])
        }
        return
      } catch let error as LedgerError where error.isRetriable {
        health.ledger(error.description, for: "send")
        logger.error("\(error.description)")
        try await environment.sleep(backOff.next(retryAfter: nil, using: &random))
      }
    }
  }

  /// What to send now: as many as each channel has places for, and none where the server asked to be left alone.
  private func next(_ traffic: Traffic) async throws -> [OutgoingReply] {
    let now = environment.now()
    var places: [String: Int] = [:]
    for name in channels.keys { places[name] = traffic.isQuiet(name, at: now) ? 0 : Self.mostInFlight }
    for conversation in traffic.busy { places[conversation.channel, default: Self.mostInFlight] -= 1 }
    guard places.values.contains(where: { $0 > 0 }) else { return [] }
    let look = places.count > 1 ? Self.farthestLook : Self.mostInFlight - traffic.busy.count
    return try await ledger.sendable(at: now, limit: look, leavingOut: traffic.busy).filter { reply in
      let left = places[reply.conversation.channel, default: Self.mostInFlight]
      places[reply.conversation.channel] = left - 1
      return left > 0
    }
  }

  /// Sends everything that can be sent now and returns: one reply after the other.
  package func drain() async throws {
    while let reply = try await ledger.sendable(at: environment.now(), limit: 1, leavingOut: []).first {
      guard let attempt = await attempt(reply) else { throw CancellationError() }
      if let sent = attempt.sent { try await ledger.markSent([sent]) } else { try await record(attempt) }
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
      let ids = try await channel.send(reply)
      return Attempt(reply: reply, outcome: .sent(environment.now(), ids))
    } catch _ where Task.isCancelled {
      return nil
    } catch let error as ChannelError {
      // Credentials can be mended while the reply waits; a refusal cannot.
      let canWait = error.isRetriable || error.code == .unauthorized || error.code == .conflict
      if canWait, reply.attempts + 1 < Self.mostAttempts {
        return Attempt(reply: reply, outcome: .failed(error))
      }
      return Attempt(reply: reply, outcome: .hopeless(error.description))
    } catch is CancellationError {
      let channel = reply.conversation.channel
      return Attempt(
        reply: reply,
        outcome: .failed(
          ChannelError(
            .unreachable, "Sending to channel '\(channel)' was broken off. It is tried again.", isRetriable: true)))
    } catch {
      return Attempt(
        reply: reply,
        outcome: .hopeless(
          "Sending to channel '\(reply.conversation.channel)' ended in an unexpected \(type(of: error)). Answer by hand."
        ))
    }
  }

  /// Notes the attempts that have ended, each once, also where the ledger fails half way: first those that were
  /// accepted, together, since they must not be sent again; then the others, one after the other.
  /// - Parameter traffic: their conversations are no longer busy, each as it has been noted.
  private func record(_ mailbox: Mailbox, _ traffic: inout Traffic) async throws {
    let ended = mailbox.peek()
    let sent = ended.filter { $0.sent != nil }
    if !sent.isEmpty {
      try await ledger.markSent(sent.compactMap(\.sent))
      mailbox.remove(sent)
      for attempt in sent { traffic.busy.remove(attempt.reply.conversation) }
      for channel in Set(sent.map(\.reply.conversation.channel)) {
        let now = environment.now()
        // A server that was away has answered: what waits for it, each reply by itself, waits no longer.
        let waiting = traffic.isBack(channel, at: now)
        if !waiting.isEmpty { try await ledger.hasten(waiting, at: now) }
      }
    }
    for attempt in ended where attempt.sent == nil {
      try await record(attempt)
      mailbox.remove([attempt])
      traffic.busy.remove(attempt.reply.conversation)
      guard case .failed(let error) = attempt.outcome else { continue }
      let channel = attempt.reply.conversation.channel
      traffic.waits(attempt.reply.id, for: channel, isAboutServer: error.isAboutServer)
      if let pause = error.retryAfter, !error.concernsOneRoom {
        // The reply itself waits a little longer than that: when it is due, the sender is woken for the others too.
        traffic.keepQuiet(channel, for: pause, from: environment.now())
      }
    }
  }

  private func record(_ attempt: Attempt) async throws {
    let conversation = attempt.reply.conversation
    switch attempt.outcome {
    case .sent: break
    case .failed(let error):
      let pause = Self.pause(after: attempt.reply.attempts, retryAfter: error.retryAfter)
      let now = environment.now()
      try await ledger.markFailed(
        attempt.reply.id, error: error.description, nextAttempt: now.addingTimeInterval(pause.inSeconds))
      health.sendingFailed(conversation.channel, error.description, at: now)
      logger.warning(
        "\(error.description)", metadata: ["conversation": "\(conversation)", "retry in": "\(pause)"])
    case .hopeless(let reason):
      try await ledger.hold(attempt.reply.id, reason: reason, at: environment.now())
      logger.error(
        "A reply is held: \(reason) See 'greenroom log --set-aside'.", metadata: ["conversation": "\(conversation)"])
    }
  }

  private static func pause(after attempts: Int, retryAfter: Duration?) -> Duration {
    var backOff = BackOff()
    var random = SystemRandomNumberGenerator()
    for _ in 0..<min(attempts, 10) { _ = backOff.next(retryAfter: nil, using: &random) }
    return backOff.next(retryAfter: retryAfter, using: &random)
  }
}
