import Foundation
import GRDB
import Support
import Testing

@testable import Ledger

/// Edits, what was taken back, thumbs and notices.
@Suite struct ArrivalTests {
  private let folder: TemporaryFolder
  private let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  private func edit(_ id: String, of original: String, text: String) -> Message {
    var edit = message(id)
    edit.editOf = original
    edit.text = text
    return edit
  }

  /// Answers what waits with its own words.
  private func answer() async throws {
    try await ledger.settle { message, state in
      decision(reply: Reply("re: \(message.text)"), matched: .article("payouts/late"), state: state)
    }
  }

  @discardableResult
  private func send() async throws -> [OutgoingReply] {
    var sent: [OutgoingReply] = []
    while let reply = try await ledger.sendable(at: start, limit: 1, leavingOut: []).first {
      sent.append(reply)
      let ids = reply.replaces.isEmpty ? ["$reply-\(reply.id)"] : reply.replaces
      try await ledger.markSent([SentReply(id: reply.id, at: start, serverIDs: ids)])
    }
    return sent
  }

  @Test func `an edit of what waits takes its place, and one answer is given`() async throws {
    _ = try await ledger.receive(
      Poll(messages: [message("1"), edit("2", of: "1", text: "better"), edit("3", of: "2", text: "best")]),
      from: "chat",
      at: start)
    try await answer()
    let sent = try await send()
    #expect(sent.map(\.text) == ["re: best"])
    #expect(sent.map(\.inReplyTo) == ["1"])
    #expect(try await ledger.undecidedCount(of: nil) == 0)
  }

  @Test func `an edit of what was answered is answered once, by editing the answer, however often it is edited`()
    async throws
  {
    _ = try await ledger.receive(Poll(messages: [message("1")]), from: "chat", at: start)
    try await answer()
    let first = try #require(try await send().first)
    #expect(first.replaces.isEmpty)
    for (id, original, text) in [("2", "1", "better"), ("3", "1", "best"), ("4", "3", "very best")] {
      let poll = Poll(messages: [edit(id, of: original, text: text)])
      _ = try await ledger.receive(poll, from: "chat", at: start)
      _ = try await ledger.receive(poll, from: "chat", at: start)
      try await answer()
      let sent = try await send()
      #expect(sent.map(\.text) == ["re: \(text)"])
      #expect(sent.map(\.replaces) == [["$reply-\(first.id)"]])
    }
  }

  @Test func `an edit that changes nothing about the answer rings nobody up`() async throws {
    _ = try await ledger.receive(Poll(messages: [edit("1", of: "0", text: "same")]), from: "chat", at: start)
    try await answer()
    // The one it edits is not known here: it is a question like any other, and answered under the known name.
    #expect(try await send().map(\.inReplyTo) == ["0"])
    _ = try await ledger.receive(Poll(messages: [edit("2", of: "1", text: "same")]), from: "chat", at: start)
    try await answer()
    #expect(try await send().isEmpty)
    #expect(try await ledger.undecidedCount(of: nil) == 0)
  }

  @Test func `an edit before its answer has been sent is sent behind it, as an edit of it`() async throws {
    _ = try await ledger.receive(Poll(messages: [message("1")]), from: "chat", at: start)
    try await answer()
    _ = try await ledger.receive(Poll(messages: [edit("2", of: "1", text: "better")]), from: "chat", at: start)
    try await answer()
    let sent = try await send()
    #expect(sent.count == 2)
    #expect(sent.last?.replaces == ["$reply-\(sent[0].id)"])
  }

  @Test func `somebody else's edit changes no question that waits`() async throws {
    var stranger = edit("2", of: "1", text: "hijacked")
    stranger.sender = Sender(id: "mallory", name: "M")
    _ = try await ledger.receive(Poll(messages: [message("1"), stranger]), from: "chat", at: start)
    let waiting = try await ledger.undecided(limit: 10).entries.map(\.message)
    #expect(waiting.first == message("1"))
  }

