import Foundation
import Support
import Testing

@testable import Matching

@Suite struct FloodTests {
  private static let start = Date(timeIntervalSince1970: 1_795_428_000)

  /// What is decided on messages of these senders at these seconds, one after the other.
  private static func decisions(_ messages: [(sender: String, second: Double)], limit: Int = 3) -> [Decision] {
    var content = Desk.content()
    content.settings.flood = FloodSettings(messages: limit, seconds: 60)
    let matcher = Matcher(content)
    var state = ConversationState()
    return messages.enumerated().map { number, message in
      let decision = matcher.decide(
        Message(
          id: MessageID(channel: "chat", id: "\(number)"), conversation: ConversationID(channel: "chat", room: "room"),
          sender: Sender(id: message.sender, name: message.sender), text: "where do i get a new badge",
          sentAt: start + message.second), in: state, at: start + 600)
      state = decision.nextState
      return decision
    }
  }

  private static func kinds(_ decisions: [Decision]) -> [String] {
    decisions.map { $0.kind == .answer ? "answer" : $0.reply == nil ? "silent" : "notice" }
  }

  @Test func `who writes too much is told once, and answered again when the time is over`() {
    let flood = (0..<6).map { ("a", Double($0)) } + [("a", 61)]
    let decided = Self.decisions(flood)
    #expect(Self.kinds(decided) == ["answer", "answer", "answer", "notice", "silent", "silent", "answer"])
    #expect(decided[3].reply?.markdown(ticket: nil).contains("more messages at once") == true)
    #expect(decided[4].parts[0].explanation.contains { $0.text.contains("More than 3 messages") })
  }

  @Test func `others in the room are answered meanwhile`() {
    let room = (0..<5).flatMap { [("noisy", Double($0)), ("calm \($0)", Double($0))] }
    let decided = Self.decisions(room)
    #expect(Self.kinds(decided).enumerated().filter { $0.offset % 2 == 1 }.allSatisfy { $0.element == "answer" })
    #expect(Self.kinds(decided)[6] == "notice")
  }

  @Test func `what was said in an hour and comes in at once is no flood`() {
    #expect(Self.kinds(Self.decisions((0..<8).map { ("a", Double($0) * 30) })).allSatisfy { $0 == "answer" })
  }

  @Test func `without a limit nothing is counted`() {
    let decided = Self.decisions((0..<8).map { ("a", Double($0)) }, limit: 0)
    #expect(Self.kinds(decided).allSatisfy { $0 == "answer" })
    #expect(decided.last?.nextState.paces == nil)
  }

  @Test func `a clock that goes back, and a room full of names, leave little behind`() {
    let decided = Self.decisions([("a", 0), ("a", -30), ("a", -90)] + (0..<40).map { ("b\($0)", Double($0)) })
    #expect(Self.kinds(decided).allSatisfy { $0 == "answer" })
    #expect((decided.last?.nextState.paces?.count ?? 0) <= 20)
  }
}
