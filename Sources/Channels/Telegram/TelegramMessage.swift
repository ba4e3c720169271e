import Foundation
import JSON
import Support

/// A message as an update brings it (Bot API, "Message"), bounds checked.
struct TelegramMessage {
  typealias Problem = TelegramUpdateReader.Problem

  let id: TelegramID
  let thread: String?
  let isDirect: Bool
  /// Nil for other bots, and for posts that a linked channel puts into its group by itself.
  let sender: Sender?
  /// Unix time.
  let time: JSONValue?
  let replyTo: Int?
  /// Whose message it answers.
  let repliesTo: Int?
  let attachments: [Attachment]
  /// Whether it only tells of something that happened: somebody joined, a picture was changed.
  let isService: Bool
  private let text: String
  private let entities: [JSONValue]

  var chat: Int { id.chat }

  /// In UTF-16 code units; Telegram's own bound is 4,096, and that of captions less.
  private static let longestText = 64 << 10
  private static let mostEntities = 1_000

  init(_ value: JSONValue) throws(Problem) {
    let place = try Self.place(value)
    id = place.id
    thread = place.thread
    isDirect = place.isDirect
    sender = try Self.sender(of: value, chat: place.id.chat)
    time = value["date"]
    let answered = value["reply_to_message"]
    // The first message of a topic is what all others in it formally answer.
    let isTopicOnly = answered?["forum_topic_created"] != nil
    replyTo = isTopicOnly ? nil : answered?["message_id"]?.int.flatMap { Self.isID($0) ? $0 : nil }
    repliesTo = isTopicOnly ? nil : answered?["from"]?["id"]?.int
    attachments = TelegramAttachments.read(value)
    switch value["text"] ?? value["caption"] {
    case .string(let words):
      guard words.utf16.count <= Self.longestText else {
        throw Problem(reason: "has a text of \(words.utf16.count) characters; at most \(Self.longestText) are read")
      }
      text = MessageText.withoutNUL(words)
      isService = false
    case .none, .null:
      text = ""
      isService = attachments.isEmpty && TelegramAttachments.isService(value)
      guard isService || !attachments.isEmpty else { throw Problem(reason: "has neither text nor a file known here") }
    case .some(let other): throw Problem(reason: "has \(other.kind) for its text, not a string")
    }
    entities = Array((value["entities"] ?? value["caption_entities"])?.array?.prefix(Self.mostEntities) ?? [])
  }

  // MARK: Words

  /// The text, with commands as the words that they are.
  func words(of username: String) -> String {
    guard text.hasPrefix("/"), let command = piece(0), piece(0, of: "bot_command") != nil else { return text }
    let name = command.dropFirst().prefix { $0 != "@" }
    return String(name + text.dropFirst(command.count))
  }

  /// `/start` is what everybody's first message is, whether they want to say it or not.
  func isGreeting(of username: String) -> Bool {
    guard let command = piece(0, of: "bot_command")?.lowercased() else { return false }
    let address = "@\(username.lowercased())"
    return ["/start", "/help", "/start\(address)", "/help\(address)"].contains(command)
  }

  /// Whether the words name the bot.
  func names(_ identity: TelegramIdentity) -> Bool {
    let address = "@\(identity.username.lowercased())"
    for entity in entities {
      switch entity["type"]?.string {
      case "mention" where words(entity)?.lowercased() == address: return true
      case "bot_command" where words(entity)?.lowercased().hasSuffix(address) == true: return true
      case "text_mention" where entity["user"]?["id"]?.int == identity.id: return true
      default: break
      }
    }
    return false
  }

  /// The words of the entity that begins at an offset.
  private func piece(_ offset: Int, of type: String = "bot_command") -> String? {
    entities.first { $0["offset"]?.int == offset && $0["type"]?.string == type }.flatMap(words)
  }

  /// Offsets and lengths are in UTF-16 code units; they may be anything.
  private func words(_ entity: JSONValue) -> String? {
    guard let offset = entity["offset"]?.int, let length = entity["length"]?.int, offset >= 0, length > 0,
      offset <= Self.longestText, length <= Self.longestText
    else { return nil }
    let units = text.utf16
    guard let start = units.index(units.startIndex, offsetBy: offset, limitedBy: units.endIndex),
      let end = units.index(start, offsetBy: length, limitedBy: units.endIndex)
    else { return nil }
    return String(units[start..<end])
  }

  // MARK: People and places

  /// Chat, number and topic of a message, or of what is told of one.
  static func place(_ value: JSONValue) throws(Problem) -> (id: TelegramID, thread: String?, isDirect: Bool) {
    guard value.object != nil else { throw Problem(reason: "has \(value.kind) for its message, not an object") }
    guard let chat = value["chat"]?["id"]?.int, chat != 0, isID(abs(chat.clamped)) else {
      throw Problem(reason: "has no chat id that is one")
    }
    guard let number = value["message_id"]?.int, isID(number) else {
      throw Problem(reason: "has no message_id that is one")
    }
    var thread: String?
    // Replies have a thread in groups without topics as well, which nobody can write to.
    if value["is_topic_message"]?.bool == true, let topic = value["message_thread_id"]?.int, isID(topic) {
      thread = String(topic)
    }
    return (TelegramID(chat: chat, message: number), thread, value["chat"]?["type"]?.string == "private")
  }

  static func person(_ value: JSONValue?, _ name: String) throws(Problem) -> (sender: Sender, isBot: Bool) {
    guard let id = value?["id"]?.int, isID(id) else { throw Problem(reason: "has no id for whoever is its '\(name)'") }
    let names = ["first_name", "last_name"].compactMap { value?[$0]?.string }.map { shown($0) }.filter { !$0.isEmpty }
    let username = value?["username"]?.string.map { shown($0) } ?? ""
    let words = names.isEmpty ? username : names.joined(separator: " ")
    return (Sender(id: String(id), name: words.isEmpty ? String(id) : words), value?["is_bot"]?.bool == true)
  }

  static func chatAsSender(_ value: JSONValue?, _ name: String) throws(Problem) -> Sender {
    guard let id = value?["id"]?.int, isID(abs(id.clamped)) else {
      throw Problem(reason: "has no id for whoever is its '\(name)'")
    }
    let title = shown(value?["title"]?.string ?? "")
    return Sender(id: String(id), name: title.isEmpty ? String(id) : title)
  }

  private static func sender(of value: JSONValue, chat: Int) throws(Problem) -> Sender? {
    if value["is_automatic_forward"]?.bool == true { return nil }
    // Group administrators who stay unnamed, and people who write as a channel of theirs.
    if let asChat = value["sender_chat"] { return try chatAsSender(asChat, "sender_chat") }
    let person = try person(value["from"], "from")
    return person.isBot ? nil : person.sender
  }

  private static func shown(_ name: String) -> String {
    let words = name.prefix(200).filter { !$0.isNewline && $0 != "\u{0}" }
    return words.contains { !$0.isWhitespace } ? MessageText.withoutNUL(words) : ""
  }

  private static func isID(_ number: Int) -> Bool { (1..<TelegramUpdateReader.largestID).contains(number) }
}

extension Int {
  /// Far from where a change of sign overflows.
  fileprivate var clamped: Int { Swift.max(self, -Int.max) }
}
