package import JSON

/// A message of the chat webhook protocol, as its server gives it out.
package struct IncomingMessage: Sendable, Hashable {
  package var id: String
  package var conversation: String
  package var senderID: String
  package var senderName: String
  package var text: String
  /// RFC 3339.
  package var time: String

  package init(
    id: String, conversation: String, senderID: String = "u1", senderName: String = "Ana", text: String,
    time: String = "2026-11-23T09:00:00Z"
  ) {
    self.id = id
    self.conversation = conversation
    self.senderID = senderID
    self.senderName = senderName
    self.text = text
    self.time = time
  }

  package var json: JSONValue {
    [
      "id": .string(id), "conversation": .string(conversation),
      "sender": ["id": .string(senderID), "name": .string(senderName)], "text": .string(text), "time": .string(time),
    ]
  }
}

/// A reply that the server shows.
package struct AcceptedReply: Sendable, Hashable {
  package var key: String
  package var conversation: String
  package var thread: String?
  package var inReplyTo: String?
  package var text: String
  package var author: String?
  /// How often it came: more than once is allowed, with the same key and the same content.
  package var deliveries = 1

  func isSame(as other: AcceptedReply) -> Bool {
    var other = other
    other.deliveries = deliveries
    return self == other
  }
}

/// A key that was used for two different replies.
package struct ConflictingReply: Sendable, Hashable {
  package var accepted: AcceptedReply
  package var refused: AcceptedReply
}
