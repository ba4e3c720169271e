import Bot
import Foundation
import Ledger
import Logging
import Matching
import Support
import Synchronization
import TestSupport
import Testing

/// What the services share, on a ledger of its own that goes when the test ends.
final class Workbench: Sendable {
  let folder: URL
  let sqlite: SQLiteLedger
  let ledger: FaultyLedger
  let time: ManualTime
  let arrivals = Signal()
  let replies = Signal()
  let health = HealthBoard()
  let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
  private let numbers = Mutex(0)

  /// - Parameter before: what happens elsewhere just before a call to the ledger.
  init(
    time: ManualTime = ManualTime(),
    before: (@Sendable (FaultyLedger.Call, SQLiteLedger) async throws -> Void)? = nil
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "bot-\(UUID().uuidString)")
    let sqlite = try SQLiteLedger(folder: folder)
    self.sqlite = sqlite
    self.time = time
    ledger = FaultyLedger(sqlite) { call in try await before?(call, sqlite) }
  }

  deinit {
    try? sqlite.close()
    try? FileManager.default.removeItem(at: folder)
  }

  var environment: Environment {
    Environment(now: { [time] in time.now }, sleep: { [time] in try await time.sleep($0) })
  }

  func poller(_ channel: ScriptedChannel, lulls: Lulls? = nil) -> Poller {
    Poller(
      channel: channel, ledger: ledger, arrivals: arrivals, health: health, lulls: lulls, environment: environment,
      logger: logger)
  }

  func decider(_ workspace: LiveWorkspace = LiveWorkspace(SmallProgramme.matcher, problems: [])) -> Decider {
    Decider(
      ledger: ledger, workspace: workspace, arrivals: arrivals, replies: replies, health: health,
      environment: environment, logger: logger)
  }

  func sender(_ channels: ScriptedChannel..., lulls: Lulls = Lulls()) -> Bot.Sender {
    Bot.Sender(
      channels: channels, ledger: ledger, replies: replies, health: health, lulls: lulls, environment: environment,
      logger: logger)
  }

  func message(_ text: String, room: String = "r1", channel: String = "scripted", id: String? = nil) -> Message {
    let number = numbers.withLock { number in
      number += 1
      return number
    }
    return Message(
      id: MessageID(channel: channel, id: id ?? "m\(number)"),
      conversation: ConversationID(channel: channel, room: room), agency: "Aurora",
      sender: Support.Sender(id: "u1", name: "Ana"), text: text, sentAt: time.now)
  }

  /// Messages that wait for a decision.
  func take(_ messages: Message...) async throws {
    for message in messages {
      _ = try await sqlite.receive(Poll(messages: [message]), from: message.id.channel, at: time.now)
    }
  }

  /// Replies that wait to be sent, in this order.
  func queue(_ texts: String..., room: String = "r1", channel: String = "scripted") async throws {
    for text in texts {
      try await take(message("A question", room: room, channel: channel))
      let decided = try await sqlite.undecided(limit: 10).entries.map { entry in
        DecidedMessage(
          entry: entry,
          decision: Decision(
            parts: [Decision.Part(text: "A question", kind: .answer)], reply: Reply(text), language: "en",
            nextState: ConversationState(), workspaceVersion: "v"))
      }
      try await sqlite.commit(decided, at: time.now)
    }
  }

  /// Runs a service while `body` runs, then cancels it and waits until it has ended.
  func run(
    _ service: @escaping @Sendable () async throws -> Void, while body: @escaping @Sendable () async throws -> Void
  )
    async throws
  {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await service()
        return false
      }
      group.addTask {
        try await body()
        return true
      }
      let isBody = try await group.next()
      #expect(isBody == true, "The service ended on its own.")
      group.cancelAll()
      try await group.waitForAll()
    }
  }
}

extension LedgerError {
  static let locked = LedgerError(.locked, "The ledger is locked.")
  static let full = LedgerError(.diskFull, "The disk is full.")
  static let damaged = LedgerError(.damaged, "The ledger is damaged.")
}

extension ChannelError {
  static let unreachable = ChannelError(.unreachable, "No connection.", isRetriable: true)
  static let refused = ChannelError(.refused, "The server says no.", isRetriable: false)
  static let unauthorized = ChannelError(.unauthorized, "The token is not good.", isRetriable: false)

  static func slowDown(_ pause: Duration) -> ChannelError {
    ChannelError(.rateLimited, "Slow down.", isRetriable: true, retryAfter: pause)
  }
}
