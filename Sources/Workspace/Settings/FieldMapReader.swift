import Support

/// Reads the `fields` of a webhook channel: JSON pointers (RFC 6901) by the names of the protocol's fields.
struct FieldMapReader {
  let problems: ProblemLog

  private typealias FieldMap = WebhookSettings.FieldMap

  private static var fields: [(key: String, path: WritableKeyPath<WebhookSettings.FieldMap, String>)] {
    [
      ("messages", \.messages), ("cursor", \.cursor), ("id", \.id), ("conversation", \.conversation),
      ("agency", \.agency), ("sender_id", \.senderID), ("sender_name", \.senderName), ("text", \.text),
      ("time", \.time), ("thread", \.thread), ("reply_to", \.replyTo), ("edit_of", \.editOf),
      ("attachments", \.attachments), ("language", \.language), ("region", \.region),
      ("attachment_name", \.attachmentName), ("attachment_url", \.attachmentURL),
      ("attachment_type", \.attachmentType), ("attachment_size", \.attachmentSize),
      ("reply_conversation", \.replyConversation), ("reply_thread", \.replyThread),
      ("reply_in_reply_to", \.replyInReplyTo), ("reply_text", \.replyText), ("reply_author", \.replyAuthor),
    ]
  }

  func read(_ channel: YAMLMap) -> WebhookSettings.FieldMap {
    var map = FieldMap()
    let fields = Self.fields
    guard let below = channel.map("fields", what: "the fields", keys: fields.map(\.key)) else { return map }
    for (key, path) in fields {
      guard let node = below.entryQuietly(key) else {
        _ = below.entry(key)
        continue
      }
      // The empty pointer is the whole document and has to be written in quotes.
      if case .scalar("", isPlain: false) = node.content {
        map[keyPath: path] = ""
      } else if let line = below.text(key) {
        if Self.isPointer(line.text) {
          map[keyPath: path] = line.text
        } else {
          problems.error(
            at: line.location,
            "'\(key)' must be a JSON pointer such as /data/id; it begins with '/', and '~' only in ~0 and ~1.")
        }
      }
    }
    return map
  }

  private static func isPointer(_ text: String) -> Bool {
    guard text.hasPrefix("/") else { return false }
    return text.split(separator: "~", omittingEmptySubsequences: false).dropFirst()
      .allSatisfy { $0.hasPrefix("0") || $0.hasPrefix("1") }
  }
}
