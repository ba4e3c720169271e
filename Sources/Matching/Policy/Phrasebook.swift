import Foundation
import Support

/// The bot's own sentences, in Markdown.
struct Phrasebook: Sendable {
  static let language = "en"

  func ticketOpened(draft: TicketDraft, calendar: BusinessCalendar) -> Reply {
    Reply(pieces: [
      .text("I have passed this to a person: ticket **"), .ticketNumber,
      .text(
        "**. You can expect a reply by \(moment(draft.firstResponseDue, calendar)). Anything you add here goes onto it."
      ),
    ])
  }

  func ticketReopened(_ number: Int, due: Date, calendar: BusinessCalendar) -> String {
    "I have reopened ticket **#\(number)** and added this. You can expect a reply by \(moment(due, calendar))."
  }

  func addedToTicket(_ number: Int) -> String { "I have added this to ticket **#\(number)**." }

  func whichWasMeant(_ titles: [String]) -> String {
    if titles.count == 1, let title = titles.first {
      return "Do you mean this?\n\n1. \(title)\n\nSay **yes** or **no**, or put it in other words."
    }
    let list = titles.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: "\n")
    return
      "Which of these do you mean?\n\n\(list)\n\nSend the number, or put it in other words. **None** brings a person."
  }

  func whichRegion(_ regions: [String]) -> String {
    "This depends on the region. Which country or region is it about? (I have it for \(regions.joined(separator: ", ")).)"
  }

  func regionNotUnderstood(_ regions: [String]) -> String {
    "I did not recognise that region. Please send the country's name, or one of \(regions.joined(separator: ", "))."
  }

  func slotNotUnderstood(_ slot: Slot) -> String { "\(Self.hint(for: slot.entity)) \(slot.ask)" }

  var tellMeMore: String { "Could you tell me in a sentence what you need?" }

  var greeting: String { "Hello. What can I help you with?" }

  var outsideScope: String {
    "That is outside what I can help with here. If it is about the programme, put it in other words; or say **person** and I pass it on."
  }

  var cancelled: String { "All right, I have dropped that. What else can I help you with?" }

  /// Both parts of a message that asked two things, told apart by their titles.
  func section(_ title: String, _ text: String) -> String { "**\(title)**\n\n\(text)" }

  /// `Tuesday 24 November, 11:00 UTC`: without a locale, so that every machine says the same.
  private func moment(_ date: Date, _ calendar: BusinessCalendar) -> String {
    var gregorian = Calendar(identifier: .gregorian)
    let zone = TimeZone(identifier: calendar.timeZone) ?? .gmt
    gregorian.timeZone = zone
    let parts = gregorian.dateComponents([.month, .day, .hour, .minute, .weekday], from: date)
    let weekday = Self.weekdays[((parts.weekday ?? 1) - 1) % 7]
    let month = Self.months[((parts.month ?? 1) - 1) % 12]
    let minute = parts.minute ?? 0
    let time = "\(parts.hour ?? 0):\(minute < 10 ? "0" : "")\(minute)"
    let zoneName = calendar.timeZone == "UTC" || calendar.timeZone == "GMT" ? "UTC" : calendar.timeZone
    return "\(weekday) \(parts.day ?? 1) \(month), \(time) (\(zoneName))"
  }

  private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  private static func hint(for entity: EntityKind) -> String {
    switch entity {
    case .handle: "A handle looks like @name."
    case .date: "A date looks like 2026-11-23 or 23 November."
    case .amount: "An amount looks like 250 USD."
    case .country: "A country's name or two-letter code will do."
    case .email: "An e-mail address looks like name@example.com."
    case .url: "A link looks like https://example.com/page."
    case .number: "A number will do."
    case .list, .text: "I did not understand that."
    }
  }
}
