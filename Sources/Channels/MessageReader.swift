import Foundation
import JSON
import Support

/// Reads one message of a webhook server, in whatever shape the field map describes.
struct MessageReader: Sendable {
  let channel: String
  let fields: FieldPointers
  /// Ids of senders whose messages are passed over.
  var ignoredSenders: Set<String> = []

  /// In bytes of UTF-8. A longer text is nothing that a person typed.
  static let maximumText = 64 << 10
  /// For ids, names, languages: in bytes of UTF-8.
  static let maximumName = 1 << 10
  static let maximumAttachments = 100
  /// Of what could not be read: in bytes of UTF-8.
  static let maximumRaw = 64 << 10

  /// Why a message cannot be read; the sentence goes on from "the message".
  struct Problem: Error {
    let reason: String
  }

  /// Puts the message into the poll: with its messages, or with what could not be read.
  func read(_ value: JSONValue, into poll: inout Poll, now: Date) {
    do throws(Problem) {
      let message = try message(value, now: now)
      if !ignoredSenders.contains(message.sender.id) { poll.messages.append(message) }
    } catch {
      let id = try? required(fields.id, "id", in: value)
      poll.unreadable.append(
        Self.unreadable(id: id, reason: "the message \(error.reason)", raw: value.serializedBytes()))
    }
  }

  /// A cursor that some other kind of server gave, or nobody.
  /// - Parameter consequence: what comes of it.
  static func foreign(
    cursor: String, to server: String, _ consequence: String = "what was said since is not answered"
  ) -> UnreadableMessage {
    unreadable(
      id: nil, reason: "the place where to go on is not one of \(server); \(consequence)", raw: Array(cursor.utf8))
  }

  static func unreadable(id: String?, reason: String, raw: some BidirectionalCollection<UInt8>) -> UnreadableMessage {
    var cut = raw.prefix(maximumRaw)
    if cut.count < raw.count {
      // Not in the middle of a character.
      while let last = cut.last, last & 0xC0 == 0x80 { cut = cut.dropLast() }
      if let last = cut.last, last >= 0xC0 { cut = cut.dropLast() }
    }
    return UnreadableMessage(id: id, reason: reason, raw: withoutNUL(String(decoding: cut, as: UTF8.self)))
  }

  private func message(_ value: JSONValue, now: Date) throws(Problem) -> Message {
    guard value.object != nil || value.array != nil else { throw Problem(reason: "is \(value.kind), not an object") }
    let id = try required(fields.id, "id", in: value)
    let room = try required(fields.conversation, "conversation", in: value)
    let sender = try required(fields.senderID, "sender id", in: value)
    let attachments = try attachments(in: value)
    return Message(
      id: MessageID(channel: channel, id: id),
      conversation: ConversationID(
        channel: channel, room: room, thread: try optional(fields.thread, "thread", in: value)),
      agency: try optional(fields.agency, "agency", in: value),
      sender: Sender(id: sender, name: try optional(fields.senderName, "sender name", in: value) ?? sender),
      text: try text(in: value, mayBeMissing: !attachments.isEmpty),
      sentAt: MessageTime.date(of: fields.time.flatMap { value.value(at: $0) }, now: now),
      replyTo: try optional(fields.replyTo, "reply-to", in: value),
      editOf: try optional(fields.editOf, "edit-of", in: value), attachments: attachments,
      language: try optional(fields.language, "language", in: value),
      region: try optional(fields.region, "region", in: value))
  }

  private func text(in message: JSONValue, mayBeMissing: Bool) throws(Problem) -> String {
    switch message.value(at: fields.text) {
    case .string(let text):
      guard text.utf8.count <= Self.maximumText else {
        throw Problem(reason: "has a text of \(text.utf8.count) bytes; at most \(Self.maximumText) are read")
      }
      return Self.withoutNUL(text)
    case .none, .null:
      guard mayBeMissing else { throw Problem(reason: "has no text at \(fields.text)") }
      return ""
    case .some(let other): throw Problem(reason: "has \(other.kind) for its text, not a string")
    }
  }

  private func required(_ pointer: JSONPointer, _ name: String, in message: JSONValue) throws(Problem) -> String {
    guard let text = try optional(pointer, name, in: message) else {
      throw Problem(reason: "has no \(name) at \(pointer)")
    }
    return text
  }

  /// A string, or an integer as its digits; nothing, null and the empty string are nil.
  private func optional(_ pointer: JSONPointer?, _ name: String, in value: JSONValue) throws(Problem) -> String? {
    guard let pointer, let found = value.value(at: pointer), !found.isNull else { return nil }
    guard let text = found.string ?? found.int.map(String.init) else {
      throw Problem(reason: "has \(found.kind) for its \(name), not a string")
    }
    guard text.utf8.count <= Self.maximumName else {
      throw Problem(reason: "has a \(name) of \(text.utf8.count) bytes; at most \(Self.maximumName) are read")
    }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw Problem(reason: "has control characters in its \(name)")
    }
    return text.isEmpty ? nil : text
  }

  private func attachments(in message: JSONValue) throws(Problem) -> [Attachment] {
    guard let pointer = fields.attachments, let found = message.value(at: pointer), !found.isNull else { return [] }
    guard let list = found.array else { throw Problem(reason: "has \(found.kind) for its attachments, not an array") }
    guard list.count <= Self.maximumAttachments else {
      throw Problem(reason: "has \(list.count) attachments; at most \(Self.maximumAttachments) are read")
    }
    var attachments: [Attachment] = []
    for one in list {
      guard one.object != nil else { throw Problem(reason: "has \(one.kind) for an attachment, not an object") }
      let size = fields.attachmentSize.flatMap { one.value(at: $0)?.int }
      attachments.append(
        Attachment(
          name: try optional(fields.attachmentName, "attachment name", in: one) ?? "attachment",
          url: try optional(fields.attachmentURL, "attachment address", in: one),
          mediaType: try optional(fields.attachmentType, "attachment type", in: one),
          size: size.flatMap { $0 >= 0 ? $0 : nil }))
    }
    return attachments
  }

  /// NUL ends a text in C and is refused by PostgreSQL; it is shown as a character that could not be read.
  private static func withoutNUL(_ text: String) -> String {
    guard text.utf8.contains(0) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\u{0}" ? "\u{FFFD}" : $0 }))
  }
}
