import Foundation
import JSON
import Support

/// Turns the events of a room into what a poll brings.
struct MatrixEventReader: Sendable {
  let channel: String
  let settings: MatrixSettings
  let identity: MatrixIdentity
  let rooms: MatrixRooms
  let now: Date

  /// What is asked for of a room's events: no state, and nothing of the bot's own unless a canary is to be seen.
  static func filter(limit: Int, user: String, hearsItself: Bool) -> JSONValue {
    [
      "limit": .integer(limit), "not_senders": hearsItself ? [] : [.string(user)], "lazy_load_members": true,
      "types": ["m.room.message", "m.reaction", "m.room.redaction", "m.room.encrypted", "m.room.member"],
    ]
  }

  /// - Throws: `MatrixRefusal`, `ChannelError`, or `CancellationError` where the server had to be asked more and did not
  ///   say; the poll is then to be repeated as a whole.
  func read(_ events: [JSONValue], in room: String, into poll: inout Poll) async throws {
    for value in events where !value.isNull {
      let event: MatrixEvent
      do throws(MatrixEvent.Problem) {
        event = try MatrixEvent(value)
      } catch {
        poll.unreadable.append(
          MessageReader.unreadable(
            id: value["event_id"]?.string.map { String($0.prefix(255)) }, reason: "the event \(error.reason)",
            raw: value.serializedBytes()))
        continue
      }
      try await read(event, in: room, into: &poll)
    }
  }

  private func read(_ event: MatrixEvent, in room: String, into poll: inout Poll) async throws {
    if event.type == "m.room.member" { rooms.forgetMembers(of: room) }
    if event.sender == identity.user, settings.canary != nil { poll.echoes.append(event.id) }
    guard event.sender != identity.user, !settings.ignoredSenders.contains(event.sender) else { return }
    switch event.type {
    case "m.room.message":
      if let message = try await message(event, in: room) { poll.messages.append(message) }
    case "m.reaction":
      guard let (target, key) = event.annotation, let isHelpful = Self.isHelpful(key) else { return }
      poll.reactions.append(
        Reaction(
          id: event.id, message: target, sender: try await sender(event.sender, in: room), isHelpful: isHelpful,
          at: time(event)))
    case "m.room.redaction":
      guard let target = event.content["redacts"]?.string ?? event.redacts else { return }
      poll.redactions.append(
        Redaction(target: target, sender: try await sender(event.sender, in: room), at: time(event)))
    case "m.room.encrypted":
      let conversation = ConversationID(channel: channel, room: room)
      guard settings.rooms[room]?.answering != .never else { return }
      let notice = Notice(key: "encrypted:\(room)", conversation: conversation, text: Self.encryptedRoom)
      if !poll.notices.contains(notice) { poll.notices.append(notice) }
    default: break
    }
  }

  private static let encryptedRoom = """
    This room is encrypted, and I cannot read what is written here. Please write to me in a room without encryption.
    """

