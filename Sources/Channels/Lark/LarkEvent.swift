import JSON
import Support

/// One message as Lark lists it (open.larksuite.com, "Get chat history").
struct LarkEvent: Sendable {
  var id: String
  /// In milliseconds since 1970.
  var time: Int
  /// The same where it was edited, otherwise 0.
  var edited: Int
  var isRecalled: Bool
  var kind: String
  /// Nil for what no person wrote.
  var person: String?
  var isOwn: Bool
  var parent: String?
  var thread: String?
  var mentionsBot: Bool
  var value: JSONValue

  /// Why a message cannot be read; the sentence goes on from "the message".
  struct Problem: Error {
    let reason: String
  }

  init(_ value: JSONValue, app: String, bot: String) throws(Problem) {
    guard value.object != nil else { throw Problem(reason: "is \(value.kind), not an object") }
    guard let id = Self.name(value["message_id"]) else { throw Problem(reason: "has no id at /message_id") }
    guard let time = Self.milliseconds(value["create_time"]) else {
      throw Problem(reason: "has no time at /create_time")
    }
    guard let sender = value["sender"], sender.object != nil else { throw Problem(reason: "has no sender at /sender") }
    self.id = id
    self.time = time
    self.value = value
    edited = value["updated"]?.bool == true ? Self.milliseconds(value["update_time"]) ?? 0 : 0
    isRecalled = value["deleted"]?.bool ?? false
    kind = value["msg_type"]?.string ?? ""
    parent = Self.name(value["parent_id"])
    thread = Self.name(value["thread_id"])
    let mentions = value["mentions"]?.array ?? []
    mentionsBot = mentions.contains { Self.id(of: $0) == bot }
    let senderID = Self.name(sender["id"])
    switch sender["sender_type"]?.string {
    case "user":
      guard let senderID else { throw Problem(reason: "has no sender at /sender/id") }
      person = senderID
      isOwn = false
    case "app":
      person = nil
      isOwn = senderID == app || senderID == bot
    default:
      // What the server itself says, and people who wish to be nobody.
      person = nil
      isOwn = false
    }
  }

  static func milliseconds(_ value: JSONValue?) -> Int? {
    guard let number = value?.int ?? value?.string.flatMap({ Int($0) }), number > 0, number < 1_000_000_000_000_000
    else {
      return nil
    }
    return number
  }

  /// Mentions name people as a string, or as an object of ids.
  static func id(of mention: JSONValue) -> String? { mention["id"]?.string ?? mention["id"]?["open_id"]?.string }

  private static func name(_ value: JSONValue?) -> String? {
    guard let text = value?.string, !text.isEmpty, text.utf8.count <= 256,
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return nil }
    return text
  }
}

/// What somebody wrote, out of the JSON that stands as a string inside the message.
struct LarkText {
  var text = ""
  var attachments: [Attachment] = []

  private let mentions: [JSONValue]
  private let bot: String

  init(_ event: LarkEvent, bot: String) throws(LarkEvent.Problem) {
    self.bot = bot
    mentions = (event.value["mentions"]?.array ?? []).prefix(100).map { $0 }
    guard let raw = event.value["body"]?["content"]?.string else {
      throw LarkEvent.Problem(reason: "has no content at /body/content")
    }
    guard raw.utf8.count <= 4 * MessageReader.maximumText else {
      throw LarkEvent.Problem(reason: "has \(raw.utf8.count) bytes of content; that is too much")
    }
    guard let content = try? JSONValue.parse(raw, maximumDepth: 64), content.object != nil else {
      throw LarkEvent.Problem(reason: "has a content that is not a JSON object")
    }
    switch event.kind {
    case "text":
      guard let words = content["text"]?.string else { throw LarkEvent.Problem(reason: "has no text") }
      text = named(words)
    case "post": text = post(content)
    case "image": attach(content["image_key"], name: "image", type: "image/*")
    case "file", "media", "audio", "folder":
      attach(content["file_key"], name: content["file_name"]?.string ?? event.kind, type: nil)
    default: attach(nil, name: event.kind.isEmpty ? "attachment" : event.kind, type: nil)
    }
    text = MessageText.withoutNUL(Self.trimmed(text))
    guard text.utf8.count <= MessageReader.maximumText else {
      throw LarkEvent.Problem(
        reason: "has a text of \(text.utf8.count) bytes; at most \(MessageReader.maximumText) are read")
    }
  }

  /// Noted, and never fetched: the key says to the API which file it is.
  private mutating func attach(_ key: JSONValue?, name: String, type: String?) {
    guard attachments.count < MessageReader.maximumAttachments else { return }
    let shown = MessageText.withoutNUL(String(name.prefix(1_000)))
    attachments.append(
      Attachment(
        name: shown.isEmpty ? "attachment" : shown, url: key?.string.map { "lark:" + String($0.prefix(300)) },
        mediaType: type))
  }

  /// `@_user_1` is somebody; the bot itself is no part of what is said.
  private func named(_ words: String) -> String {
    var words = words
    // The longest keys first: `@_user_1` also begins `@_user_10`.
    let keys = mentions.compactMap { mention -> (key: String, name: String)? in
      guard let key = mention["key"]?.string, key.hasPrefix("@"), key.utf8.count > 1 else { return nil }
      if LarkEvent.id(of: mention) == bot { return (key, "") }
      return (key, "@" + String((mention["name"]?.string ?? "somebody").prefix(200)))
    }
    for (key, name) in keys.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) {
      words = words.replacing(key, with: name)
    }
    return words.replacing("@_all", with: "@all")
  }

  /// Rich text: a title, and paragraphs of pieces; where it was written in several languages, the first of them.
  private mutating func post(_ content: JSONValue) -> String {
    var content = content
    if content["content"]?.array == nil, let first = content.object?.first(where: { $0.value["content"] != nil }) {
      content = first.value
    }
    var lines: [String] = []
    if let title = content["title"]?.string, !title.isEmpty { lines.append(title) }
    for paragraph in (content["content"]?.array ?? []).prefix(2_000) {
      lines.append((paragraph.array ?? []).prefix(2_000).map { piece($0) }.joined())
    }
    return lines.joined(separator: "\n")
  }

  private mutating func piece(_ piece: JSONValue) -> String {
    let words = piece["text"]?.string ?? ""
    switch piece["tag"]?.string {
    case "a":
      let address = piece["href"]?.string ?? ""
      return address.isEmpty || address == words ? words : words.isEmpty ? address : "\(words) (\(address))"
    case "at":
      let id = piece["user_id"]?.string ?? ""
      if id == bot { return "" }
      let known = mentions.first { $0["key"]?.string == id }
      if let known, LarkEvent.id(of: known) == bot { return "" }
      if id == "all" || id == "@_all" { return "@all" }
      return "@" + (piece["user_name"]?.string ?? known?["name"]?.string ?? "somebody")
    case "img", "media":
      attach(piece["image_key"] ?? piece["file_key"], name: "image", type: nil)
      return ""
    case "emotion": return piece["emoji_type"]?.string.map { ":\($0):" } ?? ""
    default: return named(words)
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text.drop { $0.isWhitespace || $0 == "," || $0 == ":" }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