  @Test func `what was taken back before it was decided is not answered, and its words are gone`() async throws {
    let sender = Sender(id: "u", name: "U")
    _ = try await ledger.receive(
      Poll(messages: [message("1"), message("2")], redactions: [Redaction(target: "1", sender: sender, at: start)]),
      from: "chat", at: start)
    try await answer()
    #expect(try await send().map(\.inReplyTo) == ["2"])
    let lines = try await ledger.interactions(InteractionFilter(direction: .incoming))
    #expect(lines.map(\.decision) == [.silent, .answer])
    #expect(lines.first?.text == "(taken back before it was answered)")
    let stored = try await ledger.file.pool.read { try String.fetchAll($0, sql: "SELECT message FROM inbox") }
    #expect(!stored[0].contains(message("1").text))
    // Afterwards, and for what nobody knows, it changes nothing.
    for target in ["2", "unknown"] {
      _ = try await ledger.receive(
        Poll(redactions: [Redaction(target: target, sender: sender, at: start)]), from: "chat", at: start)
    }
    #expect(try await ledger.interactions(InteractionFilter(direction: .incoming)).count == 2)
  }

  @Test func `an edit that waits goes with its message when only that is taken back, and no other's`() async throws {
    let sender = Sender(id: "u1", name: "Dana")
    _ = try await ledger.receive(Poll(messages: [message("1"), message("5")]), from: "chat", at: start)
    try await answer()
    #expect(try await send().count == 2)
    // Of what was answered, of an edit of it, of what the ledger never had, and of another message.
    let edits = [
      edit("2", of: "1", text: "better"), edit("3", of: "2", text: "best"), edit("4", of: "old", text: "older"),
      edit("6", of: "5", text: "stays"),
    ]
    let redactions = ["1", "old"].map { Redaction(target: $0, sender: sender, at: minutes(1)) }
    _ = try await ledger.receive(Poll(messages: edits), from: "chat", at: start)
    // In another channel the same name is another message.
    _ = try await ledger.receive(Poll(redactions: redactions), from: "mail", at: start)
    #expect(try await ledger.undecidedCount(of: nil) == 4)
    for _ in 0..<2 { _ = try await ledger.receive(Poll(redactions: redactions), from: "chat", at: start) }
    #expect(try await ledger.undecided(limit: 9).entries.map(\.message.id.id) == ["6"])
    try await answer()
    #expect(try await send().map(\.text) == ["re: stays"])
    let silent = try await ledger.interactions(InteractionFilter(decision: .silent))
    #expect(silent.map(\.message) == ["2", "3", "4"])
    #expect(silent.allSatisfy { $0.text == "(taken back before it was answered)" })
    let stored = try await ledger.file.pool.read { try String.fetchAll($0, sql: "SELECT message FROM inbox") }
    #expect(!stored.contains { $0.contains("better") || $0.contains("best") || $0.contains("older") })
  }

  @Test func `a stored message that is damaged keeps no poll with something taken back from being taken in`()
    async throws
  {
    _ = try await ledger.receive(Poll(messages: [message("1"), message("2")]), from: "chat", at: start)
    try await ledger.file.pool.write { db in
      try db.execute(sql: "UPDATE inbox SET message = '{\"editOf\": \"3\"' WHERE message_id = '1'")
    }
    let sender = Sender(id: "u", name: "U")
    for target in ["3", "1", "2"] {
      _ = try await ledger.receive(
        Poll(redactions: [Redaction(target: target, sender: sender, at: start)], cursor: target), from: "chat",
        at: start)
      #expect(try await ledger.cursor(of: "chat") == target)
    }
  }

