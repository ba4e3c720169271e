import Foundation
import JSON
import Support

/// Turns what a room or thread shows into what a poll brings: only what has changed since it was last seen.
struct SlackMessageReader: Sendable {
  let session: SlackSession
  let settings: SlackSettings
  let identity: SlackIdentity
  let now: Date

  private var channel: String { session.server.channel }
  private static let mostSigns = 40

  func read(
    _ event: SlackEvent, in room: SlackCursor.Room, isInThreadForBot: Bool, _ line: inout SlackCursor.Timeline,
    _ poll: inout Poll
  ) async throws {
    if let place = line.recent.firstIndex(where: { $0.time == event.time }) {
      return try await compare(event, at: place, in: room, &line, &poll)
    }
    guard event.time > line.floor else { return }
    var entry = SlackCursor.Entry(time: event.time, person: "", edited: event.edited)
    let isMeant = isAnswered(event, in: room, isInThreadForBot: isInThreadForBot)
    if event.kind == .person, isMeant, !settings.ignoredSenders.contains(event.user) {
      let before = poll.messages.count
      try await take(event, in: room, editOf: nil, &poll)
      // What could not be read has no edits either.
      if poll.messages.count > before { entry.person = event.user }
    }
    if event.kind == .own {
      if settings.canary != nil { poll.echoes.append(id(event.time, in: room.id)) }
      try await takeSigns(event, &entry, in: room, &poll)
    }
    let place = line.recent.firstIndex { $0.time > event.time } ?? line.recent.endIndex
    line.recent.insert(entry, at: place)
    line.known = max(line.known, event.time)
  }

  private func compare(
    _ event: SlackEvent, at place: Int, in room: SlackCursor.Room, _ line: inout SlackCursor.Timeline,
    _ poll: inout Poll
  ) async throws {
    var entry = line.recent[place]
    if event.kind == .own { try await takeSigns(event, &entry, in: room, &poll) }
    if !entry.person.isEmpty {
      if event.kind == .tombstone {
        redact(entry, in: room.id, &poll)
        entry.person = ""
      } else if event.edited != entry.edited {
        try await take(event, in: room, editOf: id(event.time, in: room.id), &poll)
        entry.edited = event.edited
      }
    }
    line.recent[place] = entry
  }

  /// Messages of people that were there and are not any more.
  func noteDeletions(
    from oldest: SlackTime, present: Set<SlackTime>, in room: String, _ line: inout SlackCursor.Timeline,
    _ poll: inout Poll
  ) {
    for entry in line.recent where entry.time > oldest && !entry.person.isEmpty && !present.contains(entry.time) {
      redact(entry, in: room, &poll)
    }
    line.recent.removeAll { $0.time > oldest && !present.contains($0.time) }
  }

  private func redact(_ entry: SlackCursor.Entry, in room: String, _ poll: inout Poll) {
    // Slack does not say who took it back: as good as always whoever wrote it.
    poll.redactions.append(
      Redaction(
        target: id(entry.time, in: room), sender: Support.Sender(id: entry.person, name: entry.person), at: now))
    if !entry.edited.isEmpty {
      poll.redactions.append(
        Redaction(
          target: id(entry.time, in: room) + ":e" + entry.edited,
          sender: Support.Sender(id: entry.person, name: entry.person), at: now))
    }
  }

  func id(_ time: SlackTime, in room: String) -> String { "\(room):\(time.text)" }

  private func isAnswered(_ event: SlackEvent, in room: SlackCursor.Room, isInThreadForBot: Bool) -> Bool {
    switch settings.rooms[room.id]?.answering ?? (room.isDirect ? .always : settings.groups) {
    case .always: return true
    case .never: return false
    case .addressed:
      return isInThreadForBot || SlackText.mentions(event.value["text"]?.string ?? "", identity.user)
    }
  }

  private func conversation(of event: SlackEvent, in room: SlackCursor.Room) -> ConversationID {
    let own = room.isDirect || !settings.repliesInThreads ? nil : event.time
    return ConversationID(channel: channel, room: room.id, thread: (event.thread ?? own)?.text)
  }

