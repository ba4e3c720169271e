import Support

/// A week of ISO 8601: it starts on Monday, and the first one of a year is the one with the year's first Thursday.
package struct ISOWeek: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The week-based year, which near New Year is not always the calendar year.
  package let year: Int
  /// 1…53.
  package let number: Int

  /// The years that can be written with four digits in the calendar that is in use.
  package static let years = 1583...9998

  /// - Throws: `ISOWeekError` when there is no such week.
  package init(year: Int, number: Int) throws(ISOWeekError) {
    guard Self.years.contains(year) else {
      throw ISOWeekError(
        .yearOutOfRange,
        "There is no report for the year \(year): write a year from \(Self.years.lowerBound) to \(Self.years.upperBound)."
      )
    }
    let last = Self.weeks(in: year)
    guard (1...last).contains(number) else {
      throw ISOWeekError(
        .noSuchWeek, "The year \(year) has no week \(number): its weeks are \(year)-W01 to \(year)-W\(last).")
    }
    self.init(unchecked: year, number)
  }

  /// Reads `2026-W47`.
  /// - Throws: `ISOWeekError` that says what is wrong with it.
  package init(_ text: String) throws(ISOWeekError) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let year = Self.digits(parts[0], 4), let mark = parts[1].first, mark == "W" || mark == "w",
      let number = Self.digits(parts[1].dropFirst(), 2)
    else {
      let shown = ShownText.line(text, limit: 24)
      throw ISOWeekError(
        .malformed, "'\(shown)' is not a week: write year, W and two digits, such as 2026-W07 or 2026-W47.")
    }
    try self.init(year: year, number: number)
  }

  /// The week that a day is in.
  init(dayNumber: Int) {
    // A week belongs to the year that its Thursday is in.
    let thursday = dayNumber - DayNumber.weekday(dayNumber) + 3
    let year = DayNumber.date(thursday).year
    self.init(unchecked: year, (thursday - DayNumber.of(year: year, month: 1, day: 1)) / 7 + 1)
  }

  private init(unchecked year: Int, _ number: Int) {
    self.year = year
    self.number = number
  }

  package var previous: ISOWeek { ISOWeek(dayNumber: monday - 7) }
  package var next: ISOWeek { ISOWeek(dayNumber: monday + 7) }

  /// `2026-W47`.
  package var description: String {
    "\(Figure.padded(year, 4))-W\(Figure.padded(number, 2))"
  }

  package static func < (one: ISOWeek, other: ISOWeek) -> Bool {
    (one.year, one.number) < (other.year, other.number)
  }

  /// 52 or 53.
  package static func weeks(in year: Int) -> Int {
    // 28 December is always in the last week of its year.
    ISOWeek(dayNumber: DayNumber.of(year: year, month: 12, day: 28)).number
  }

  /// Day number of its Monday.
  var monday: Int {
    // 4 January is always in the first week.
    let fourth = DayNumber.of(year: year, month: 1, day: 4)
    return fourth - DayNumber.weekday(fourth) + (number - 1) * 7
  }

  private static func digits(_ text: Substring, _ count: Int) -> Int? {
    guard text.utf8.count == count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}

/// What was given is not a week.
package struct ISOWeekError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    /// Not year, W and two digits.
    case malformed
    /// Week 0, or 53 in a year that has 52.
    case noSuchWeek
    case yearOutOfRange
  }

  package var code: Code
  /// What is wrong, and what to write instead.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
