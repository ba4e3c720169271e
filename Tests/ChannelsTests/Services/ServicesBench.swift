import Bot
import Foundation
import Ledger
import Logging
import Matching
import Support
import TestSupport
import Workspace

/// The running services with a ledger of their own behind one channel: what the program does, one step at a time.
final class ServicesBench: Sendable {
  static let matcher = Matcher(PayoutArticles.content(phrases: ShippedPhrases.all))

  let folder = FileManager.default.temporaryDirectory.appending(path: "services-\(UUID().uuidString)")
  let ledger: SQLiteLedger
  let time: ManualTime
  let arrivals = Signal()
  let replies = Signal()
  let health = HealthBoard()
  private let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

  init(time: ManualTime) throws {
    self.time = time
    ledger = try SQLiteLedger(folder: folder)
  }

  deinit {
    try? ledger.close()
    try? FileManager.default.removeItem(at: folder)
  }

  private var environment: Environment {
    Environment(now: { [time] in time.now }, sleep: { [time] in try await time.sleep($0) })
  }

  func sender(_ channel: any Support.Channel, in front: (any MessageLedger)? = nil) -> Bot.Sender {
    Bot.Sender(
      channels: [channel], ledger: front ?? ledger, replies: replies, health: health, environment: environment,
      logger: logger)
  }

  /// Polls once and decides all that came.
  func take(_ channel: any Support.Channel) async throws {
    try await Poller(
      channel: channel, ledger: ledger, arrivals: arrivals, health: health, environment: environment, logger: logger
    ).pollOnce()
    let decider = Decider(
      ledger: ledger, workspace: LiveWorkspace(Self.matcher, problems: []), arrivals: arrivals, replies: replies,
      health: health, environment: environment, logger: logger)
    while try await decider.decideBatch() > 0 {}
  }

  /// Polls, decides and sends until `isDone`, or so often that it never will be.
  /// - Returns: whether it is.
  func turn(_ channel: any Support.Channel, atMost turns: Int = 12, until isDone: () async throws -> Bool) async throws
    -> Bool
  {
    for _ in 0..<turns {
      try await take(channel)
      try await sender(channel).drain()
      if try await isDone() { return true }
      time.advance(by: 31)
    }
    return false
  }

  /// What people found helpful or not, as far as it stands.
  func feedback() async throws -> [Feedback] { try await ledger.feedback().filter { $0.removedAt == nil } }
}
