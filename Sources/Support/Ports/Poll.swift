package import Foundation

/// What one poll of a chat server brought.
package struct Poll: Sendable, Hashable {
  /// In the server's order.
  package var messages: [Message]
  /// What the server sent that is not a message the bot can read: kept for staff, never dropped.
  package var unreadable: [UnreadableMessage]
  /// What people think of replies, in the server's order.
  package var reactions: [Reaction]
  /// What people took back: messages, and reactions where the server tells of those in the same way.
  package var redactions: [Redaction]
  /// What is to be said because of how a room is, not because of what somebody wrote there.
  package var notices: [Notice]
  /// The server's ids of messages that the bot itself has written, where the settings want a canary: proof that a poll brings
  /// what is said, and nothing else.
  package var echoes: [String]
  /// Where to go on; nil when the server gave none.
  package var cursor: String?

  package init(
    messages: [Message] = [], unreadable: [UnreadableMessage] = [], reactions: [Reaction] = [],
    redactions: [Redaction] = [], notices: [Notice] = [], echoes: [String] = [], cursor: String? = nil
  ) {
    self.messages = messages
    self.unreadable = unreadable
    self.reactions = reactions
    self.redactions = redactions
    self.notices = notices
    self.echoes = echoes
    self.cursor = cursor
  }

  /// Whether it brought nothing but, perhaps, a cursor and echoes.
  package var isEmpty: Bool {
    messages.isEmpty && unreadable.isEmpty && reactions.isEmpty && redactions.isEmpty && notices.isEmpty
  }
}

/// A piece of a poll that could not be read as a message.
package struct UnreadableMessage: Sendable, Hashable, Codable {
  /// The server's id, where it had one.
  package var id: String?
  /// What is wrong with it, for staff.
  package var reason: String
  /// As it came, cut at 64 KiB.
  package var raw: String

  package init(id: String?, reason: String, raw: String) {
    self.id = id
    self.reason = reason
    self.raw = raw
  }
}

/// A thumb up or down, or a button that means one, under a message.
package struct Reaction: Sendable, Hashable, Codable {
  /// The server's own id of the reaction, or one made by the channel from message, sender and sign: unique in the channel.
  package var id: String
  /// The server's id of the message that was reacted to, as `Channel.send` gave it or as a `MessageID` has it.
  package var message: String
  package var sender: Sender
  package var isHelpful: Bool
  /// Whether the sender took it back.
  package var isRemoved: Bool
  /// The server's clock.
  package var at: Date

  package init(id: String, message: String, sender: Sender, isHelpful: Bool, isRemoved: Bool = false, at: Date) {
    self.id = id
    self.message = message
    self.sender = sender
    self.isHelpful = isHelpful
    self.isRemoved = isRemoved
    self.at = at
  }
}

/// Something was taken back.
package struct Redaction: Sendable, Hashable, Codable {
  /// The server's id of the message or reaction that is no more.
  package var target: String
  /// Who took it back; not always who wrote it.
  package var sender: Sender
  /// The server's clock.
  package var at: Date

  package init(target: String, sender: Sender, at: Date) {
    self.target = target
    self.sender = sender
    self.at = at
  }
}

/// Something to say once in a room: that it is encrypted, for instance, and the bot cannot read there.
package struct Notice: Sendable, Hashable, Codable {
  /// Unique in the channel: under one key something is said once, however often a poll brings it.
  package var key: String
  package var conversation: ConversationID
  /// Markdown.
  package var text: String

  package init(key: String, conversation: ConversationID, text: String) {
    self.key = key
    self.conversation = conversation
    self.text = text
  }
}
