package import Foundation

/// When the desk is staffed. Time only counts while it is open.
package struct BusinessCalendar: Sendable, Hashable, Codable {
  /// Opening hours of one day: minutes after midnight, `opens` included, `closes` not.
  package struct Hours: Sendable, Hashable, Codable {
    package var opens: Int
    package var closes: Int
    package init(opens: Int, closes: Int) {
      self.opens = opens
      self.closes = closes
    }
  }

  /// IANA name.
  package var timeZone: String
  /// 1 (Monday) … 7 (Sunday); a day that is missing is closed.
  package var hours: [Int: Hours]
  package var holidays: Set<CalendarDay>

  package init(
    timeZone: String = "UTC",
    hours: [Int: Hours] = Dictionary(uniqueKeysWithValues: (1...5).map { ($0, Hours(opens: 9 * 60, closes: 18 * 60)) }),
    holidays: Set<CalendarDay> = []
  ) {
    self.timeZone = timeZone
    self.hours = hours
    self.holidays = holidays
  }

  /// The moment at which `minutes` of opening time have passed since `start`.
  /// A calendar that opens on no day within a year counts every minute, so that nothing is promised for never; so does
  /// what is left after ten years.
  package func date(after minutes: Int, from start: Date) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: timeZone) ?? .gmt
    var left = Double(minutes) * 60
    var from = start
    var midnight = calendar.startOfDay(for: start)
    var closedDays = 0
    for _ in 0..<3660 where closedDays < 366 {
      closedDays += 1
      if let open = opening(of: midnight, in: calendar), open.upperBound > start {
        from = max(open.lowerBound, start)
        let available = open.upperBound.timeIntervalSince(from)
        if left <= available { return from.addingTimeInterval(left) }
        left -= available
        from = open.upperBound
        closedDays = 0
      }
      guard let next = Self.midnight(after: midnight, in: calendar) else { break }
      midnight = next
    }
    return from.addingTimeInterval(left)
  }

  /// Whether the desk is open at `date`.
  package func isOpen(at date: Date) -> Bool {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: timeZone) ?? .gmt
    return opening(of: calendar.startOfDay(for: date), in: calendar)?.contains(date) ?? false
  }

  /// The day on the wall of `timeZone`.
  package func day(of date: Date) -> CalendarDay {
    CalendarDay(date, timeZone: timeZone)
  }

  /// Where the clocks go forward at midnight a day begins at 01:00, and the next one at 00:00 again.
  private static func midnight(after midnight: Date, in calendar: Calendar) -> Date? {
    calendar.date(byAdding: .day, value: 1, to: midnight).map { calendar.startOfDay(for: $0) }
  }

  private func opening(of midnight: Date, in calendar: Calendar) -> Range<Date>? {
    let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: midnight)
    guard let year = parts.year, let month = parts.month, let day = parts.day, let weekday = parts.weekday,
      !holidays.contains(CalendarDay(year: year, month: month, day: day)),
      // Calendar counts from Sunday = 1; ISO from Monday = 1.
      let hours = hours[(weekday + 5) % 7 + 1],
      let opens = calendar.date(bySettingHour: hours.opens / 60, minute: hours.opens % 60, second: 0, of: midnight)
    else { return nil }
    let closes =
      hours.closes >= 24 * 60
      ? Self.midnight(after: midnight, in: calendar)
      : calendar.date(bySettingHour: hours.closes / 60, minute: hours.closes % 60, second: 0, of: midnight)
    guard let closes, opens < closes else { return nil }
    return opens..<closes
  }
}

extension CalendarDay {
  /// The day that `date` falls on in `timeZone` (IANA name; UTC where there is no such zone).
  package init(_ date: Date, timeZone: String = "UTC") {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: timeZone) ?? .gmt
    let parts = calendar.dateComponents([.year, .month, .day], from: date)
    self.init(year: parts.year ?? 1970, month: parts.month ?? 1, day: parts.day ?? 1)
  }
}
