import Foundation
import Support

/// Moments as text.
enum Timestamp {
  /// RFC 3339 in UTC with milliseconds: `2026-11-16T09:12:33.120Z`.
  static func rfc3339(_ date: Date) -> String {
    let parts = Parts(date, offset: 0)
    return "\(parts.day)T\(parts.clock).\(Figure.padded(parts.milliseconds, 3))Z"
  }

  /// `2026-11-16 09:12:33`, in UTC.
  static func plain(_ date: Date) -> String {
    let parts = Parts(date, offset: 0)
    return "\(parts.day) \(parts.clock)"
  }

  /// `Sun 22 Nov 2026, 18:40`, on the wall of `timeZone`.
  static func wall(_ date: Date, in timeZone: TimeZone) -> String {
    let parts = Parts(date, offset: timeZone.secondsFromGMT(for: date))
    let weekday = DayName.short[DayNumber.weekday(DayNumber.of(parts.day))]
    return "\(weekday) \(DayName.brief(parts.day)) \(parts.day.year), \(parts.clock.prefix(5))"
  }

  private struct Parts {
    var day: CalendarDay
    var clock: String
    var milliseconds: Int

    init(_ date: Date, offset: Int) {
      // Within what four-digit years can show: a clock far off gives the first or last such moment.
      let seconds = min(max(date.timeIntervalSince1970, -62_135_596_800), 253_402_300_799)
      let total = Int((seconds * 1000).rounded()) + offset * 1000
      let dayNumber = DayNumber.floorDivide(total, 86_400_000)
      let rest = total - dayNumber * 86_400_000
      day = DayNumber.date(dayNumber)
      milliseconds = rest % 1000
      let ofDay = rest / 1000
      clock = [ofDay / 3600, ofDay / 60 % 60, ofDay % 60].map { Figure.padded($0, 2) }.joined(separator: ":")
    }
  }
}
