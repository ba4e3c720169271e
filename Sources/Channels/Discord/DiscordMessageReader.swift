import Foundation
import JSON
import Support

/// Turns messages of the API into what a poll brings.
struct DiscordMessageReader: Sendable {
  let channel: String
  let settings: DiscordSettings
  let bot: Snowflake
  let memory: DiscordMemory
  let now: Date

  func read(_ value: JSONValue, in place: DiscordPolling.Place, into poll: inout Poll) {
    do throws(DiscordMessage.Problem) {
      let message = try DiscordMessage(value)
      guard !message.isService, isFromPerson(message) else {
        if message.sender.id == "\(bot)" {
          if place.isThread { memory.rememberOwnThread(place.id) }
          if settings.canary != nil { poll.echoes.append("\(message.id)") }
        }
        return
      }
      let isForBot = isForBot(message, in: place)
      memory.remember(message.id, .init(edited: message.edited, isForBot: isForBot))
      guard isForBot else { return }
      guard !message.content.isEmpty || !message.attachments.isEmpty else {
        throw DiscordMessage.Problem(
          reason: "has no words that the bot may see; turn Message Content Intent on in the Developer Portal")
      }
      poll.messages.append(shown(message, in: place, editOf: nil))
    } catch {
      poll.unreadable.append(
        MessageReader.unreadable(
          id: Snowflake(value["id"]).map { "\($0)" }, reason: "the message \(error.reason)",
          raw: value.serializedBytes()))
    }
  }

  /// Reads a message again that may have been changed.
  /// - Returns: whether it was.
  func readChange(_ message: DiscordMessage, in place: DiscordPolling.Place, into poll: inout Poll) {
    guard !message.isService, isFromPerson(message), !message.content.isEmpty || !message.attachments.isEmpty else {
      return
    }
    let wasForBot = memory.known(message.id)?.isForBot ?? false
    let isForBot = wasForBot || isForBot(message, in: place)
    memory.remember(message.id, .init(edited: message.edited, isForBot: isForBot))
    guard isForBot else { return }
    poll.messages.append(shown(message, in: place, editOf: message.id))
  }

  func isFromPerson(_ message: DiscordMessage) -> Bool {
    !message.isAutomatic && message.sender.id != "\(bot)" && !settings.ignoredSenders.contains(message.sender.id)
  }

  private func isForBot(_ message: DiscordMessage, in place: DiscordPolling.Place) -> Bool {
    switch settings.rooms["\(place.room)"]?.answering ?? (place.isDirect ? .always : settings.answering) {
    case .always: true
    case .never: false
    case .addressed:
      message.names(bot) || message.repliesTo == bot || (place.isThread && memory.isOwnThread(place.id))
    }
  }

  private func shown(_ message: DiscordMessage, in place: DiscordPolling.Place, editOf: Snowflake?) -> Message {
    let room = settings.rooms["\(place.room)"]
    return Message(
      id: MessageID(
        channel: channel, id: editOf == nil ? "\(message.id)" : "\(message.id)/e\(message.edited ?? "")"),
      conversation: ConversationID(
        channel: channel, room: "\(place.room)", thread: place.isThread ? "\(place.id)" : nil),
      agency: room?.agency, sender: message.sender, text: message.text(for: bot),
      sentAt: MessageTime.date(of: message.time, now: now), replyTo: message.replyTo.map { "\($0)" },
      editOf: editOf.map { "\($0)" }, attachments: message.attachments, language: room?.language, region: room?.region)
  }
}
