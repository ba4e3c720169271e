import Matching
import Support
import Workspace

/// A workspace that answers one thing, asks for one thing, and hands over to people by rule.
enum SmallProgramme {
  static let matcher = Matcher(content)

  static let content = WorkspaceContent(
    intents: [
      Intent(
        id: "dispute", title: "Payout amount is disputed", language: "en", priority: 50, examples: [],
        patterns: [line(#"\bpaid (me )?too little\b"#)],
        action: .escalate(.init(queue: "payouts", priority: .high)),
        slots: [Slot(name: "handle", entity: .handle, ask: "Which creator? Please send the @handle.", required: true)],
        location: SourceLocation(file: "intents/a.yml")),
      Intent(
        id: "person", title: "Talk to a person", language: "en", priority: 10,
        patterns: [line(#"\btalk to a (human|person)\b"#)], action: .escalate(.init(queue: "general")),
        location: SourceLocation(file: "intents/a.yml", line: 9)),
      Intent(
        id: "minimum", title: "Smallest withdrawal", language: "en", priority: 5,
        patterns: [line(#"\bsmallest withdrawal\b"#)], action: .answer("You can withdraw from 50 USD."),
        location: SourceLocation(file: "intents/a.yml", line: 20)),
    ],
    phrases: ShippedPhrases.all, version: "small")

  private static func line(_ text: String) -> AuthoredLine {
    AuthoredLine(text, at: SourceLocation(file: "intents/a.yml"))
  }
}
