import Foundation
import Ledger
import Support
import Testing

@Suite struct ChatRoomTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  private func type(_ text: String, in room: String = "r", id: String) async throws -> ChatLine {
    try await ledger.post(
      ChatDraft(
        conversation: room, sender: Sender(id: "u", name: "Dana"), agency: "Northlight", text: text, language: "en",
        region: "EU"),
      clientID: id, at: start)
  }

  @Test func `lines of one conversation, and what was typed in all of them, from a place on`() async throws {
    let one = try await type("one", id: "1")
    let reply = try await ledger.reply(
      ChatReply(conversation: "r", inReplyTo: "\(one.id)", author: "bot", text: "**hi**"), idempotencyKey: "k",
      at: start)
    let two = try await type("two", in: "s", id: "2")
    #expect(one.author == .member(Sender(id: "u", name: "Dana")))
    #expect(reply.author == .desk("bot"))
    #expect(reply.inReplyTo == "\(one.id)")
    #expect(try await ledger.lines(of: "r", after: 0, limit: 10) == [one, reply])
    #expect(try await ledger.lines(of: "r", after: one.id, limit: 10) == [reply])
    #expect(try await ledger.lines(of: "none", after: 0, limit: 10).isEmpty)
    #expect(try await ledger.typed(after: 0, limit: 10) == [one, two])
    #expect(try await ledger.typed(after: one.id, limit: 10) == [two])
    #expect(try await ledger.typed(after: 0, limit: 1) == [one])
    #expect(try await ledger.typed(after: 0, limit: -1).isEmpty)
  }

  @Test func `a line posted again is there once`() async throws {
    let first = try await type("one", id: "1")
    #expect(try await type("changed", id: "1") == first)
    #expect(try await ledger.typed(after: 0, limit: 10).count == 1)
  }

  @Test func `a reply repeated with its key is there once`() async throws {
    let reply = ChatReply(conversation: "r", inReplyTo: nil, author: "bot", text: "hi")
    let first = try await ledger.reply(reply, idempotencyKey: "k", at: start)
    #expect(try await ledger.reply(reply, idempotencyKey: "k", at: minutes(1)) == first)
    #expect(try await ledger.reply(reply, idempotencyKey: "k2", at: minutes(1)).id > first.id)
  }

  @Test func `guessing another conversation's client id shows nothing of it`() async throws {
    _ = try await type("secret", in: "victim", id: "1")
    let mine = try await type("mine", in: "attacker", id: "1")
    #expect(mine.text == "mine")
    _ = try await ledger.reply(
      ChatReply(conversation: "victim", inReplyTo: nil, author: "bot", text: "secret"), idempotencyKey: "k", at: start)
    #expect(try await type("mine", in: "victim", id: "k").text == "mine")
  }
}
