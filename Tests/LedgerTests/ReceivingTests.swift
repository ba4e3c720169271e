import Foundation
import Ledger
import Support
import Testing

@Suite struct ReceivingTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  @Test func `messages and cursor are there after one poll, in the order of arrival by turns`() async throws {
    #expect(try await ledger.cursor(of: "chat") == nil)
    let intake = try await ledger.take(message("b"), message("a"), message("c", in: "other"), cursor: "7")
    #expect(intake == Intake(new: 3, known: 0, setAside: 0))
    #expect(try await ledger.cursor(of: "chat") == "7")
    #expect(try await ledger.cursor(of: "elsewhere") == nil)
    let batch = try await ledger.undecided(limit: 10)
    #expect(batch.entries.map(\.message.id.id) == ["b", "c", "a"])
    #expect(batch.entries.map(\.receivedAt) == [start, start, start])
    #expect(batch.states.count == 2)
    #expect(try await ledger.undecided(limit: 2).entries.count == 2)
    #expect(try await ledger.undecided(limit: -1).entries.isEmpty)
  }

  @Test func `a message comes back as it was`() async throws {
    var full = message("m", thread: "t", attachments: [Attachment(name: "a.png", url: "https://x.example/a", size: 3)])
    full.replyTo = "x"
    full.editOf = "y"
    full.language = "pt-BR"
    full.region = "BR"
    _ = try await ledger.take(full)
    #expect(try await ledger.undecided(limit: 1).entries.first?.message == full)
  }

  @Test func `the same id twice, in one poll or two, counts once, whatever the second says`() async throws {
    let first = try await ledger.take(message("1", text: "first"), message("1", text: "second"))
    #expect(first == Intake(new: 1, known: 1, setAside: 0))
    #expect(try await ledger.take(message("1", in: "other", text: "third")) == Intake(new: 0, known: 1, setAside: 0))
    #expect(try await ledger.take(message("1", channel: "mail")).new == 1)
    let texts = try await ledger.undecided(limit: 10).entries.map(\.message.text)
    #expect(texts == ["first", "text of 1"])
  }

  @Test func `a poll without a cursor keeps the old one`() async throws {
    _ = try await ledger.take(message("1"), cursor: "5")
    _ = try await ledger.take(message("2"))
    #expect(try await ledger.cursor(of: "chat") == "5")
    _ = try await ledger.receive(Poll(cursor: "6"), from: "chat", at: start)
    #expect(try await ledger.cursor(of: "chat") == "6")
  }

  @Test func `an empty poll writes nothing`() async throws {
    _ = try await ledger.take(message("1"), cursor: "5")
    let before = try await ledger.changeCounter()
    _ = try await ledger.receive(Poll(), from: "chat", at: start)
    _ = try await ledger.receive(Poll(cursor: "5"), from: "chat", at: start)
    #expect(try await ledger.changeCounter() == before)
  }

  @Test func `what cannot be read is set aside, and once when the server repeats it`() async throws {
    let poll = Poll(
      unreadable: [
        UnreadableMessage(id: "9", reason: "no text", raw: "{\"id\":9}"),
        UnreadableMessage(id: nil, reason: "not an object", raw: "[1]"),
        UnreadableMessage(id: nil, reason: "not an object", raw: "[2]"),
      ])
    #expect(try await ledger.receive(poll, from: "chat", at: start).setAside == 3)
    let again = try await ledger.receive(poll, from: "chat", at: minutes(1))
    #expect(again == Intake(new: 0, known: 3, setAside: 0))
    let items = try await ledger.setAside(limit: 10)
    #expect(items.map(\.text) == ["[2]", "[1]", "{\"id\":9}"])
    #expect(
      items.last
        == SetAsideItem(
          kind: .unreadable, at: start, channel: "chat", id: "9", reason: "no text", text: "{\"id\":9}"))
    #expect(try await ledger.setAside(limit: 1).count == 1)
  }

  @Test func `a thousand messages at once`() async throws {
    let messages = (0..<1000).map { message("\($0)", in: "room \($0 % 7)") }
    #expect(try await ledger.receive(Poll(messages: messages), from: "chat", at: start).new == 1000)
    #expect(try await ledger.backlog() == Backlog(undecided: 1000, unsent: 0, held: 0))
    #expect(try await ledger.undecidedCount(of: nil) == 1000)
    try await ledger.settle(limit: 200)
    #expect(try await ledger.backlog() == Backlog(undecided: 0, unsent: 1000, held: 0))
  }

  @Test func `what waits is counted by channel, and how long`() async throws {
    #expect(try await ledger.queues().isEmpty)
    _ = try await ledger.receive(Poll(messages: [message("1"), message("2")]), from: "chat", at: start)
    #expect(try await ledger.queues() == [ChannelQueue(channel: "chat", undecided: 2, oldest: start)])
    try await ledger.settle(limit: 10)
    let queue = try #require(try await ledger.queues().first)
    #expect((queue.undecided, queue.unsent, queue.held) == (0, 2, 0))
    #expect(queue.lag(at: try #require(queue.oldest) + 7) == 7)
    #expect(queue.lag(at: .distantPast) == 0)
    for reply in try await ledger.sendable() { try await ledger.hold(reply.id, reason: "r", at: start) }
    for reply in try await ledger.sendable() { try await ledger.markSent([SentReply(id: reply.id, at: start)]) }
    let left = try #require(try await ledger.queues().first)
    #expect((left.unsent, left.held, left.oldest) == (0, 1, nil))
  }

  @Test func `a flood in one room waits for itself`() async throws {
    let flood = (0..<500).map { message("flood \($0)", in: "noisy") }
    _ = try await ledger.receive(Poll(messages: flood), from: "chat", at: start)
    let others = (0..<6).map { message("other \($0)", in: "room \($0 % 3)") }
    _ = try await ledger.receive(Poll(messages: others), from: "chat", at: start)
    let batch = try await ledger.undecided(limit: 10).entries.map(\.message.id.id)
    #expect(
      batch == [
        "flood 0", "other 0", "other 1", "other 2", "flood 1", "other 3", "other 4", "other 5", "flood 2", "flood 3",
      ])
    try await ledger.settle(limit: 10)
    #expect(try await ledger.undecidedCount(of: "chat") == 0)
    #expect(try await ledger.undecidedCount(of: "another") == 0)
  }

  @Test func `the room itself and its threads are conversations of their own`() async throws {
    _ = try await ledger.take(message("1"), message("2", thread: "t"), message("3", thread: ""))
    #expect(try await ledger.undecided(limit: 10).states.count == 3)
  }
}
