import Foundation
import JSON
import Support

/// A ticket as the command line shows it.
struct TicketOutput {
  private let ticket: Ticket
  private let history: [TicketEvent]?

  init(_ ticket: Ticket, history: [TicketEvent]? = nil) {
    self.ticket = ticket
    self.history = history
  }

  static func table(_ tickets: [Ticket], at now: Date) -> String {
    let head = "number  state              priority  queue         agency                due               question"
    let rows = tickets.map { ticket in
      let isLate = ticket.firstResponseAt == nil && ticket.draft.firstResponseDue < now && ticket.state.isActive
      let due = padded(time(ticket.draft.firstResponseDue), 18)
      return padded("#\(ticket.number)", 8) + padded(ticket.state.rawValue, 19)
        + padded(ticket.draft.priority.rawValue, 10)
        + padded(ticket.draft.queue, 14) + padded(ticket.agency, 22)
        + (isLate ? Terminal.styled(due, .red) : due) + shortened(ticket.draft.question, 70)
    }
    return ([Terminal.styled(head, .bold)] + rows).joined(separator: "\n")
  }

  var prose: String {
    var lines = [
      Terminal.styled("Ticket #\(ticket.number), \(ticket.state.rawValue)", .bold)
        + "  \(ticket.draft.queue), \(ticket.draft.priority.rawValue)"
        + (ticket.draft.tags.isEmpty ? "" : "  [\(ticket.draft.tags.joined(separator: ", "))]"),
      "agency        \(Terminal.harmless(ticket.agency))",
      "requester     \(Terminal.harmless(ticket.requester.name))",
      "conversation  \(Terminal.harmless(ticket.conversation.description))",
      "owner         \(ticket.owner ?? "nobody yet")",
      "opened        \(Self.time(ticket.openedAt))",
      "reply due     \(Self.time(ticket.draft.firstResponseDue))"
        + (ticket.firstResponseAt.map { ", replied \(Self.time($0))" } ?? ""),
      "question      \(Terminal.harmless(ticket.draft.question))",
    ]
    for (name, value) in ticket.draft.slots.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(name): \(Terminal.harmless(value))")
    }
    for candidate in ticket.draft.considered {
      lines.append(
        Terminal.styled(
          "  considered \(candidate.id) (\(String(format: "%.2f", candidate.confidence))): \(candidate.title)", .dim))
    }
    for event in history ?? [] {
      lines.append("")
      lines.append(Terminal.styled("\(Self.time(event.at))  \(Terminal.harmless(event.actor.name))", .bold))
      lines += Self.lines(event.what).map { "  \(Terminal.harmless($0))" }
    }
    return lines.joined(separator: "\n")
  }

  var json: JSONValue {
    var object: JSONObject = [
      "number": .integer(ticket.number), "state": .string(ticket.state.rawValue), "queue": .string(ticket.draft.queue),
      "priority": .string(ticket.draft.priority.rawValue), "tags": .array(ticket.draft.tags.map { .string($0) }),
      "agency": .string(ticket.agency), "conversation": .string(ticket.conversation.description),
      "requester": ["id": .string(ticket.requester.id), "name": .string(ticket.requester.name)],
      "question": .string(ticket.draft.question), "slots": Self.object(ticket.draft.slots),
      "considered": .array(
        ticket.draft.considered.map {
          ["id": .string($0.id.description), "title": .string($0.title), "confidence": .number($0.confidence)]
        }),
      "intent": Self.optional(ticket.draft.intent), "owner": Self.optional(ticket.owner),
      "opened_at": .string(Self.stamp(ticket.openedAt)), "updated_at": .string(Self.stamp(ticket.updatedAt)),
      "first_response_due": .string(Self.stamp(ticket.draft.firstResponseDue)),
      "first_response_at": Self.optional(ticket.firstResponseAt.map(Self.stamp)),
      "resolution_due": Self.optional(ticket.draft.resolutionDue.map(Self.stamp)),
      "resolved_at": Self.optional(ticket.resolvedAt.map(Self.stamp)),
    ]
    if let history { object["history"] = .array(history.map(Self.json)) }
    return .object(object)
  }

  private static func json(_ event: TicketEvent) -> JSONValue {
    var object: JSONObject = ["at": .string(stamp(event.at)), "by": .string(event.actor.name)]
    switch event.what {
    case .opened: object["event"] = "opened"
    case .taken: object["event"] = "taken"
    case .message(let text, let attachments):
      object["event"] = "message"
      object["text"] = .string(text)
      object["attachments"] = .array(
        attachments.map { ["name": .string($0.name), "url": optional($0.url), "type": optional($0.mediaType)] })
    case .reply(let text):
      object["event"] = "reply"
      object["text"] = .string(text)
    case .state(let from, let to):
      object["event"] = "state"
      object["from"] = .string(from.rawValue)
      object["to"] = .string(to.rawValue)
    case .note(let note):
      object["event"] = "note"
      object["text"] = optional(note.text)
      object["tried"] = optional(note.tried)
      object["evidence"] = optional(note.evidence)
      object["next_step"] = optional(note.nextStep)
      object["owner"] = optional(note.owner)
      object["due"] = optional(note.due.map(stamp))
    }
    return .object(object)
  }

  private static func lines(_ what: TicketEvent.What) -> [String] {
    switch what {
    case .opened: ["opened"]
    case .taken: ["took the ticket"]
    case .message(let text, let attachments): ["wrote: \(text)"] + attachments.map { "file: \($0.name)" }
    case .reply(let text): ["replied: \(text)"]
    case .state(let from, let to): ["\(from.rawValue) → \(to.rawValue)"]
    case .note(let note):
      [
        note.text.map { "note: \($0)" }, note.tried.map { "tried: \($0)" }, note.evidence.map { "evidence: \($0)" },
        note.nextStep.map { "next step: \($0)" }, note.owner.map { "owner: \($0)" },
        note.due.map { "due: \(time($0))" },
      ].compactMap(\.self)
    }
  }

  private static func object(_ values: [String: String]) -> JSONValue {
    .object(
      values.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = .string($1.value) })
  }

  private static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
  private static func stamp(_ date: Date) -> String { date.formatted(.iso8601) }
  /// Minutes are enough for people.
  private static func time(_ date: Date) -> String {
    String(stamp(date).prefix(16)).replacingOccurrences(of: "T", with: " ")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    let text = shortened(text, width - 1)
    return text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func shortened(_ text: String, _ width: Int) -> String {
    let line = Terminal.harmless(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count <= width ? line : line.prefix(max(0, width - 1)) + "…"
  }
}
