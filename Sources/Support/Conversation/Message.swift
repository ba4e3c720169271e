package import Foundation

/// A message's name on its own server: unique together with the channel that brought it.
package struct MessageID: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The name of the channel in `greenroom.yml`.
  package var channel: String
  /// The server's own id.
  package var id: String

  package init(channel: String, id: String) {
    self.channel = channel
    self.id = id
  }

  package var description: String { "\(channel)/\(id)" }
}

/// Where people talk: a room or a direct chat, or one thread in it. Order is kept, and state is held, per conversation.
package struct ConversationID: Sendable, Hashable, Codable, CustomStringConvertible {
  package var channel: String
  /// The server's own id of the room or direct chat.
  package var room: String
  /// The thread in that room; nil for the room itself.
  package var thread: String?

  package init(channel: String, room: String, thread: String? = nil) {
    self.channel = channel
    self.room = room
    self.thread = thread
  }

  package var description: String {
    thread.map { "\(channel)/\(room)#\($0)" } ?? "\(channel)/\(room)"
  }
}

/// Who wrote a message.
package struct Sender: Sendable, Hashable, Codable {
  package var id: String
  /// As people see it; the id where the server gave no name.
  package var name: String

  package init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}

/// A file that came with a message. It is noted, never fetched.
package struct Attachment: Sendable, Hashable, Codable {
  package var name: String
  package var url: String?
  package var mediaType: String?
  /// In bytes.
  package var size: Int?

  package init(name: String, url: String? = nil, mediaType: String? = nil, size: Int? = nil) {
    self.name = name
    self.url = url
    self.mediaType = mediaType
    self.size = size
  }
}

/// One message of an agency, as a channel read it. Its text is hostile until proven otherwise.
package struct Message: Sendable, Hashable, Codable {
  package var id: MessageID
  package var conversation: ConversationID
  /// The agency (creator network) the sender speaks for, where the channel knows it.
  package var agency: String?
  package var sender: Sender
  package var text: String
  /// The server's clock: shown to people, never used for order.
  package var sentAt: Date
  /// The server's id of the message this one answers.
  package var replyTo: String?
  /// The server's id of the message that this one replaces.
  package var editOf: String?
  package var attachments: [Attachment]
  /// BCP 47, where the channel says it.
  package var language: String?
  /// ISO 3166 country or the workspace's own region name, where the channel says it.
  package var region: String?

  package init(
    id: MessageID, conversation: ConversationID, agency: String? = nil, sender: Sender, text: String, sentAt: Date,
    replyTo: String? = nil, editOf: String? = nil, attachments: [Attachment] = [], language: String? = nil,
    region: String? = nil
  ) {
    self.id = id
    self.conversation = conversation
    self.agency = agency
    self.sender = sender
    self.text = text
    self.sentAt = sentAt
    self.replyTo = replyTo
    self.editOf = editOf
    self.attachments = attachments
    self.language = language
    self.region = region
  }
}
