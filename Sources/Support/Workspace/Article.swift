/// A calendar day without a time zone, as authors write it.
package struct CalendarDay: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  package var year: Int
  package var month: Int
  package var day: Int

  package init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads `2026-11-23`; nil for anything else, and for days that no calendar has.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
      parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year)
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  package var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  package static func < (one: CalendarDay, other: CalendarDay) -> Bool {
    (one.year, one.month, one.day) < (other.year, other.month, other.day)
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// An FAQ article or guide of `knowledge/`.
package struct Article: Sendable, Hashable, Codable {
  package enum Audience: String, Sendable, Hashable, Codable {
    case agency
    /// Never sent to an agency.
    case staff
  }

  package var id: String
  package var title: String
  /// Other ways to ask it.
  package var questions: [AuthoredLine]
  package var tags: [String]
  /// BCP 47.
  package var language: String
  /// The id of the article that this one says in another language.
  package var translationOf: String?
  /// Where it holds; empty: everywhere.
  package var regions: [String]
  /// Answered from this day on.
  package var validFrom: CalendarDay?
  /// Not answered from this day on.
  package var validUntil: CalendarDay?
  package var reviewBy: CalendarDay?
  package var owner: String?
  package var audience: Audience
  /// Markdown, without the front matter. The first paragraph is the short answer.
  package var body: String
  package var location: SourceLocation

  package init(
    id: String, title: String, questions: [AuthoredLine] = [], tags: [String] = [], language: String,
    translationOf: String? = nil, regions: [String] = [], validFrom: CalendarDay? = nil,
    validUntil: CalendarDay? = nil, reviewBy: CalendarDay? = nil, owner: String? = nil, audience: Audience = .agency,
    body: String, location: SourceLocation
  ) {
    self.id = id
    self.title = title
    self.questions = questions
    self.tags = tags
    self.language = language
    self.translationOf = translationOf
    self.regions = regions
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.reviewBy = reviewBy
    self.owner = owner
    self.audience = audience
    self.body = body
    self.location = location
  }

  /// Whether it may be answered on any day.
  package var isAlwaysValid: Bool { validFrom == nil && validUntil == nil }

  /// Whether it may be answered on `day`.
  package func isValid(on day: CalendarDay) -> Bool {
    (validFrom.map { $0 <= day } ?? true) && (validUntil.map { day < $0 } ?? true)
  }
}
