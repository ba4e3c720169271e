package import Foundation
package import Support

/// The embedded chat's store in memory, with the same promises as one on disk: ids rise, repeats give the first line.
package actor InMemoryChatRoomStore: ChatRoomStore {
  private var all: [ChatLine] = []
  private var byClientID: [String: Int] = [:]
  private var byKey: [String: Int] = [:]
  private var failure: LedgerError?

  package init() {}

  /// From now on every call throws `error`; nil: works again.
  package func fail(with error: LedgerError?) { failure = error }

  /// Everything that was kept, oldest first.
  package var lines: [ChatLine] { all }

  package func post(_ draft: ChatDraft, clientID: String, at now: Date) throws -> ChatLine {
    if let failure { throw failure }
    if let index = byClientID[clientID] { return all[index] }
    byClientID[clientID] = all.count
    return append(
      ChatLine(
        id: all.count + 1, conversation: draft.conversation, author: .member(draft.sender), agency: draft.agency,
        text: draft.text, at: now, language: draft.language, region: draft.region))
  }

  package func reply(_ reply: ChatReply, idempotencyKey: String, at now: Date) throws -> ChatLine {
    if let failure { throw failure }
    if let index = byKey[idempotencyKey] { return all[index] }
    byKey[idempotencyKey] = all.count
    return append(
      ChatLine(
        id: all.count + 1, conversation: reply.conversation, author: .desk(reply.author), text: reply.text, at: now,
        inReplyTo: reply.inReplyTo))
  }

  package func lines(of conversation: String, after: Int, limit: Int) throws -> [ChatLine] {
    if let failure { throw failure }
    return Array(all.lazy.filter { $0.conversation == conversation && $0.id > after }.prefix(limit))
  }

  package func typed(after: Int, limit: Int) throws -> [ChatLine] {
    if let failure { throw failure }
    let typed = all.lazy.filter { line in
      if case .member = line.author { line.id > after } else { false }
    }
    return Array(typed.prefix(limit))
  }

  private func append(_ line: ChatLine) -> ChatLine {
    all.append(line)
    return line
  }
}
