import Foundation
import Insights
import Support

/// Short ways to write lines of a log in tests.
enum Log {
  static let week = "2026-W47"
  /// Monday of that week, 00:00 UTC.
  static let monday = Date(timeIntervalSince1970: 1_794_787_200)

  static func message(
    _ id: Int, at seconds: Double = 0, agency: String = "Lumen", room: String = "r1", _ parts: [Decision.Part],
    language: String? = "en"
  ) -> Interaction {
    Interaction(
      id: id, direction: .incoming, at: monday.addingTimeInterval(seconds), agency: agency,
      conversation: ConversationID(channel: "chat", room: room), message: "m\(id)", author: "Maya",
      text: parts.map(\.text).joined(separator: " "), decision: parts.map(\.kind).max(), parts: parts,
      language: language, result: .decided)
  }

  static func asked(_ id: Int, _ text: String, agency: String = "Lumen", kind: Decision.Kind = .escalate) -> Interaction
  {
    message(id, at: Double(id), agency: agency, [Decision.Part(text: text, kind: kind)])
  }

  static func answered(_ id: Int, _ matched: CandidateID, at seconds: Double = 0, room: String = "r1") -> Interaction {
    message(id, at: seconds, room: room, [Decision.Part(text: "q\(id)", kind: .answer, matched: matched)])
  }

  static func reply(
    _ id: Int, milliseconds: Double?, author: String = "bot", result: Interaction.Result = .sent
  ) -> Interaction {
    Interaction(
      id: id, direction: .outgoing, at: monday.addingTimeInterval(Double(id)), agency: "Lumen",
      conversation: ConversationID(channel: "chat", room: "r1"), author: author, text: "…",
      latencyMilliseconds: milliseconds, result: result)
  }

  static func ticket(
    _ number: Int, opened: Double, due: Double = 14_400, replied: Double? = nil, resolved: Double? = nil,
    queue: String = "general", priority: TicketPriority = .normal, question: String = "help"
  ) -> Ticket {
    Ticket(
      number: number, agency: "Lumen", conversation: ConversationID(channel: "chat", room: "r1"),
      requester: Sender(id: "u", name: "Maya"),
      draft: TicketDraft(
        queue: queue, priority: priority, question: question,
        firstResponseDue: monday.addingTimeInterval(opened + due)),
      state: resolved == nil ? .open : .resolved, openedAt: monday.addingTimeInterval(opened),
      updatedAt: monday.addingTimeInterval(opened), firstResponseAt: replied.map { monday.addingTimeInterval($0) },
      resolvedAt: resolved.map { monday.addingTimeInterval($0) })
  }

  static func article(
    _ id: String, title: String? = nil, translationOf: String? = nil, audience: Article.Audience = .agency,
    from: String? = nil, until: String? = nil
  ) -> Article {
    Article(
      id: id, title: title ?? id, language: "en", translationOf: translationOf,
      validFrom: from.flatMap { CalendarDay($0) },
      validUntil: until.flatMap { CalendarDay($0) }, audience: audience, body: "…",
      location: SourceLocation(file: "knowledge/\(id).md"))
  }

  static func intent(_ id: String, _ action: Intent.Action) -> Intent {
    Intent(
      id: id, title: "Intent \(id)", language: "en", action: action, location: SourceLocation(file: "intents/\(id).yml")
    )
  }

  static func update(
    _ interactions: [Interaction] = [], tickets: [Ticket] = [], intents: [Intent] = [], articles: [Article] = [],
    name: String = "Northlight", isOver: Bool = false
  ) throws -> WeeklyUpdate {
    .make(
      week: try ISOWeek(week), workspaceName: name, timeZone: .gmt, interactions: interactions, tickets: tickets,
      intents: intents, articles: articles, isOver: isOver)
  }
}
