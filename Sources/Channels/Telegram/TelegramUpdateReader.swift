import Foundation
import JSON
import Support

/// Who the bot is (`getMe`).
struct TelegramIdentity: Sendable, Hashable {
  var id: Int
  /// Without `@`.
  var username: String
}

/// Turns updates into what a poll brings.
struct TelegramUpdateReader: Sendable {
  let channel: String
  let settings: TelegramSettings
  let identity: TelegramIdentity
  let texts: TelegramTexts
  let now: Date

  static let kinds = ["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"]

  /// Ids larger than doubles can tell apart are no ids of Telegram's.
  static let largestID = 1 << 53

  /// Why an update cannot be read; the sentence goes on from "the update".
  struct Problem: Error {
    let reason: String
  }

  static func updateID(_ update: JSONValue) -> Int? {
    update["update_id"]?.int.flatMap { (0..<largestID).contains($0) ? $0 : nil }
  }

  /// - Returns: a button press, which is to be answered, and with what.
  func read(_ update: JSONValue, into poll: inout Poll) -> TelegramPress? {
    do throws(Problem) {
      return try take(update, into: &poll)
    } catch {
      poll.unreadable.append(
        MessageReader.unreadable(
          id: Self.updateID(update).map { "update \($0)" }, reason: "the update \(error.reason)",
          raw: update.serializedBytes()))
      return nil
    }
  }

  private func take(_ update: JSONValue, into poll: inout Poll) throws(Problem) -> TelegramPress? {
    guard update.object != nil else { throw Problem(reason: "is \(update.kind), not an object") }
    guard let id = Self.updateID(update) else { throw Problem(reason: "has no update_id that is one") }
    if let message = update["message"] {
      try read(message, update: id, isEdit: false, into: &poll)
    } else if let message = update["edited_message"] {
      try read(message, update: id, isEdit: true, into: &poll)
    } else if let query = update["callback_query"] {
      return try readPress(query, update: id, into: &poll)
    } else if let reaction = update["message_reaction"] {
      try readReaction(reaction, into: &poll)
    } else if let member = update["my_chat_member"] {
      try readMembership(member, update: id, into: &poll)
    }
    // Other kinds were not asked for; some may still come for a while after the list was changed.
    return nil
  }

  // MARK: Messages

  private func read(
    _ value: JSONValue, update: Int, isEdit: Bool, into poll: inout Poll
  ) throws(Problem) {
    let message = try TelegramMessage(value)
    if let new = value["migrate_to_chat_id"]?.int { return tellMove(of: message.chat, to: new, update, value, &poll) }
    guard !message.isService, let sender = message.sender, sender.id != String(identity.id),
      !settings.ignoredSenders.contains(sender.id), isAnswered(message)
    else { return }
    let place = settings.rooms[String(message.chat)]
    let conversation = ConversationID(channel: channel, room: String(message.chat), thread: message.thread)
    if !isEdit, message.isGreeting(of: identity.username) {
      poll.notices.append(
        Notice(key: "start:\(conversation.description)", conversation: conversation, text: Self.greeting))
      return
    }
    let id = message.id.description
    let text = MatrixText.withoutAddress(message.words(of: identity.username), names: [identity.username])
    // Telegram calls it an edit, too, when a picture of a linked page has come.
    if texts.saidBefore(text, by: id, in: update), isEdit { return }
    poll.messages.append(
      Message(
        id: MessageID(channel: channel, id: isEdit ? "\(id)/e\(update)" : id), conversation: conversation,
        agency: place?.agency, sender: sender, text: text, sentAt: MessageTime.date(of: message.time, now: now),
        replyTo: message.replyTo.map { TelegramID(chat: message.chat, message: $0).description },
        editOf: isEdit ? id : nil, attachments: message.attachments, language: place?.language,
        region: place?.region))
  }

  private static let greeting = "Hello! Ask me your question here, in your own words."

  private func isAnswered(_ message: TelegramMessage) -> Bool {
    let answering = settings.rooms[String(message.chat)]?.answering ?? (message.isDirect ? .always : settings.groups)
    switch answering {
    case .always: return true
    case .never: return false
    case .addressed:
      return message.isDirect || message.repliesTo == identity.id || message.names(identity)
    }
  }

  // MARK: Buttons and thumbs

