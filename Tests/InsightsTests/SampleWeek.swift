import Foundation
import Insights
import Support
import TestSupport

/// A made-up fortnight of an invented programme, as the log would have it.
struct SampleWeek {
  let timeZone: TimeZone
  let week: ISOWeek
  private(set) var interactions: [Interaction] = []
  private(set) var tickets: [Ticket] = []
  let intents: [Intent]
  let articles: [Article]
  private var random = SeededGenerator(seed: 47)

  static let agencies = [
    "Aurora Talent", "Blue Harbor", "Cielo Media", "Delta Stage", "Estrella Live", "Fjord Creators", "Garden Lane",
    "Hikari Network", "Ivory Coast Live", "Juniper House", "Kite & Co", "Lumen", "Mar y Sol",
  ]

  private static let titles: [(id: String, title: String, weight: Int)] = [
    ("payouts/schedule", "When payouts are sent", 16), ("payouts/late-payout", "My payout has not arrived", 14),
    ("violations/appeal", "How to appeal a violation", 9), ("invites/expired", "An invitation has expired", 8),
    ("rewards/valid-day", "What counts as a valid LIVE day", 8),
    ("live/button-missing", "The LIVE button is missing", 6),
    ("tiers/ladder", "How tiers work", 5), ("payouts/bank-change", "Change the bank account", 5),
    ("invites/transfer", "Move a creator between networks", 4), ("live/stream-key", "Get a streaming-software key", 4),
    ("campaigns/sign-up", "Sign up for a campaign", 3), ("data/export", "Export creator figures", 3),
    ("violations/evidence", "Which evidence an appeal needs", 2), ("payouts/tax-form", "Tax forms", 2),
    ("features/battles", "Battles: rules and points", 0), ("features/fan-club", "Fan clubs", 0),
    ("device/audio", "Audio is out of sync", 0), ("campaigns/withdraw", "Withdraw from a campaign", 0),
  ]

  private static let unanswered = [
    "can a creator stream from a cruise ship?", "is streaming from a cruise ship allowed", "cruise ship streaming ok??",
    "how do I link the dashboard to our own CRM", "link dashboard with CRM", "Can we connect our CRM to the dashboard?",
    "what is the diamond value for gifts from Brazil", "who signs the contract when the agency has two owners",
    "our two owners both want to sign the contract, who signs?", "🙃🙃🙃",
  ]

  init() throws {
    self.timeZone = TimeZone(identifier: "Europe/Berlin") ?? .gmt
    self.week = try ISOWeek("2026-W47")
    let place = SourceLocation(file: "knowledge/sample.md")
    articles =
      Self.titles.enumerated().map { index, entry in
        Article(
          id: entry.id, title: entry.title, language: "en", body: entry.title,
          location: SourceLocation(file: "knowledge/\(entry.id).md", line: index + 1))
      } + [
        Article(
          id: "es/payouts/schedule", title: "Cuándo se envían los pagos", language: "es",
          translationOf: "payouts/schedule", body: "…", location: place),
        Article(
          id: "desk/handover", title: "Handing over a case", language: "en", audience: .staff, body: "…",
          location: place),
      ]
    intents = [
      Intent(
        id: "payout-late", title: "Payout has not arrived", language: "en", action: .article("payouts/late-payout"),
        location: place),
      Intent(
        id: "talk-to-person", title: "Talk to a person", language: "en",
        action: .escalate(Intent.Escalation(queue: "general")), location: place),
    ]
    for (index, monday) in [week.previous.start(in: timeZone), week.start(in: timeZone)].enumerated() {
      for day in 0..<7 { fill(day, of: monday, isSecond: index == 1) }
    }
  }

  /// Of the second week.
  func update(shuffledWith generator: SeededGenerator? = nil) -> WeeklyUpdate {
    guard var generator else {
      return .make(
        week: week, workspaceName: "Northlight", timeZone: timeZone, interactions: interactions, tickets: tickets,
        intents: intents, articles: articles)
    }
    return .make(
      week: week, workspaceName: "Northlight", timeZone: timeZone,
      interactions: interactions.shuffled(using: &generator), tickets: tickets.shuffled(using: &generator),
      intents: intents.shuffled(using: &generator), articles: articles.shuffled(using: &generator))
  }

