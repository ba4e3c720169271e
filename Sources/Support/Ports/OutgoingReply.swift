/// One reply on its way out.
package struct OutgoingReply: Sendable, Hashable {
  /// The outbox row.
  package var id: Int
  package var conversation: ConversationID
  /// The server's id of the message that it answers; nil for what a person wrote unasked.
  package var inReplyTo: String?
  /// Markdown.
  package var text: String
  /// "bot", or the name of the person who wrote it.
  package var author: String
  /// The same for every attempt at this reply, and for no other.
  package var idempotencyKey: String
  package var attempts: Int
  /// The server's ids of an earlier reply, all its pieces, that this one takes the place of: it is edited, and nothing new
  /// is written, where the server can do that. Empty for a new reply.
  package var replaces: [String]
  /// Titles that may be chosen from, for servers that have buttons; the text is complete without them.
  package var choices: [String]
  /// Whether to ask, as the server does such things, if the reply was helpful.
  package var asksWhetherHelped: Bool
  /// What the reply that this one takes the place of offered: what is offered no more is taken away.
  package var replacedOffer: ReplyOffer

  package init(
    id: Int, conversation: ConversationID, inReplyTo: String?, text: String, author: String, idempotencyKey: String,
    attempts: Int = 0, replaces: [String] = [], choices: [String] = [], asksWhetherHelped: Bool = false,
    replacedOffer: ReplyOffer = ReplyOffer()
  ) {
    self.id = id
    self.conversation = conversation
    self.inReplyTo = inReplyTo
    self.text = text
    self.author = author
    self.idempotencyKey = idempotencyKey
    self.attempts = attempts
    self.replaces = replaces
    self.choices = choices
    self.asksWhetherHelped = asksWhetherHelped
    self.replacedOffer = replacedOffer
  }
}

extension OutgoingReply {
  /// For channels that are not to offer any.
  package var withoutThumbs: OutgoingReply {
    var reply = self
    reply.asksWhetherHelped = false
    reply.replacedOffer.asksWhetherHelped = false
    return reply
  }
}
