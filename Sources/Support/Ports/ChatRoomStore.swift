package import Foundation

/// Where the embedded chat keeps its messages. It is a chat server in its own right: the bot knows it only over HTTP.
/// All calls throw `LedgerError`.
package protocol ChatRoomStore: Sendable {
  /// Keeps what somebody typed on the page.
  /// - Parameter clientID: made by the page; a repeat of the same one gives the line that is already there.
  func post(_ draft: ChatDraft, clientID: String, at now: Date) async throws -> ChatLine

  /// Keeps a reply of the bot. A repeat of the same idempotency key gives the line that is already there.
  func reply(_ reply: ChatReply, idempotencyKey: String, at now: Date) async throws -> ChatLine

  /// Lines of one conversation with an id above `after`, oldest first.
  func lines(of conversation: String, after: Int, limit: Int) async throws -> [ChatLine]

  /// The lines that people typed, in all conversations, with an id above `after`, oldest first: what a poller reads.
  func typed(after: Int, limit: Int) async throws -> [ChatLine]
}

package struct ChatDraft: Sendable, Hashable {
  package var conversation: String
  package var sender: Sender
  package var agency: String?
  package var text: String
  package var language: String?
  package var region: String?

  package init(
    conversation: String, sender: Sender, agency: String?, text: String, language: String?, region: String?
  ) {
    self.conversation = conversation
    self.sender = sender
    self.agency = agency
    self.text = text
    self.language = language
    self.region = region
  }
}

package struct ChatReply: Sendable, Hashable {
  package var conversation: String
  /// The id of the line that it answers.
  package var inReplyTo: String?
  package var author: String
  /// Markdown.
  package var text: String

  package init(conversation: String, inReplyTo: String?, author: String, text: String) {
    self.conversation = conversation
    self.inReplyTo = inReplyTo
    self.author = author
    self.text = text
  }
}

/// One line of an embedded chat conversation.
package struct ChatLine: Sendable, Hashable {
  package enum Author: Sendable, Hashable {
    case member(Sender)
    /// "bot", or the name of the person who replied through it.
    case desk(String)
  }

  /// Rises over all conversations.
  package var id: Int
  package var conversation: String
  package var author: Author
  package var agency: String?
  package var text: String
  package var at: Date
  package var inReplyTo: String?
  package var language: String?
  package var region: String?

  package init(
    id: Int, conversation: String, author: Author, agency: String? = nil, text: String, at: Date,
    inReplyTo: String? = nil, language: String? = nil, region: String? = nil
  ) {
    self.id = id
    self.conversation = conversation
    self.author = author
    self.agency = agency
    self.text = text
    self.at = at
    self.inReplyTo = inReplyTo
    self.language = language
    self.region = region
  }
}
