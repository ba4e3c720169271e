import Foundation
import Matching
import Support
import Workspace

/// A small workspace, written in code, that has one of everything the policy knows.
enum SampleProgramme {
  static let now = Date(timeIntervalSince1970: 1_795_428_000)  // 2026-11-23 10:00 UTC, a Monday

  static let matcher = Matcher(content)

  static let content = WorkspaceContent(
    settings: Settings(desk: DeskSettings(defaultQueue: "general")),
    intents: [
      intent(
        "payout-dispute", "Payout amount is disputed", priority: 50,
        examples: [
          "the payout amount is wrong", "i was paid less than agreed", "my payout is short by 200 dollars",
          "you paid the wrong amount",
        ],
        patterns: [#"\bpaid (me )?too little\b"#],
        action: .escalate(.init(queue: "payouts", priority: .high, tags: ["money"])),
        slots: [
          Slot(
            name: "handle", entity: .handle, ask: "Which creator is it about? Please send the @handle.", required: true),
          Slot(name: "amount", entity: .amount, ask: "Which amount did you expect?", required: true),
        ]),
      intent(
        "talk-to-person", "Talk to a person", priority: 10,
        examples: ["talk to a human", "i want to speak to a person", "connect me with an agent"],
        patterns: [#"\b(talk|speak) (to|with) (a |an )?(human|person|agent)\b"#],
        action: .escalate(.init(queue: "general"))),
      intent(
        "threat", "Threats", priority: 100, patterns: [#"\b(kill|hurt) (me|myself|him|her)\b"#],
        action: .escalate(.init(queue: "safety", priority: .urgent))),
      intent(
        "thanks", "Thanks", priority: 1, examples: ["thank you very much", "thanks a lot for the help"],
        action: .answer("You are welcome.")),
      intent(
        "payout-late", "Payout has not arrived", priority: 20,
        keywords: .init(any: ["payout", "withdrawal"], all: ["late"], none: ["how"]), action: .article("payouts/late")),
    ],
    outOfScope: [
      line("what's the weather in lisbon"), line("order me a pizza"), line("tell me a joke"),
      line("who won the football game"),
    ],
    entities: [EntityList(name: "tier", values: ["gold": ["oro"], "silver": ["plata"]])],
    articles: [
      article(
        "payouts/late", "My payout has not arrived",
        ["why is my payout late", "payout missing", "where is my money", "i have not received my payout"],
        "Payouts are sent by the 15th. Check your bank details first."),
      article(
        "payouts/minimum", "Minimum amount for a withdrawal",
        ["what is the smallest withdrawal", "how much do i need to withdraw", "minimum payout amount"],
        "You can withdraw from 50 USD."),
      article(
        "violations/appeal", "How to appeal a violation",
        ["how do i appeal", "where can i appeal a ban", "appeal against a strike"],
        "Open the violation in the app and choose appeal within 14 days."),
      article(
        "tax/us", "Tax form for the US", ["which tax form do i need", "do i fill in a tax form"], "Send the form A.",
        regions: ["US"]),
      article(
        "tax/eu", "Tax form for the EU", ["which tax form in europe", "tax form for european creators"],
        "Send the form B.", regions: ["EU"]),
      article(
        "campaigns/autumn", "Autumn cup", ["when is the autumn cup", "how to join the autumn cup"],
        "The cup runs until the end of October.", until: CalendarDay(year: 2026, month: 11, day: 1)),
      article(
        "staff/disputes", "How interns settle a payout dispute", ["how do i settle a payout dispute as an intern"],
        "For staff only: look into the ledger.", audience: .staff),
      article(
        "payouts/late.es", "Mi pago no ha llegado", ["por qué se retrasa mi pago", "dónde está mi dinero"],
        "Los pagos se envían antes del día 15.", language: "es", translationOf: "payouts/late"),
    ], phrases: ShippedPhrases.all, version: "v1")

  static func message(
    _ text: String, language: String? = nil, region: String? = nil, attachments: [Attachment] = []
  ) -> Message {
    Message(
      id: MessageID(channel: "test", id: "1"), conversation: ConversationID(channel: "test", room: "room"),
      sender: Sender(id: "u", name: "Uma"), text: text, sentAt: now, attachments: attachments, language: language,
      region: region)
  }

  static func decide(
    _ text: String, in state: ConversationState = ConversationState(), language: String? = nil, region: String? = nil
  ) -> Decision {
    matcher.decide(message(text, language: language, region: region), in: state, at: now)
  }

  private static func intent(
    _ id: String, _ title: String, priority: Int, examples: [String] = [], patterns: [String] = [],
    keywords: Intent.Keywords? = nil, action: Intent.Action, slots: [Slot] = []
  ) -> Intent {
    let place = SourceLocation(file: "intents/sample.yml")
    return Intent(
      id: id, title: title, language: "en", priority: priority, examples: examples.map { Example($0, at: place) },
      patterns: patterns.map { AuthoredLine($0, at: place) }, keywords: keywords, action: action, slots: slots,
      location: place)
  }

  private static func article(
    _ id: String, _ title: String, _ questions: [String], _ body: String, language: String = "en",
    translationOf: String? = nil, regions: [String] = [], until: CalendarDay? = nil,
    audience: Article.Audience = .agency
  ) -> Article {
    let place = SourceLocation(file: "knowledge/\(id).md")
    return Article(
      id: id, title: title, questions: questions.map { AuthoredLine($0, at: place) }, language: language,
      translationOf: translationOf, regions: regions, validUntil: until, audience: audience, body: body, location: place
    )
  }

  private static func line(_ text: String) -> AuthoredLine {
    AuthoredLine(text, at: SourceLocation(file: "intents/sample.yml"))
  }
}