  private func message(_ event: MatrixEvent, in room: String) async throws -> Message? {
    guard !event.isRedacted, settings.rooms[room]?.answering != .never else { return nil }
    let words = event.words
    // Other bots speak in notices, so that no two of them talk for ever (Matrix specification, "m.notice").
    guard let kind = words["msgtype"]?.string, kind != "m.notice", kind != "m.server_notice",
      !kind.hasPrefix("m.key.verification.")
    else { return nil }
    var thread = event.thread
    var isForBot = speaksToBot(event)
    if let original = event.replaces {
      guard let known = try await rooms.event(original, in: room, isForBot: speaksToBot), known.sender == event.sender
      else { return nil }
      thread = known.thread
      isForBot = isForBot || known.isForBot
    }
    let isAReply = event.replyTo != nil
    if let target = event.replyTo, !isForBot {
      isForBot =
        if rooms.isOwn(target) { true } else {
          try await rooms.event(target, in: room, isForBot: speaksToBot)?.sender == identity.user
        }
    }
    if event.replaces == nil {
      rooms.remember(event.id, .init(sender: event.sender, thread: thread, isForBot: isForBot))
    }
    guard try await isAnswered(isForBot: isForBot, thread: thread, in: room) else { return nil }
    let attachments = MatrixText.attachments(of: words)
    let isNameOnly = !attachments.isEmpty && !MatrixText.hasCaption(words)
    let text = isNameOnly ? "" : MatrixText.text(of: words, isReply: isAReply)
    let place = settings.rooms[room]
    return Message(
      id: MessageID(channel: channel, id: event.id),
      conversation: ConversationID(channel: channel, room: room, thread: thread), agency: place?.agency,
      sender: try await sender(event.sender, in: room),
      text: MatrixText.withoutAddress(text, names: names), sentAt: time(event), replyTo: event.replyTo,
      editOf: event.replaces, attachments: attachments, language: place?.language, region: place?.region)
  }

  private func isAnswered(isForBot: Bool, thread: String?, in room: String) async throws -> Bool {
    if let answering = settings.rooms[room]?.answering, answering != .addressed { return answering == .always }
    if isForBot { return true }
    if settings.rooms[room]?.answering == nil {
      if settings.groups == .always { return true }
      if let members = try await rooms.members(of: room), members.count <= 2 { return true }
      guard settings.groups == .addressed else { return false }
    }
    guard let thread else { return false }
    return try await rooms.botIsInThread(thread, in: room, as: identity.user)
  }

  /// Whether the words name the bot.
  private func speaksToBot(_ event: MatrixEvent) -> Bool {
    let contents = event.replaces == nil ? [event.content] : [event.content, event.words]
    let lists = contents.compactMap { $0["m.mentions"]?.object }
    if lists.contains(where: { $0["user_ids"]?.array?.contains(.string(identity.user)) == true }) { return true }
    // Clients from before there were lists of mentions name people in the text.
    guard lists.isEmpty else { return false }
    let words = event.words
    if let html = words["formatted_body"]?.string, html.contains("matrix.to/#/\(identity.user)") { return true }
    guard let body = words["body"]?.string else { return false }
    return names.contains { Self.names($0, in: body) }
  }

  /// Whole names only: "Ann" is not meant by "Anna".
  private static func names(_ name: String, in body: String) -> Bool {
    guard !name.isEmpty, body.utf8.count <= 64 << 10 else { return false }
    var rest = body[...]
    while let found = rest.range(of: name, options: .caseInsensitive) {
      let before = found.lowerBound == body.startIndex ? nil : body[body.index(before: found.lowerBound)]
      let after = found.upperBound == body.endIndex ? nil : body[found.upperBound]
      func ends(_ character: Character?) -> Bool { character.map { !$0.isLetter && !$0.isNumber } ?? true }
      if ends(before), ends(after) { return true }
      rest = body[found.upperBound...]
    }
    return false
  }

  /// The bot's, longest first.
  private var names: [String] {
    let local = identity.user.dropFirst().prefix { $0 != ":" }
    return [identity.user, identity.displayName ?? "", String(local)].sorted { $0.count > $1.count }
  }

  private func sender(_ user: String, in room: String) async throws -> Support.Sender {
    let name = try await rooms.members(of: room)?.names[user] ?? nil
    let shown = name.map { String($0.prefix(200)) } ?? String(user.dropFirst().prefix { $0 != ":" })
    return Support.Sender(id: user, name: shown.isEmpty ? user : shown)
  }

  private func time(_ event: MatrixEvent) -> Date { MessageTime.date(of: event.time, now: now) }

  /// A thumb, of whatever colour.
  static func isHelpful(_ key: String) -> Bool? {
    switch key.unicodeScalars.first?.value {
    case 0x1F44D: true
    case 0x1F44E: false
    default: nil
    }
  }
}