  private func take(
    _ event: SlackEvent, in room: SlackCursor.Room, editOf: String?, _ poll: inout Poll
  ) async throws {
    let id = editOf.map { "\($0):e\(event.edited)" } ?? id(event.time, in: room.id)
    func unreadable(_ reason: String) {
      poll.unreadable.append(
        MessageReader.unreadable(id: id, reason: "the message \(reason)", raw: event.value.serializedBytes()))
    }
    let attachments = SlackText.attachments(event.value)
    var text = ""
    switch event.value["text"] {
    case .string(let markup): text = SlackText.plain(markup, bot: identity.user)
    case .none, .null:
      if attachments.isEmpty { return unreadable("has no text at /text") }
    case .some(let other): return unreadable("has \(other.kind) for its text, not a string")
    }
    guard text.utf8.count <= MessageReader.maximumText else {
      return unreadable("has a text of \(text.utf8.count) bytes; at most \(MessageReader.maximumText) are read")
    }
    if text.isEmpty, attachments.isEmpty { text = Self.quoted(event.value, bot: identity.user) }
    let place = settings.rooms[room.id]
    poll.messages.append(
      Message(
        id: MessageID(channel: channel, id: id), conversation: conversation(of: event, in: room),
        agency: place?.agency,
        sender: Support.Sender(id: event.user, name: try await session.name(of: event.user)), text: text,
        sentAt: MessageTime.date(of: .number(event.time.seconds), now: now),
        replyTo: event.thread.map { self.id($0, in: room.id) }, editOf: editOf, attachments: attachments,
        language: place?.language, region: place?.region))
    session.isNews(id)
  }

  /// Of a message that only passes another one on.
  private static func quoted(_ value: JSONValue, bot: String) -> String {
    let pieces = (value["attachments"]?.array ?? []).prefix(20).compactMap { ($0["text"] ?? $0["fallback"])?.string }
    return SlackText.plain(String(pieces.joined(separator: "\n").prefix(16_000)), bot: bot)
  }

  // MARK: Thumbs

  private func takeSigns(
    _ event: SlackEvent, _ entry: inout SlackCursor.Entry, in room: SlackCursor.Room, _ poll: inout Poll
  ) async throws {
    var kept: [String] = []
    for sign in event.signs {
      for user in sign.users where user != identity.user && !settings.ignoredSenders.contains(user) {
        let start = "\(user)\(sign.mark)"
        if let known = entry.signs.first(where: { Self.split($0)?.start == start }) {
          kept.append(known)
          continue
        }
        guard kept.count < Self.mostSigns else { continue }
        let stored = start + String(Int(now.timeIntervalSince1970))
        kept.append(stored)
        let sender = Support.Sender(id: user, name: try await session.name(of: user))
        if let number = sign.mark.wholeNumberValue {
          choose(number, event, sender, id(event.time, in: room.id) + ":" + stored, in: room, &poll)
        } else {
          poll.reactions.append(
            Reaction(
              id: id(event.time, in: room.id) + ":" + stored, message: id(event.time, in: room.id), sender: sender,
              isHelpful: sign.mark == "+", at: now))
        }
      }
    }
    for old in entry.signs where !kept.contains(old) {
      guard let (start, mark, user) = Self.split(old) else { continue }
      let isNamed = event.signs.first { $0.mark == mark }?.isWhole ?? true
      guard isNamed else {
        // Slack has named only some of those who reacted: perhaps it is still there.
        kept.append(old)
        continue
      }
      _ = start
      guard !mark.isNumber else { continue }
      poll.reactions.append(
        Reaction(
          id: id(event.time, in: room.id) + ":" + old, message: id(event.time, in: room.id),
          sender: Support.Sender(id: user, name: user), isHelpful: mark == "+", isRemoved: true, at: now))
    }
    entry.signs = kept
  }

  /// A digit under a question of the bot's is an answer to it.
  private func choose(
    _ number: Int, _ event: SlackEvent, _ sender: Support.Sender, _ id: String, in room: SlackCursor.Room,
    _ poll: inout Poll
  ) {
    guard number <= event.choices else { return }
    let place = settings.rooms[room.id]
    poll.messages.append(
      Message(
        id: MessageID(channel: channel, id: id),
        conversation: ConversationID(
          channel: channel, room: room.id, thread: event.thread?.text), agency: place?.agency, sender: sender,
        text: String(number), sentAt: now, replyTo: self.id(event.time, in: room.id), language: place?.language,
        region: place?.region))
    session.isNews(id)
  }

  /// `U123+1763892000`
  private static func split(_ sign: String) -> (start: String, mark: Character, user: String)? {
    // Ten digits of time, then the mark.
    let start = sign.dropLast(10)
    guard let mark = start.last, start.count > 1 else { return nil }
    return (String(start), mark, String(start.dropLast()))
  }
}
