import Foundation
import JSON
import Support

/// Turns what Lark lists into what a poll brings: only what has changed since it was last seen.
struct LarkMessageReader: Sendable {
  let session: LarkSession
  let settings: LarkSettings
  let bot: String
  let now: Date

  private var channel: String { session.server.channel }

  /// In the server's order. What cannot be read is set aside where it is new.
  func events(_ values: [JSONValue], _ line: inout LarkCursor.Timeline, _ poll: inout Poll) -> [LarkEvent] {
    var events: [LarkEvent] = []
    for value in values {
      do throws(LarkEvent.Problem) {
        events.append(try LarkEvent(value, app: session.app, bot: bot))
      } catch {
        let id = value["message_id"]?.string.map { String($0.prefix(256)) }
        let time = LarkEvent.milliseconds(value["create_time"])
        if let id, let time {
          guard time > line.floor, line.recent.lastIndex(where: { $0.id == id }) == nil else { continue }
          insert(LarkCursor.Entry(id: id, time: time, person: ""), into: &line)
        }
        poll.unreadable.append(
          MessageReader.unreadable(id: id, reason: "the message \(error.reason)", raw: value.serializedBytes()))
      }
    }
    return events
  }

  func read(
    _ event: LarkEvent, in room: LarkCursor.Room, isInThreadForBot: Bool = false, _ line: inout LarkCursor.Timeline,
    _ poll: inout Poll
  ) async throws {
    if let place = line.recent.lastIndex(where: { $0.id == event.id }) {
      return try await compare(event, at: place, in: room, &line, &poll)
    }
    guard event.time > line.floor else { return }
    if event.isOwn, settings.canary != nil { poll.echoes.append(event.id) }
    var entry = LarkCursor.Entry(
      id: event.id, time: event.time, person: event.isOwn ? "=" : "", edited: event.edited)
    if let person = event.person, !event.isRecalled, event.kind != "system", !settings.ignoredSenders.contains(person),
      isAnswered(event, in: room, line, isInThreadForBot: isInThreadForBot),
      try await take(event, by: person, in: room, editOf: nil, &poll)
    {
      entry.person = person
    }
    insert(entry, into: &line)
  }

  private func insert(_ entry: LarkCursor.Entry, into line: inout LarkCursor.Timeline) {
    let before = line.recent.lastIndex { $0.time <= entry.time }
    line.recent.insert(entry, at: before.map { $0 + 1 } ?? 0)
  }

  private func compare(
    _ event: LarkEvent, at place: Int, in room: LarkCursor.Room, _ line: inout LarkCursor.Timeline, _ poll: inout Poll
  ) async throws {
    let entry = line.recent[place]
    guard !entry.person.isEmpty, !entry.isOwn else { return }
    if event.isRecalled {
      for target in [entry.id] + (entry.edited > 0 ? ["\(entry.id):e\(entry.edited)"] : []) {
        poll.redactions.append(
          Redaction(target: target, sender: Support.Sender(id: entry.person, name: entry.person), at: now))
      }
      line.recent[place].person = ""
    } else if event.edited > entry.edited {
      line.recent[place].edited = event.edited
      _ = try await take(event, by: entry.person, in: room, editOf: event.id, &poll)
    }
  }

  private func isAnswered(
    _ event: LarkEvent, in room: LarkCursor.Room, _ line: LarkCursor.Timeline, isInThreadForBot: Bool
  ) -> Bool {
    switch settings.rooms[room.id]?.answering ?? (room.isDirect ? .always : settings.groups) {
    case .always: return true
    case .never: return false
    case .addressed:
      if isInThreadForBot || event.mentionsBot { return true }
      return line.recent.contains { $0.isOwn && $0.id == event.parent }
    }
  }

  /// - Returns: whether it could be read.
  private func take(
    _ event: LarkEvent, by person: String, in room: LarkCursor.Room, editOf: String?, _ poll: inout Poll
  ) async throws -> Bool {
    let id = editOf.map { "\($0):e\(event.edited)" } ?? event.id
    let words: LarkText
    do throws(LarkEvent.Problem) {
      words = try LarkText(event, bot: bot)
    } catch {
      poll.unreadable.append(
        MessageReader.unreadable(
          id: id, reason: "the message \(error.reason)", raw: event.value.serializedBytes()))
      return false
    }
    let place = settings.rooms[room.id]
    poll.messages.append(
      Message(
        id: MessageID(channel: channel, id: id),
        conversation: ConversationID(channel: channel, room: room.id, thread: event.thread), agency: place?.agency,
        sender: Support.Sender(id: person, name: try await session.name(of: person)), text: words.text,
        sentAt: MessageTime.date(of: .integer(event.time), now: now), replyTo: event.parent, editOf: editOf,
        attachments: words.attachments, language: place?.language, region: place?.region))
    session.isNews(id)
    return true
  }
}
