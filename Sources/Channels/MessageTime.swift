import Foundation
import JSON

/// Reads the times that chat servers give their messages.
enum MessageTime {
  /// Nothing was said in these chats before 2000-01-01T00:00:00Z: an earlier time is a clock that was never set.
  static let earliest = Date(timeIntervalSince1970: 946_684_800)
  /// How far a server's clock may be ahead.
  static let tolerance: TimeInterval = 86_400

  /// RFC 3339, or Unix time in seconds or milliseconds, as a number or as digits in a string.
  /// - Returns: the time, moved into the range from `earliest` to a day after `now`; `now` where there is none.
  static func date(of value: JSONValue?, now: Date) -> Date {
    let read: Date? =
      switch value {
      case .string(let text): rfc3339(text) ?? Double(text).flatMap(unix)
      case .integer, .number: value?.double.flatMap(unix)
      default: nil
      }
    guard let read else { return now }
    return min(max(read, earliest), now.addingTimeInterval(tolerance))
  }

  /// From 10¹¹ on a number is milliseconds: as seconds it would be the year 5138.
  private static func unix(_ number: Double) -> Date? {
    guard number.isFinite else { return nil }
    return Date(timeIntervalSince1970: abs(number) < 1e11 ? number : number / 1000)
  }

  private static func rfc3339(_ text: String) -> Date? {
    var rest = DigitReader(rest: text.utf8[...])
    guard let year = rest.number(4), rest.take("-"), let month = rest.number(2), rest.take("-"),
      let day = rest.number(2), rest.take("Tt "), let hour = rest.number(2), rest.take(":"),
      let minute = rest.number(2), rest.take(":"), let second = rest.number(2), (1...12).contains(month),
      (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    let fraction = rest.take(".") ? rest.fraction() : 0
    guard let fraction, let offset = rest.offset(), rest.isAtEnd else { return nil }
    let seconds = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    return Date(timeIntervalSince1970: Double(seconds) + fraction)
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, *chrono-Compatible Low-Level Date
  /// Algorithms*, `days_from_civil`); years from 0 on.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    // The year begins in March, so that the leap day is its last. 400 years are added, for year 0 to stay positive.
    let year = (month <= 2 ? year - 1 : year) + 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = year % 400 * 365 + year % 400 / 4 - year % 400 / 100 + dayOfYear
    return (year / 400 - 1) * 146_097 + dayOfEra - 719_468
  }
}
