import Foundation
import Support

/// The bot's own sentences in one language, in Markdown, with their blanks filled in.
struct Phrasebook: Sendable {
  /// BCP 47, of the sentences.
  let language: String
  private let phrases: Phrases
  private let fallbacks: [Phrases]

  /// - Parameter fallbacks: where a sentence is taken from that these phrases lack, the best first.
  init(_ phrases: Phrases, fallbacks: [Phrases]) {
    language = phrases.language
    self.phrases = phrases
    self.fallbacks = fallbacks
  }

  func ticketOpened(draft: TicketDraft, calendar: BusinessCalendar) -> Reply {
    let due = moment(draft.firstResponseDue, calendar)
    return reply(.ticketOpened) { name in
      switch name {
      case "ticket": .ticketNumber
      case "due": .text(due)
      default: nil
      }
    }
  }

  func ticketReopened(_ number: Int, due: Date, calendar: BusinessCalendar) -> String {
    say(.ticketReopened, ["ticket": "#\(number)", "due": moment(due, calendar)])
  }

  func addedToTicket(_ number: Int) -> String { say(.ticketAdded, ["ticket": "#\(number)"]) }

  func whichWasMeant(_ titles: [String]) -> String {
    let list = titles.enumerated().map { "\($0.offset + 1). \(isolated($0.element))" }.joined(separator: "\n")
    return say(titles.count == 1 ? .whichOne : .whichOfThese, ["choices": list], isolating: false)
  }

  func whichRegion(_ regions: [String]) -> String { say(.whichRegion, ["regions": list(regions)]) }

  func regionNotUnderstood(_ regions: [String]) -> String { say(.regionNotUnderstood, ["regions": list(regions)]) }

  func slotNotUnderstood(_ slot: Slot) -> String {
    say(.slotAgain, ["hint": say(Self.hint(for: slot.entity)), "ask": slot.ask])
  }

  var tellMeMore: String { say(.tellMeMore) }
  var tooMany: String { say(.tooMany) }

  var greeting: String { say(.greeting) }

  var outsideScope: String { say(.outsideScope) }

  var cancelled: String { say(.cancelled) }

  /// That what follows is there in another language only.
  func onlyIn(_ language: String) -> String { say(.onlyIn, ["language": name(of: language)]) }

  /// Both parts of a message that asked two things, told apart by their titles.
  func section(_ title: String, _ text: String) -> String { "**\(isolated(title))**\n\n\(text)" }

  /// By the desk's clock, without a locale, so that every machine says the same.
  private func moment(_ date: Date, _ calendar: BusinessCalendar) -> String {
    var gregorian = Calendar(identifier: .gregorian)
    gregorian.timeZone = TimeZone(identifier: calendar.timeZone) ?? .gmt
    let parts = gregorian.dateComponents([.month, .day, .hour, .minute, .weekday], from: date)
    let minute = parts.minute ?? 0
    let weekday = (parts.weekday ?? 1) - 1
    let month = (parts.month ?? 1) - 1
    let zone = calendar.timeZone == "GMT" ? "UTC" : calendar.timeZone
    return say(
      .moment,
      [
        "weekday": name(weekday, of: \.weekdays), "day": "\(parts.day ?? 1)", "month": name(month, of: \.months),
        "time": "\(parts.hour ?? 0):\(minute < 10 ? "0" : "")\(minute)", "zone": zone,
      ], isolating: false)
  }

  private func name(_ index: Int, of names: KeyPath<Phrases, [String]>) -> String {
    let known = ([phrases] + fallbacks).lazy.map { $0[keyPath: names] }.first { $0.indices.contains(index) }
    return known?[index] ?? "\(index + 1)"
  }

  /// As the phrases name it.
  func givenName(of language: String) -> String? {
    phrases.languageNames[language] ?? phrases.languageNames[language.primaryLanguage]
  }

  private func name(of language: String) -> String {
    givenName(of: language)
      ?? Locale(identifier: self.language).localizedString(forLanguageCode: language.primaryLanguage) ?? language
  }

  private func list(_ names: [String]) -> String {
    guard let first = names.first else { return "" }
    return names.dropFirst().reduce(isolated(first)) { listed, name in
      say(.list, ["one": listed, "other": isolated(name)], isolating: false)
    }
  }

  private static func hint(for entity: EntityKind) -> Phrases.Saying {
    switch entity {
    case .handle: .hintHandle
    case .date: .hintDate
    case .amount: .hintAmount
    case .country: .hintCountry
    case .email: .hintEmail
    case .url: .hintURL
    case .number: .hintNumber
    case .list, .text: .hintOther
    }
  }
}

extension Phrasebook {
  /// The whole sentence.
  /// - Parameter isolating: whether what is filled in is kept from turning the direction of the sentence around it.
  private func say(
    _ saying: Phrases.Saying, _ values: [String: String] = [:], isolating: Bool = true
  ) -> String {
    reply(saying, isolating: isolating) { values[$0].map { .text($0) } }.markdown(ticket: nil)
  }

  private func reply(
    _ saying: Phrases.Saying, isolating: Bool = true, _ value: (String) -> Reply.Piece?
  ) -> Reply {
    var pieces: [Reply.Piece] = []
    var text = ""
    var rest = template(of: saying)[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      text += rest[..<open]
      let name = String(rest[rest.index(after: open)..<close])
      rest = rest[rest.index(after: close)...]
      let turns = isolating && phrases.isRightToLeft
      switch value(name) {
      case .text(let value): text += turns ? isolated(value) : value
      case .ticketNumber:
        if turns { text += Self.isolateStart }
        pieces += [.text(text), .ticketNumber]
        text = turns ? Self.isolateEnd : ""
      case nil: text += "{\(name)}"
      }
    }
    return Reply(pieces: pieces + [.text(text + rest)])
  }

  private func template(of saying: Phrases.Saying) -> String {
    ([phrases] + fallbacks).lazy.compactMap { $0.say[saying] }.first ?? ""
  }

  // FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (Unicode Standard Annex #9, section 2.4).
  private static let isolateStart = "\u{2068}"
  private static let isolateEnd = "\u{2069}"

  /// Numbers, handles and titles keep their own direction in a sentence that runs from right to left.
  private func isolated(_ text: String) -> String {
    phrases.isRightToLeft && !text.hasPrefix(Self.isolateStart)
      ? Self.isolateStart + text + Self.isolateEnd : text
  }
}
