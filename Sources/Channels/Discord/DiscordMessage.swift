import Foundation
import JSON
import Support

/// A message as the API gives it, bounds checked.
struct DiscordMessage {
  /// Why a message cannot be read; the sentence goes on from "the message".
  struct Problem: Error {
    let reason: String
  }

  let id: Snowflake
  let sender: Sender
  /// Of bots, webhooks and Discord itself.
  let isAutomatic: Bool
  /// Whether it only tells of something that happened.
  let isService: Bool
  let content: String
  let time: JSONValue?
  /// As the server wrote it; nil where nobody has changed the message.
  let edited: String?
  let replyTo: Snowflake?
  let repliesTo: Snowflake?
  let attachments: [Attachment]
  /// Who is named, with the names that people see.
  let mentions: [Snowflake: String]

  private static let longestText = 64 << 10

  init(_ value: JSONValue) throws(Problem) {
    guard value.object != nil else { throw Problem(reason: "is \(value.kind), not an object") }
    guard let id = Snowflake(value["id"]) else { throw Problem(reason: "has no id that is one") }
    guard let author = value["author"], let user = Snowflake(author["id"]) else {
      throw Problem(reason: "has no author with an id")
    }
    self.id = id
    sender = Sender(
      id: "\(user)", name: Self.name(value["member"]?["nick"]) ?? Self.name(of: author) ?? "\(user)")
    isAutomatic =
      author["bot"]?.bool == true || author["system"]?.bool == true
      || (value["webhook_id"].map { !$0.isNull } ?? false)
    guard let type = value["type"]?.int else { throw Problem(reason: "has no type") }
    isService = type != 0 && type != 19
    guard let words = value["content"]?.string else { throw Problem(reason: "has no content") }
    guard words.utf8.count <= Self.longestText else {
      throw Problem(reason: "has a text of \(words.utf8.count) bytes; at most \(Self.longestText) are read")
    }
    content = MessageText.withoutNUL(words)
    time = value["timestamp"]
    edited = value["edited_timestamp"]?.string.flatMap { $0.utf8.count <= 64 && !$0.isEmpty ? $0 : nil }
    // A forwarded message refers to the original as well, in another way.
    let isReply = (value["message_reference"]?["type"]?.int ?? 0) == 0
    replyTo = isReply ? Snowflake(value["message_reference"]?["message_id"]) : nil
    repliesTo = isReply ? Snowflake(value["referenced_message"]?["author"]?["id"]) : nil
    attachments = Self.attachments(of: value)
    var mentions: [Snowflake: String] = [:]
    for mention in (value["mentions"]?.array ?? []).prefix(1_000) {
      guard let id = Snowflake(mention["id"]) else { continue }
      mentions[id] = Self.name(mention["member"]?["nick"]) ?? Self.name(of: mention) ?? "\(id)"
    }
    self.mentions = mentions
  }

  func names(_ bot: Snowflake) -> Bool {
    mentions[bot] != nil || content.contains("<@\(bot)>") || content.contains("<@!\(bot)>")
  }

  /// What people read: names for numbers, no address of the bot at the start.
  func text(for bot: Snowflake) -> String {
    var text = content
    for mark in ["<@\(bot)>", "<@!\(bot)>"] where text.hasPrefix(mark) {
      let words = text.dropFirst(mark.count).drop { $0.isWhitespace || $0 == "," || $0 == ":" }
      if !words.isEmpty || !attachments.isEmpty { text = String(words) }
    }
    for (id, name) in mentions.sorted(by: { $0.key < $1.key }) {
      for mark in ["<@\(id)>", "<@!\(id)>"] where text.contains(mark) {
        // A name that repeated the mark would make it grow; it is replaced once.
        text = text.split(separator: mark, omittingEmptySubsequences: false).joined(separator: "@\(name)")
      }
      guard text.utf8.count <= 2 * Self.longestText else { return content }
    }
    return text
  }

  private static func name(of user: JSONValue) -> String? { name(user["global_name"]) ?? name(user["username"]) }

  private static func name(_ value: JSONValue?) -> String? {
    guard let words = value?.string?.prefix(200).filter({ !$0.isNewline }), words.contains(where: { !$0.isWhitespace })
    else { return nil }
    return MessageText.withoutNUL(words)
  }

  private static func attachments(of value: JSONValue) -> [Attachment] {
    func text(_ value: JSONValue?) -> String? {
      value?.string.flatMap { $0.isEmpty ? nil : MessageText.withoutNUL(String($0.prefix(1_000))) }
    }
    var attachments = (value["attachments"]?.array ?? []).prefix(100).map { file in
      Attachment(
        name: text(file["filename"]) ?? "attachment", url: text(file["url"]), mediaType: text(file["content_type"]),
        size: file["size"]?.int.flatMap { $0 >= 0 ? $0 : nil })
    }
    for sticker in (value["sticker_items"]?.array ?? []).prefix(10) {
      attachments.append(Attachment(name: "sticker \(text(sticker["name"]) ?? "")"))
    }
    if value["poll"]?.object != nil { attachments.append(Attachment(name: "poll")) }
    // What somebody forwards stands beside the message's own words.
    if value["message_snapshots"]?.array?.isEmpty == false { attachments.append(Attachment(name: "forwarded message")) }
    return attachments
  }
}
