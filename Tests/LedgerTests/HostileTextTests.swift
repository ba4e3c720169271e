import Foundation
import Ledger
import Support
import Testing

@Suite struct HostileTextTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
  }

  @Test(arguments: [
    "a NUL \0 in the middle", "\0", "bidi \u{202E}drawkcab\u{2066}", "zero\u{200B}width\u{FEFF}",
    "'; DROP TABLE inbox; --",
    "replacement \u{FFFD}", "emoji 👩‍👩‍👧‍👦 e\u{301}", "line\r\nbreaks\u{2028}\u{2029}", "",
  ])
  func `text comes through unchanged: in messages, replies, tickets, log and chat`(text: String) async throws {
    _ = try await ledger.take(message("1", text: text, agency: text))
    try await ledger.settle { message, state in
      decision(.escalate, reply: Reply("> \(message.text)"), effects: [.open(draft(message.text))], state: state)
    }
    #expect(try await ledger.ticket(1)?.draft.question == text)
    #expect(try await ledger.ticket(1)?.agency == text)
    #expect(try await ledger.interactions(InteractionFilter(agency: text)).map(\.text) == [text, "> \(text)"])
    #expect(try await ledger.sendable().map(\.text) == ["> \(text)"])
    let post = ChatDraft(
      conversation: text, sender: Sender(id: text, name: text), agency: text, text: text, language: nil, region: nil)
    let line = try await ledger.post(post, clientID: text, at: start)
    #expect(line.text == text)
    #expect(try await ledger.lines(of: text, after: 0, limit: 5) == [line])
  }

  @Test func `ids that differ behind a NUL are two`() async throws {
    _ = try await ledger.take(message("a\0b", in: "r\0x"), message("a\0c", in: "r\0y"), message("a", in: "r"))
    let batch = try await ledger.undecided(limit: 10)
    #expect(batch.entries.map(\.message.id.id) == ["a\0b", "a\0c", "a"])
    #expect(batch.states.count == 3)
    try await ledger.settle()
    #expect(Set(try await ledger.sendable().map(\.idempotencyKey)).count == 3)
  }

  @Test func `rooms that look alike, composed and decomposed, are both answered`() async throws {
    _ = try await ledger.take(message("1", in: "caf\u{E9}"), message("2", in: "cafe\u{301}"))
    #expect(try await ledger.undecided(limit: 10).entries.count == 1)
    try await ledger.settle()
    #expect(try await ledger.sendAll() == ["re: 1", "re: 2"])
  }

  @Test func `a message of one megabyte`() async throws {
    let text = String(repeating: "x", count: 1 << 20)
    _ = try await ledger.take(message("1", text: text))
    try await ledger.settle(escalate)
    #expect(try await ledger.interactions(InteractionFilter()).first?.text == text)
  }

  // Seconds, not dates: an infinite date cannot even be printed.
  @Test(arguments: [64_092_211_200, -62_135_769_600, Double.infinity, -1e300, .nan])
  func `a time that nobody can vouch for`(seconds: Double) async throws {
    let time = Date(timeIntervalSince1970: seconds)
    _ = try await ledger.take(message("1", sentAt: time))
    #expect(try await ledger.settle() == 1)
  }

  @Test func `a score that is no number`() async throws {
    _ = try await ledger.take(message("1"))
    try await ledger.settle { _, state in
      var made = decision(state: state)
      made.parts[0].confidence = .nan
      made.parts[0].explanation = [Evidence(.policy, "odd", score: .infinity)]
      return made
    }
    let line = try #require(try await ledger.interactions(InteractionFilter()).first)
    #expect(line.parts.first?.confidence.isNaN == true)
    #expect(line.parts.first?.explanation.first?.score == .infinity)
  }

  @Test func `an id that would break a header gives a key that does not`() async throws {
    let ids = [
      "1\r\nX-Evil: yes", "ключ", String(repeating: "long", count: 5000), String(repeating: "long", count: 5001),
    ]
    for (index, id) in ids.enumerated() { _ = try await ledger.take(message(id, in: "\(index)")) }
    try await ledger.settle()
    let keys = try await ledger.sendable().map(\.idempotencyKey)
    #expect(Set(keys).count == ids.count)
    for key in keys {
      #expect(key.utf8.count <= 200)
      #expect(key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }
  }

  @Test func `a clock that jumps back changes no order and makes no negative latency`() async throws {
    _ = try await ledger.take(message("1"), at: minutes(60))
    _ = try await ledger.take(message("2"), at: minutes(0))
    try await ledger.settle(at: minutes(-60))
    #expect(try await ledger.sendAll(at: minutes(-120)) == ["re: 1", "re: 2"])
    let log = try await ledger.interactions(InteractionFilter())
    #expect(log.map(\.message) == ["1", "1", "2", "2"])
    #expect(log.allSatisfy { $0.latencyMilliseconds == 0 })
  }
}
