import JSON
import Support

/// The pointers of a field map, read once.
struct FieldPointers: Sendable {
  let messages, cursor: JSONPointer
  let id, conversation, senderID, text: JSONPointer
  /// A field whose pointer is empty is not there.
  let agency, senderName, time, thread, replyTo, editOf, attachments, language, region: JSONPointer?
  let attachmentName, attachmentURL, attachmentType, attachmentSize: JSONPointer?
  let replyConversation, replyText: JSONPointer
  let replyThread, replyInReplyTo, replyAuthor: JSONPointer?

  /// - Throws: `JSONPointerError`.
  init(_ map: WebhookSettings.FieldMap) throws(JSONPointerError) {
    messages = try JSONPointer(map.messages)
    cursor = try JSONPointer(map.cursor)
    id = try JSONPointer(map.id)
    conversation = try JSONPointer(map.conversation)
    senderID = try JSONPointer(map.senderID)
    text = try JSONPointer(map.text)
    agency = try Self.optional(map.agency)
    senderName = try Self.optional(map.senderName)
    time = try Self.optional(map.time)
    thread = try Self.optional(map.thread)
    replyTo = try Self.optional(map.replyTo)
    editOf = try Self.optional(map.editOf)
    attachments = try Self.optional(map.attachments)
    language = try Self.optional(map.language)
    region = try Self.optional(map.region)
    attachmentName = try Self.optional(map.attachmentName)
    attachmentURL = try Self.optional(map.attachmentURL)
    attachmentType = try Self.optional(map.attachmentType)
    attachmentSize = try Self.optional(map.attachmentSize)
    replyConversation = try JSONPointer(map.replyConversation)
    replyText = try JSONPointer(map.replyText)
    replyThread = try Self.optional(map.replyThread)
    replyInReplyTo = try Self.optional(map.replyInReplyTo)
    replyAuthor = try Self.optional(map.replyAuthor)
  }

  private static func optional(_ text: String) throws(JSONPointerError) -> JSONPointer? {
    text.isEmpty ? nil : try JSONPointer(text)
  }

  /// The body of a reply in the server's shape.
  /// - Throws: `JSONPointerError` where two pointers are in each other's way.
  func body(of reply: OutgoingReply) throws(JSONPointerError) -> JSONValue {
    let fields: [(JSONPointer?, String?)] = [
      (replyConversation, reply.conversation.room), (replyThread, reply.conversation.thread),
      (replyInReplyTo, reply.inReplyTo), (replyText, reply.text), (replyAuthor, reply.author),
    ]
    var body: JSONValue = [:]
    for (pointer, value) in fields {
      guard let pointer, let value else { continue }
      body = try body.setting(.string(value), at: pointer)
    }
    return body
  }
}