  private mutating func fill(_ day: Int, of monday: Date, isSecond: Bool) {
    let usual = [31, 36, 33, 29, 34, 12, 8][day] + (isSecond ? 5 : 0)
    let count = usual + Int.random(in: 0...8, using: &random)
    let moments = (0..<count).map { _ -> Double in
      // Most write in the afternoon.
      let hour = (Double.random(in: 7...23, using: &random) + Double.random(in: 11...20, using: &random)) / 2
      return Double(day) * 86_400 + hour * 3600
    }.sorted()
    for moment in moments { message(at: monday.addingTimeInterval(moment), isSecond: isSecond) }
  }

  private mutating func message(at: Date, isSecond: Bool) {
    let agency = Self.agencies[Int.random(in: 0..<Self.agencies.count, using: &random)]
    let room = ConversationID(channel: "chat", room: agency)
    var parts = [part(isSecond: isSecond)]
    if Int.random(in: 0..<12, using: &random) == 0 { parts.append(part(isSecond: isSecond)) }
    let kind = parts.map(\.kind).max() ?? .silent
    let id = interactions.count + 1
    var ticket: Int?
    if kind == .escalate { ticket = open(at: at, agency: agency, question: parts[0].text) }
    interactions.append(
      Interaction(
        id: id, direction: .incoming, at: at, agency: agency, conversation: room, message: "m\(id)", author: "Maya",
        text: parts.map(\.text).joined(separator: " "), decision: kind, parts: parts,
        language: parts.contains { $0.matched == nil }
          ? "en" : ["en", "en", "en", "es", "de", "pt"][Int.random(in: 0..<6, using: &random)], ticket: ticket,
        workspaceVersion: "abc", latencyMilliseconds: 3, result: .decided))
    guard kind != .silent else { return }
    let latency = pow(Double.random(in: 0.6...2.2, using: &random), 4) * (isSecond ? 180 : 240)
    interactions.append(
      Interaction(
        id: id + 1, direction: .outgoing, at: at.addingTimeInterval(0.01), agency: agency, conversation: room,
        message: "m\(id)", author: "bot", text: "…", ticket: ticket, latencyMilliseconds: latency, result: .sent))
  }

  private mutating func part(isSecond: Bool) -> Decision.Part {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<(isSecond ? 66 : 62):
      let article = Self.drawn(&random)
      return Decision.Part(
        text: "question about \(article.title)", kind: .answer,
        matched: article.id == "payouts/late-payout" ? .intent("payout-late") : .article(article.id),
        candidates: [Candidate(id: .article(article.id), title: article.title, confidence: 0.9)], confidence: 0.9)
    case 62..<72:
      return Decision.Part(text: "payout or bonus?", kind: .clarify, matched: .article("payouts/schedule"))
    case 72..<80: return Decision.Part(text: "talk to a human", kind: .escalate, matched: .intent("talk-to-person"))
    case 80..<87: return Decision.Part(text: "thanks!", kind: .silent)
    default:
      let text = Self.unanswered[Int.random(in: 0..<Self.unanswered.count, using: &random)]
      return Decision.Part(text: text, kind: Int.random(in: 0..<3, using: &random) == 0 ? .escalate : .clarify)
    }
  }

  private static func drawn(_ random: inout SeededGenerator) -> (id: String, title: String, weight: Int) {
    var left = Int.random(in: 0..<titles.reduce(0) { $0 + $1.weight }, using: &random)
    for entry in titles {
      left -= entry.weight
      if left < 0 { return entry }
    }
    return titles[0]
  }

  private mutating func open(at: Date, agency: String, question: String) -> Int {
    let priority = TicketPriority.allCases[[0, 1, 1, 1, 2, 2, 3][Int.random(in: 0..<7, using: &random)]]
    let number = tickets.count + 1
    let replied = Int.random(in: 0..<10, using: &random) < 8
    let minutes = pow(Double.random(in: 2...9, using: &random), 2.8)
    let resolved = replied && Int.random(in: 0..<10, using: &random) < 8
    tickets.append(
      Ticket(
        number: number, agency: agency, conversation: ConversationID(channel: "chat", room: agency),
        requester: Sender(id: "u1", name: "Maya"),
        draft: TicketDraft(
          queue: ["general", "payouts", "appeals"][Int.random(in: 0..<3, using: &random)], priority: priority,
          question: question, firstResponseDue: at.addingTimeInterval(4 * 3600)),
        state: resolved ? .resolved : .open, openedAt: at, updatedAt: at,
        firstResponseAt: replied ? at.addingTimeInterval(minutes * 60) : nil,
        resolvedAt: resolved ? at.addingTimeInterval(minutes * 60 + 40_000) : nil))
    return number
  }
}
