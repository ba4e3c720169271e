import Foundation
package import Logging
import ServiceLifecycle
package import Support

/// Writes to a room of its own and looks for what it wrote in what the channel's polls bring: a poll that succeeds and brings
/// nothing is no proof that anything would come. What it writes goes past the ledger, so that no reply waits for it and nothing
/// of it is ever decided or logged.
package struct Canary: Service {
  let channel: any Channel
  let settings: CanarySettings
  let echoes: Echoes
  let health: HealthBoard
  let environment: Environment
  let logger: Logger

  /// In seconds: after one that was not seen, the next comes no later.
  private static let retry: TimeInterval = 60
  /// In seconds, where the server does not say.
  private static let pauseAfterFailure: TimeInterval = 15

  package init(
    channel: any Channel, settings: CanarySettings, echoes: Echoes, health: HealthBoard,
    environment: Environment = .live, logger: Logger
  ) {
    self.channel = channel
    self.settings = settings
    self.echoes = echoes
    self.health = health
    self.environment = environment
    self.logger = logger
    // Before the first poll, so that none of its echoes is missed.
    echoes.listen(to: channel.name)
  }

  /// For how long it is waited for, in seconds: what a poll may take, and to be written and read.
  private var patience: TimeInterval { max(ChannelHealth.usualPatience, channel.longestPoll + 30) }
  private var every: TimeInterval { TimeInterval(settings.every) }
  private var conversation: ConversationID { ConversationID(channel: channel.name, room: settings.room) }

  package func run() async throws {
    health.expectsCanary(channel.name, within: every + patience, at: environment.now())
    await cancelWhenGracefulShutdown {
      // The first poll takes nothing that was said before it.
      while !Task.isCancelled, !health.hasPolled(channel.name) { try? await environment.sleep(.seconds(1)) }
      var last: [String] = []
      while !Task.isCancelled {
        let seen = await round()
        if Task.isCancelled { return }
        if let seen {
          // One stays, and shows people when all was well.
          if !last.isEmpty { await channel.takeBack(last, in: conversation) }
          last = seen
        }
        try? await environment.sleep(.seconds(seen == nil ? min(every, Self.retry) : every))
      }
    }
  }

  /// Writes one, and waits for it.
  /// - Returns: the server's ids of what was seen; nil where it was not.
  func round() async -> [String]? {
    let started = environment.now()
    do {
      let ids = try await write(until: started + patience, from: started)
      guard !ids.isEmpty else {
        return failed("channel '\(channel.name)': the canary was written, and the server gave it no id")
      }
      guard await isSeen(ids, within: patience - environment.now().timeIntervalSince(started)) else {
        if Task.isCancelled { return nil }
        return failed(
          "channel '\(channel.name)': the canary of \(Self.time(started)) was written to \(settings.room), and no poll brought "
            + "it within \(Int(patience)) seconds; look whether polls bring what people write there")
      }
      health.canarySeen(channel.name, at: environment.now())
      return ids
    } catch let error as ChannelError {
      return failed("the canary could not be written: \(error.description)")
    } catch {
      return nil
    }
  }

  private func failed(_ error: String) -> [String]? {
    health.canaryFailed(channel.name, error, at: environment.now())
    logger.warning("\(error)", metadata: ["channel": "\(channel.name)"])
    return nil
  }

  /// Tries again under the same key while there is time.
  private func write(until end: Date, from started: Date) async throws -> [String] {
    let milliseconds = Int((started.timeIntervalSince1970 * 1000).rounded())
    var reply = OutgoingReply(
      id: 0, conversation: conversation, inReplyTo: nil,
      // No two in the same words: on some servers that is how a message is known again.
      text: "Canary \(Self.time(started)): written to see that what is written here is read.", author: "bot",
      idempotencyKey: "canary:\(channel.name):\(milliseconds)")
    while true {
      do {
        return try await channel.send(reply)
      } catch let error as ChannelError {
        let asked = error.retryAfter.map { $0 / .seconds(1) } ?? Self.pauseAfterFailure
        let pause = max(1, asked)
        guard error.isRetriable, environment.now().addingTimeInterval(pause) < end else { throw error }
        try await environment.sleep(.seconds(pause))
        reply.attempts += 1
      }
    }
  }

  private func isSeen(_ ids: [String], within limit: TimeInterval) async -> Bool {
    if echoes.hasHeard(ids, from: channel.name) { return true }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await echoes.wait(for: ids, from: channel.name) }
      group.addTask { try? await environment.sleep(.seconds(max(1, limit))) }
      await group.next()
      group.cancelAll()
    }
    return echoes.hasHeard(ids, from: channel.name)
  }

  private static func time(_ date: Date) -> String {
    date.formatted(
      .iso8601.year().month().day().dateSeparator(.dash).dateTimeSeparator(.space).time(
        includingFractionalSeconds: false))
      + " UTC"
  }
}
