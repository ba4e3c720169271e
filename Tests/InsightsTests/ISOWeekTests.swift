import Foundation
import Insights
import Support
import Testing

@Suite struct ISOWeekTests {
  private static func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

  private static func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

  @Test func `what is written as a week is read and written the same`() throws {
    for text in ["2026-W47", "2026-W01", "2026-W53", "1999-W52"] {
      #expect(try ISOWeek(text).description == text)
    }
    #expect(try ISOWeek("2026-w07").description == "2026-W07")
  }

  @Test(arguments: [
    "", "2026", "2026-47", "2026W47", "2026-W7", "2026-W471", "26-W47", "2026-W4x", "2026-W-4", " 2026-W47", "W47-2026",
    "２０２６-W47", "2026-W٤٧", "2026-W47\0", "-2026-W47", "+026-W47", "2026-W+7", "2026-W47-1",
  ])
  func `what is no week is refused as malformed`(text: String) {
    #expect(throws: ISOWeekError.self) { try ISOWeek(text) }
    do { _ = try ISOWeek(text) } catch { #expect(error.code == .malformed) }
  }

  @Test func `the sentence of an error shows no escape sequence and no endless text`() {
    do {
      _ = try ISOWeek("\u{1B}[31m" + String(repeating: "x", count: 100_000))
      Issue.record("it was read")
    } catch {
      #expect(!error.description.contains("\u{1B}"))
      #expect(error.description.count < 200)
    }
  }

  @Test(arguments: ["2026-W00", "2026-W54", "2025-W53", "2024-W53", "2026-W99"])
  func `a week that the year does not have is refused by name`(text: String) {
    do {
      _ = try ISOWeek(text)
      Issue.record("\(text) was read")
    } catch {
      #expect(error.code == .noSuchWeek)
      #expect(error.description.contains(text.prefix(4)))
    }
  }

  @Test(arguments: ["0000-W01", "1582-W10", "9999-W01"])
  func `a year without a report is refused by name`(text: String) {
    do {
      _ = try ISOWeek(text)
      Issue.record("\(text) was read")
    } catch {
      #expect(error.code == .yearOutOfRange)
    }
  }

  @Test func `2026 has a week 53, and 2025 has not`() throws {
    #expect(ISOWeek.weeks(in: 2026) == 53)
    #expect(ISOWeek.weeks(in: 2025) == 52)
    #expect(try ISOWeek("2026-W53").next == ISOWeek("2027-W01"))
    #expect(try ISOWeek("2026-W01").previous == ISOWeek("2025-W52"))
    #expect(try ISOWeek("2026-W53").days.map(\.description).last == "2027-01-03")
    #expect(try ISOWeek("2026-W01").days.map(\.description).first == "2025-12-29")
  }

  @Test func `weeks are the calendar's own, for every day of sixty years`() throws {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = .gmt
    var date = try Self.date("1990-01-01T12:00:00Z")
    var before: ISOWeek?
    for _ in 0..<(60 * 366) {
      let week = ISOWeek(date, in: .gmt)
      let parts = calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: date)
      #expect(week.year == parts.yearForWeekOfYear && week.number == parts.weekOfYear)
      if let before, before != week {
        #expect(before.next == week && week.previous == before && before < week)
        #expect(CalendarDay(date) == week.days.first)
      }
      before = week
      date.addTimeInterval(86_400)
    }
  }

  @Test(arguments: [
    ("Europe/Berlin", "2026-W13", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z", 167),
    ("Europe/Berlin", "2026-W43", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z", 169),
    ("America/New_York", "2026-W10", "2026-03-02T05:00:00Z", "2026-03-09T04:00:00Z", 167),
    ("America/New_York", "2026-W44", "2026-10-26T04:00:00Z", "2026-11-02T05:00:00Z", 169),
    ("Asia/Kathmandu", "2026-W47", "2026-11-15T18:15:00Z", "2026-11-22T18:15:00Z", 168),
    ("Pacific/Kiritimati", "2026-W47", "2026-11-15T10:00:00Z", "2026-11-22T10:00:00Z", 168),
    ("UTC", "2026-W53", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z", 168),
  ])
  func `a week begins and ends at midnight, also when the clocks change in it`(
    zone: String, text: String, start: String, end: String, hours: Double
  ) throws {
    let week = try ISOWeek(text)
    let zone = try Self.zone(zone)
    #expect(try week.start(in: zone) == Self.date(start))
    #expect(try week.end(in: zone) == Self.date(end))
    #expect(week.end(in: zone).timeIntervalSince(week.start(in: zone)) == hours * 3600)
    #expect(week.next.start(in: zone) == week.end(in: zone))
    #expect(ISOWeek(week.start(in: zone), in: zone) == week)
    #expect(ISOWeek(week.end(in: zone).addingTimeInterval(-0.001), in: zone) == week)
    #expect(ISOWeek(week.end(in: zone), in: zone) == week.next)
    #expect(ISOWeek(week.start(in: zone).addingTimeInterval(-0.001), in: zone) == week.previous)
  }

  @Test func `a day that begins at one o'clock begins then`() throws {
    // Cairo puts its clocks forward at midnight of the last Friday in April; a week there still has seven days.
    let zone = try Self.zone("Africa/Cairo")
    let week = try ISOWeek("2026-W17")
    #expect(week.end(in: zone).timeIntervalSince(week.start(in: zone)) == 167 * 3600)
  }

  @Test func `a clock that is far off gives the first or the last week, and no crash`() {
    #expect(ISOWeek(.distantPast, in: .gmt).year == 1583)
    #expect(ISOWeek(Date(timeIntervalSince1970: -1e300), in: .gmt).year == 1583)
    #expect(ISOWeek(Date(timeIntervalSince1970: 1e300), in: .gmt).year == 9998)
  }
}