  private func readPress(
    _ query: JSONValue, update: Int, into poll: inout Poll
  ) throws(Problem) -> TelegramPress? {
    guard let id = query["id"]?.string, !id.isEmpty, id.utf8.count <= 100 else {
      throw Problem(reason: "is a pressed button without an id")
    }
    let person = try TelegramMessage.person(query["from"], "from")
    // A message sent by way of the bot into a chat that it is not in has no number, and nobody to answer.
    var press = TelegramPress(id: id, update: update, shows: "")
    guard let under = query["message"], let data = query["data"]?.string else { return press }
    let place = try TelegramMessage.place(under)
    guard !settings.ignoredSenders.contains(person.sender.id), !person.isBot,
      settings.rooms[String(place.id.chat)]?.answering != .never
    else { return press }
    switch data {
    case TelegramMarkup.helpful, TelegramMarkup.unhelpful:
      let isHelpful = data == TelegramMarkup.helpful
      // Whoever presses one button does not mean the other any more.
      poll.reactions.append(reaction(to: place.id, by: person.sender, !isHelpful, isRemoved: true, at: now))
      poll.reactions.append(reaction(to: place.id, by: person.sender, isHelpful, isRemoved: false, at: now))
      press.shows = isHelpful ? "👍" : "👎"
    default:
      guard let title = TelegramMarkup.choice(data, under: under) else {
        throw Problem(reason: "is a pressed button that this bot has not made")
      }
      let room = settings.rooms[String(place.id.chat)]
      var choice = place.id
      choice.suffix = "c\(id)"
      poll.messages.append(
        Message(
          id: MessageID(channel: channel, id: choice.description),
          conversation: ConversationID(channel: channel, room: String(choice.chat), thread: place.thread),
          agency: room?.agency, sender: person.sender, text: title, sentAt: now, replyTo: place.id.description,
          language: room?.language, region: room?.region))
    }
    return press
  }

  private func readReaction(_ value: JSONValue, into poll: inout Poll) throws(Problem) {
    let place = try TelegramMessage.place(value)
    let sender: Sender
    if value["user"] != nil {
      let person = try TelegramMessage.person(value["user"], "user")
      guard !person.isBot else { return }
      sender = person.sender
    } else {
      sender = try TelegramMessage.chatAsSender(value["actor_chat"], "actor_chat")
    }
    guard let before = value["old_reaction"]?.array, let after = value["new_reaction"]?.array else {
      throw Problem(reason: "is a reaction without lists of the old and the new")
    }
    guard !settings.ignoredSenders.contains(sender.id) else { return }
    let at = MessageTime.date(of: value["date"], now: now)
    for isHelpful in [true, false] {
      switch (Self.holds(before, isHelpful), Self.holds(after, isHelpful)) {
      case (false, true): poll.reactions.append(reaction(to: place.id, by: sender, isHelpful, isRemoved: false, at: at))
      case (true, false): poll.reactions.append(reaction(to: place.id, by: sender, isHelpful, isRemoved: true, at: at))
      default: break
      }
    }
  }

  private static func holds(_ reactions: [JSONValue], _ isHelpful: Bool) -> Bool {
    reactions.prefix(100).contains { reaction in
      reaction["type"]?.string == "emoji"
        && reaction["emoji"]?.string.flatMap(MatrixEventReader.isHelpful) == isHelpful
    }
  }

  private func reaction(
    to message: TelegramID, by sender: Sender, _ isHelpful: Bool, isRemoved: Bool, at: Date
  ) -> Reaction {
    Reaction(
      id: "\(message)/\(sender.id)/\(isHelpful ? "up" : "down")", message: message.description, sender: sender,
      isHelpful: isHelpful, isRemoved: isRemoved, at: at)
  }

  // MARK: The bot's own place

  /// What the settings say of a group holds for its number.
  private func tellMove(of chat: Int, to new: Int, _ update: Int, _ value: JSONValue, _ poll: inout Poll) {
    guard settings.rooms[String(chat)] != nil else { return }
    poll.unreadable.append(
      MessageReader.unreadable(
        id: "update \(update)",
        reason:
          "the group \(chat) has become a supergroup with the number \(new); name that under the channel's 'rooms'",
        raw: value.serializedBytes()))
  }

  /// Who takes the bot out of a group, or its right to write, keeps questions from being answered: staff are told.
  private func readMembership(_ value: JSONValue, update: Int, into poll: inout Poll) throws(Problem) {
    guard let chat = value["chat"], let id = chat["id"]?.int, let status = value["new_chat_member"]?["status"]?.string
    else { throw Problem(reason: "is a change of the bot's rights without a chat or a status") }
    guard chat["type"]?.string != "private" else { return }
    let cannotWrite = status == "restricted" && value["new_chat_member"]?["can_send_messages"]?.bool == false
    guard ["left", "kicked"].contains(status) || cannotWrite else { return }
    let what = cannotWrite ? "may not write in a group any more" : "was taken out of a group"
    poll.unreadable.append(
      MessageReader.unreadable(
        id: "update \(update)", reason: "the bot \(what); what is asked there is not answered (group \(id))",
        raw: value.serializedBytes()))
  }
}
