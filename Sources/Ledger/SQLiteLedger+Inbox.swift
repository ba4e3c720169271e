package import Foundation
import GRDB
package import Support
import Synchronization

extension SQLiteLedger: MessageLedger {
  package func cursor(of channel: String) async throws -> String? {
    try await readLatest("read the cursor of channel '\(channel)'") { try $0.cursor(of: channel) }
  }

  package func receive(_ poll: Poll, from channel: String, at now: Date) async throws -> Intake {
    // Most polls bring nothing: they cost no write, and no wait for the disk.
    if poll.isEmpty {
      let known = try await cursor(of: channel)
      if poll.cursor == nil || poll.cursor == known { return Intake(new: 0, known: 0, setAside: 0) }
    }
    let messages: [(message: Message, json: String)]
    do {
      messages = try poll.messages.map { ($0, try JSONColumn.text($0)) }
    } catch {
      throw LedgerError(error, doing: "take in messages", path: file.path)
    }
    return try await write("take in messages") { db in
      var intake = Intake(new: 0, known: 0, setAside: 0)
      for (message, json) in messages {
        if try db.takeIn(message, json: json, at: now) { intake.new += 1 } else { intake.known += 1 }
      }
      for item in poll.unreadable {
        let item = SetAsideItem(
          kind: .unreadable, at: now, channel: channel, id: item.id, reason: item.reason, text: item.raw)
        if try db.setAsideOnce(item) { intake.setAside += 1 } else { intake.known += 1 }
      }
      for reaction in poll.reactions { try db.takeIn(reaction, from: channel) }
      for redaction in poll.redactions { try db.takeIn(redaction, from: channel, at: now) }
      for notice in poll.notices { try db.takeIn(notice, from: channel, at: now) }
      if let cursor = poll.cursor {
        try db.run(
          "INSERT INTO channel (name, cursor) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor",
          channel.stored, cursor.stored)
      }
      return intake
    }
  }

  package func undecided(limit: Int) async throws -> UndecidedBatch {
    let reading = try await readLatest("read the messages to decide") { try UndecidedReading($0, limit: limit) }
    handedOut.withLock { $0 = reading.versions }
    guard !reading.damaged.isEmpty else { return reading.batch }
    try await setAside(reading.damaged)
    // An empty batch means that nothing waits.
    return reading.batch.entries.isEmpty ? try await undecided(limit: limit) : reading.batch
  }

  package func undecidedCount(of channel: String?) async throws -> Int {
    try await readLatest("count the messages to decide") { db in
      guard let channel else {
        return try db.first("SELECT count(*) FROM inbox WHERE decided_at IS NULL")?.integer(0) ?? 0
      }
      return try db.first(
        "SELECT count(*) FROM inbox WHERE decided_at IS NULL AND channel = ?", channel.stored)?.integer(0) ?? 0
    }
  }

  /// One row that cannot be read must not keep all those behind it from being answered.
  private func setAside(_ damaged: [UndecidedReading.Damaged]) async throws {
    let now = Date(milliseconds: damaged.map(\.receivedAt).max() ?? 0)
    try await write("set damaged messages aside") { db in
      for item in damaged {
        _ = try db.setAside(
          SetAsideItem(
            kind: .unreadable, at: now, channel: item.channel, id: item.message, reason: item.reason, text: item.json))
        try db.run("UPDATE inbox SET decided_at = received_at WHERE id = ? AND decided_at IS NULL", item.row)
      }
    }
  }
}

extension Database {
  fileprivate func cursor(of channel: String) throws -> String? {
    try first("SELECT cursor FROM channel WHERE name = ?", channel.stored)?.optionalText(0)
  }

  /// A server that gives the same unreadable piece at every poll fills no list with it.
  fileprivate func setAsideOnce(_ item: SetAsideItem) throws -> Bool {
    if item.id == nil {
      let known = try first(
        """
        SELECT 1 FROM set_aside WHERE kind = 'unreadable' AND item_id IS NULL AND channel = ?
          AND substr(text, 1, 200) = substr(?, 1, 200) AND text = ?
        """,
        item.channel.stored, item.text.stored, item.text.stored)
      if known != nil { return false }
    }
    return try setAside(item)
  }
}