  @Test func `a thumb is kept with the reply it is under, and with what that said`() async throws {
    _ = try await ledger.receive(Poll(messages: [message("1")]), from: "chat", at: start)
    try await answer()
    let reply = try #require(try await send().first)
    let event = "$reply-\(reply.id)"
    let ben = Sender(id: "ben", name: "Ben")
    let poll = Poll(reactions: [
      Reaction(id: "r1", message: event, sender: ben, isHelpful: false, at: start),
      Reaction(id: "r2", message: "1", sender: ben, isHelpful: true, at: start),
      Reaction(id: "r3", message: event, sender: ben, isHelpful: true, at: start),
    ])
    for _ in 0..<2 { _ = try await ledger.receive(poll, from: "chat", at: start) }
    _ = try await ledger.receive(poll, from: "another", at: start)
    var feedback = try await ledger.feedback()
    #expect(feedback.map(\.isHelpful) == [false, true])
    #expect(feedback.allSatisfy { $0.matched == [.article("payouts/late")] && $0.removedAt == nil })
    let outgoing = try await ledger.interactions(InteractionFilter(direction: .outgoing))
    #expect(feedback.first?.interaction == outgoing.first?.id)
    #expect(feedback.first?.workspaceVersion == outgoing.first?.workspaceVersion)
    // Taken back in either of the two ways that servers have.
    let removed = Reaction(id: "r3", message: event, sender: ben, isHelpful: true, isRemoved: true, at: minutes(1))
    _ = try await ledger.receive(
      Poll(reactions: [removed], redactions: [Redaction(target: "r1", sender: ben, at: minutes(2))]), from: "chat",
      at: start)
    feedback = try await ledger.feedback()
    #expect(feedback.map(\.removedAt) == [minutes(2), minutes(1)])
  }

  @Test func `a thumb after an edit is about the newer words`() async throws {
    _ = try await ledger.receive(Poll(messages: [message("1")]), from: "chat", at: start)
    try await answer()
    let reply = try #require(try await send().first)
    _ = try await ledger.receive(Poll(messages: [edit("2", of: "1", text: "better")]), from: "chat", at: start)
    try await answer()
    try await send()
    let thumb = Reaction(
      id: "r", message: "$reply-\(reply.id)", sender: Sender(id: "b", name: "B"), isHelpful: true, at: start)
    _ = try await ledger.receive(Poll(reactions: [thumb]), from: "chat", at: start)
    let newest = try await ledger.interactions(InteractionFilter(direction: .outgoing)).last
    #expect(newest?.text == "re: better")
    #expect(try await ledger.feedback().map(\.interaction) == [newest?.id])
  }

  @Test func `a notice is said once in its channel, also after a restart`() async throws {
    let notice = Notice(
      key: "encrypted:!r", conversation: ConversationID(channel: "chat", room: "!r"), text: "I cannot read here.")
    for _ in 0..<2 { _ = try await ledger.receive(Poll(notices: [notice], cursor: "c"), from: "chat", at: start) }
    #expect(try await send().map(\.text) == ["I cannot read here."])
    let again = try SQLiteLedger(folder: folder.url)
    _ = try await again.receive(Poll(notices: [notice]), from: "chat", at: start)
    #expect(try await again.sendable(at: start, limit: 9, leavingOut: []).isEmpty)
  }

  @Test func `what was on its way is known after a crash, until its outcome is`() async throws {
    _ = try await ledger.receive(Poll(messages: [message("1"), message("2", thread: "t")]), from: "chat", at: start)
    try await answer()
    let replies = try await ledger.sendable(at: start, limit: 9, leavingOut: [])
    try await ledger.beginSending(replies.map(\.id))
    #expect(try await ledger.interruptedSends().map(\.id) == replies.map(\.id))
    try await ledger.markFailed(replies[0].id, error: "no", nextAttempt: start)
    #expect(try await ledger.interruptedSends().map(\.id) == [replies[1].id])
    try await ledger.markSent([SentReply(id: replies[1].id, at: start)])
    #expect(try await ledger.interruptedSends().isEmpty)
  }
}
