import Foundation
import GRDB
import Support
import Testing

@testable import Ledger

/// What can be pressed under a reply stands with it, as long as the reply does.
@Suite struct OfferTests {
  private let folder: TemporaryFolder
  private let ledger: SQLiteLedger
  private static let choice = ReplyOffer(choices: ["Payouts, \"late\"", "Impôts 👍", "\u{0}"])
  private static let thumbs = ReplyOffer(asksWhetherHelped: true)

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  private func ask(_ id: String, editing original: String? = nil) async throws {
    var asked = message(id)
    asked.editOf = original
    _ = try await ledger.take(asked)
  }

  private func decide(_ text: String, _ offer: ReplyOffer) async throws {
    try await ledger.settle { _, state in
      var made = decision(reply: Reply(text), state: state)
      made.offer = offer
      return made
    }
  }

  private func next() async throws -> OutgoingReply? { try await ledger.sendable().first }

  private func offer(_ reply: OutgoingReply?) -> ReplyOffer? {
    reply.map { ReplyOffer(choices: $0.choices, asksWhetherHelped: $0.asksWhetherHelped) }
  }

  @Test func `a reply has the same buttons at every attempt, after a restart, and when it was on its way`()
    async throws
  {
    try await ask("1")
    try await decide("Which?", Self.choice)
    let reply = try #require(try await next())
    #expect(offer(reply) == Self.choice && reply.replacedOffer == ReplyOffer())
    try await ledger.markFailed(reply.id, error: "503", nextAttempt: start)
    #expect(offer(try await next()) == Self.choice)
    try await ledger.beginSending([reply.id])
    let again = try SQLiteLedger(folder: folder.url)
    let interrupted = try #require(try await again.interruptedSends().first)
    #expect(offer(interrupted) == Self.choice)
    var expected = reply
    expected.attempts = 1
    #expect(interrupted == expected)
    #expect(try await again.sendable() == [expected])
  }

  @Test func `an edited answer has its own buttons and knows those it takes the place of`() async throws {
    try await ask("1")
    try await decide("Which?", Self.choice)
    let first = try #require(try await next())
    try await ledger.markSent([SentReply(id: first.id, at: start, serverIDs: ["$1"])])
    try await ask("2", editing: "1")
    try await decide("This.", Self.thumbs)
    let second = try #require(try await next())
    #expect(second.replaces == ["$1"] && offer(second) == Self.thumbs && second.replacedOffer == Self.choice)
    try await ledger.markSent([SentReply(id: second.id, at: start, serverIDs: ["$1"])])
    try await ask("3", editing: "1")
    try await decide("Nothing.", ReplyOffer())
    let third = try #require(try await next())
    #expect(third.replaces == ["$1"] && offer(third) == ReplyOffer() && third.replacedOffer == Self.thumbs)
  }

  @Test func `the same words with other buttons are an edit, with the same buttons none`() async throws {
    try await ask("1")
    try await decide("This.", ReplyOffer())
    let first = try #require(try await next())
    try await ledger.markSent([SentReply(id: first.id, at: start, serverIDs: ["$1"])])
    try await ask("2", editing: "1")
    try await decide("This.", ReplyOffer())
    #expect(try await next() == nil)
    try await ask("3", editing: "1")
    try await decide("This.", Self.thumbs)
    #expect(offer(try await next()) == Self.thumbs)
  }

  @Test func `what a person writes and a notice offer nothing`() async throws {
    try await ask("1")
    try await ledger.settle { message, state in
      var made = escalate(message, state)
      made.offer = Self.thumbs
      return made
    }
    try await ledger.act(.reply(text: "By hand."), on: 1, by: "Ines", at: start)
    let notice = Notice(key: "k", conversation: ConversationID(channel: "chat", room: "!r"), text: "Note.")
    _ = try await ledger.receive(Poll(notices: [notice]), from: "chat", at: start)
    let first = try #require(try await next())
    #expect(offer(first) == Self.thumbs)
    try await ledger.markSent([SentReply(id: first.id, at: start)])
    #expect(try await ledger.sendable().map(\.text) == ["By hand.", "Note."])
    #expect(try await ledger.sendable().allSatisfy { offer($0) == ReplyOffer() })
  }

  @Test(arguments: ["", "{", "[1]", "null", "\"x\"", "{\"a\":1}"])
  func `buttons that cannot be read keep no reply from being sent`(_ stored: String) async throws {
    try await ask("1")
    try await decide("Which?", Self.choice)
    try await ledger.file.pool.write { try $0.execute(sql: "UPDATE outbox SET choices = ?", arguments: [stored]) }
    let reply = try #require(try await next())
    #expect(reply.text == "Which?" && reply.choices.isEmpty)
  }
}
