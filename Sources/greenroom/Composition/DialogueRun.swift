import Bot
import Foundation
import Matching
import Support
import Workspace

/// One dialogue of an author, played and held against what it expects.
struct DialogueRun {
  private let matcher: Matcher
  private let dialogue: Dialogue

  init(_ matcher: Matcher, _ dialogue: Dialogue) {
    self.matcher = matcher
    self.dialogue = dialogue
  }

  /// Everything that did not go as written, with its place; empty when all did.
  func complaints() -> [String] {
    var conversation = Rehearsal(matcher, at: dialogue.at, language: dialogue.language, region: dialogue.region)
    var complaints: [String] = []
    for step in dialogue.steps {
      do {
        switch step.action {
        case .wait(let duration): conversation.now.addTimeInterval(duration.inSeconds)
        case .take(let person): _ = try conversation.act(.take, by: person)
        case .reply(let text): _ = try conversation.act(.reply(text: text), by: Self.owner(conversation))
        case .resolve: _ = try conversation.act(.resolve, by: Self.owner(conversation))
        case .agency(let text, let expected):
          let exchange = conversation.say(text)
          complaints += check(exchange, expected).map { "\(step.location): “\(text)”: \($0)" }
        }
      } catch {
        complaints.append("\(step.location): \(error)")
      }
    }
    return complaints
  }

  /// Whoever has the ticket goes on with it.
  private static func owner(_ conversation: Rehearsal) -> String { conversation.tickets.last?.owner ?? "desk" }

  private func check(_ exchange: Rehearsal.Exchange, _ expected: Dialogue.Expectation) -> [String] {
    var complaints: [String] = []
    let decision = exchange.decision
    if let kind = expected.decision, kind != decision.kind {
      complaints.append("expected \(kind.rawValue), got \(decision.kind.rawValue) (\(reasons(decision)))")
    }
    if let wanted = expected.matched,
      !decision.parts.contains(where: { $0.matched.map { matcher.catalogue.areSame($0, wanted) } ?? false })
    {
      complaints.append("expected \(wanted), got \(decision.matched?.description ?? "nothing") (\(reasons(decision)))")
    }
    let reply = exchange.reply ?? ""
    for text in expected.replyContains where !reply.localizedCaseInsensitiveContains(text) {
      complaints.append("the reply lacks “\(text)”: \(reply.prefix(160))")
    }
    for text in expected.replyLacks where reply.localizedCaseInsensitiveContains(text) {
      complaints.append("the reply must not contain “\(text)”")
    }
    switch expected.ticket {
    case nil: break
    case .noTicket?:
      if let opened = exchange.opened { complaints.append("expected no ticket, got one in \(opened.draft.queue)") }
    case .opened(let wanted)?:
      guard let opened = exchange.opened else {
        return complaints + ["expected a ticket, got none (\(reasons(decision)))"]
      }
      complaints += differences(opened.draft, wanted)
    }
    return complaints
  }

  private func differences(_ draft: TicketDraft, _ wanted: Dialogue.TicketExpectation) -> [String] {
    var found: [String] = []
    if let queue = wanted.queue, queue != draft.queue { found.append("expected queue \(queue), got \(draft.queue)") }
    if let priority = wanted.priority, priority != draft.priority {
      found.append("expected priority \(priority.rawValue), got \(draft.priority.rawValue)")
    }
    for tag in wanted.tags where !draft.tags.contains(tag) {
      found.append("expected the tag \(tag), got \(draft.tags)")
    }
    for (name, value) in wanted.slots.sorted(by: { $0.key < $1.key }) where draft.slots[name] != value {
      found.append("expected \(name) = “\(value)”, got “\(draft.slots[name] ?? "nothing")”")
    }
    return found
  }

  private func reasons(_ decision: Decision) -> String {
    decision.candidates.prefix(3).map { "\($0.id) \(String(format: "%.2f", $0.confidence))" }.joined(separator: ", ")
  }
}
