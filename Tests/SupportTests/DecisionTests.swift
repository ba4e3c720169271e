import Foundation
import Support
import Testing

@Suite struct DecisionTests {
  static func decision(_ parts: [Decision.Part]) -> Decision {
    Decision(parts: parts, reply: nil, language: "en", nextState: ConversationState(), workspaceVersion: "v")
  }

  static func part(_ kind: Decision.Kind, _ candidates: [(String, Double)] = [], ticket: TicketEffect? = nil)
    -> Decision.Part
  {
    Decision.Part(
      text: "q", kind: kind, matched: candidates.first.map { .intent($0.0) },
      candidates: candidates.map { Candidate(id: .intent($0.0), title: $0.0, confidence: $0.1) },
      confidence: candidates.first?.1 ?? 0, ticket: ticket)
  }

  @Test func `the neediest part names the whole, in any order`() {
    let rising: [Decision.Kind] = [.silent, .answer, .clarify, .collect, .escalate]
    for (place, one) in rising.enumerated() {
      for (other, two) in rising.enumerated() {
        #expect(Self.decision([Self.part(one), Self.part(two)]).kind == rising[max(place, other)])
      }
    }
    #expect(Self.decision([]).kind == .silent)
  }

  @Test func `it is no surer than its least sure part`() {
    #expect(Self.decision([Self.part(.answer, [("a", 0.9)]), Self.part(.answer, [("b", 0.4)])]).confidence == 0.4)
    #expect(Self.decision([]).confidence == 0)
  }

  @Test func `candidates of several parts are one list, each once, the likeliest first`() {
    let decision = Self.decision([
      Self.part(.answer, [("a", 0.5), ("b", 0.4)]), Self.part(.answer, [("b", 0.8), ("c", 0.5), ("a", 0.1)]),
    ])
    #expect(decision.candidates.map(\.title) == ["b", "a", "c"])
    #expect(decision.candidates.map(\.confidence) == [0.8, 0.5, 0.5])
  }

  @Test func `candidates of one part stay in their order`() {
    #expect(Self.decision([Self.part(.answer, [("b", 0.1), ("a", 0.9)])]).candidates.map(\.title) == ["b", "a"])
    #expect(Self.decision([]).candidates.isEmpty)
  }

  @Test func `the first that matched is what matched, and every effect counts`() {
    let decision = Self.decision([
      Self.part(.silent), Self.part(.answer, [("b", 1)], ticket: .append(ticket: 1)),
      Self.part(.answer, [("c", 1)], ticket: .reopen(ticket: 2)),
    ])
    #expect(decision.matched == .intent("b"))
    #expect(decision.ticketEffects == [.append(ticket: 1), .reopen(ticket: 2)])
  }

  @Test(arguments: ["intent:payout-late", "article:payouts/late-payout", "intent:a:b", "article::a", "intent: "])
  func `a candidate reads back as it was written`(text: String) throws {
    let id = try #require(CandidateID(text))
    #expect(id.description == text)
    #expect(try JSONDecoder().decode(CandidateID.self, from: JSONEncoder().encode(id)) == id)
  }

  @Test(arguments: [
    ("nothing", ""), ("no kind", ":a"), ("no id", "intent:"), ("no colon", "intent"), ("another kind", "ticket:1"),
    ("capitals", "Intent:a"), ("a blank before it", " intent:a"), ("a colon before it", ":intent:a"), ("colons", "::"),
  ])
  func `what is no candidate is refused`(name: String, text: String) {
    #expect(CandidateID(text) == nil, "\(name)")
    #expect(throws: DecodingError.self, "\(name)") {
      try JSONDecoder().decode(CandidateID.self, from: JSONEncoder().encode(text))
    }
  }

  @Test func `replies are joined with a blank line between them`() {
    #expect(Reply.joined([]) == nil)
    #expect(Reply.joined([Reply("a")]) == Reply("a"))
    #expect(Reply.joined([Reply("a"), Reply("b"), Reply("c")])?.markdown(ticket: nil) == "a\n\nb\n\nc")
  }

  @Test func `the number of a new ticket stands in the reply once it is known`() throws {
    let reply = Reply(pieces: [.text("Your ticket is "), .ticketNumber, .text(".")])
    #expect(reply.markdown(ticket: 12) == "Your ticket is #12.")
    #expect(reply.markdown(ticket: nil) == "Your ticket is #(new).")
    let joined = try #require(Reply.joined([Reply("One."), reply]))
    #expect(joined.markdown(ticket: 12) == "One.\n\nYour ticket is #12.")
  }
}

@Suite struct ChannelHealthTests {
  let start = Date(timeIntervalSince1970: 1_795_428_000)

  @Test func `a channel has ninety seconds for its first poll, and for each one after it`() {
    var health = ChannelHealth(channel: "chat", since: start)
    #expect(health.isHealthy(at: start) && health.isHealthy(at: start + 90))
    #expect(!health.isHealthy(at: start + 91))
    health.lastGoodPoll = start + 60
    #expect(health.isHealthy(at: start + 150) && !health.isHealthy(at: start + 151))
    health.patience = 60
    #expect(!health.isHealthy(at: start + 150))
  }

  @Test func `a clock that was set back makes nobody ill`() {
    #expect(ChannelHealth(channel: "chat", since: start).isHealthy(at: start - 3600))
  }
}
