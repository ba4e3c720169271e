package import Foundation
package import Support

extension ISOWeek {
  /// The week that `date` is in, on the wall of `timeZone`. Dates outside the years of `ISOWeek.years` give the
  /// first or the last week of them.
  package init(_ date: Date, in timeZone: TimeZone) {
    let seconds = date.timeIntervalSince1970 + Double(timeZone.secondsFromGMT(for: date))
    let first = DayNumber.of(year: Self.years.lowerBound, month: 1, day: 4)
    let last = DayNumber.of(year: Self.years.upperBound, month: 12, day: 28)
    let day = (seconds / 86_400).rounded(.down)
    guard day > Double(first) else {
      self.init(dayNumber: first)
      return
    }
    self.init(dayNumber: day < Double(last) ? Int(day) : last)
  }

  /// Monday … Sunday.
  package var days: [CalendarDay] { (0..<7).map { DayNumber.date(monday + $0) } }

  /// Monday 00:00 in `timeZone`; the day's first moment where a change of the clocks leaves midnight out.
  package func start(in timeZone: TimeZone) -> Date { Self.midnight(monday, in: timeZone) }

  /// Monday 00:00 of the week after: the first moment that is no longer in this week. With a change of the clocks
  /// it is not 7 × 24 hours after the start.
  package func end(in timeZone: TimeZone) -> Date { Self.midnight(monday + 7, in: timeZone) }

  /// The beginnings of its seven days, and its end: eight dates, rising.
  func midnights(in timeZone: TimeZone) -> [Date] {
    (0...7).map { Self.midnight(monday + $0, in: timeZone) }
  }

  private static func midnight(_ dayNumber: Int, in timeZone: TimeZone) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    // Noon in UTC, moved by the zone's offset, is within the day everywhere; its start is then the calendar's to find.
    let noon = Date(timeIntervalSince1970: Double(dayNumber) * 86_400 + 43_200)
    let local = noon.addingTimeInterval(-Double(timeZone.secondsFromGMT(for: noon)))
    return calendar.startOfDay(for: local)
  }
}
