import Foundation
import Support
import TestSupport
import Testing

@Suite struct BusinessCalendarTests {
  static let berlin = BusinessCalendar(
    timeZone: "Europe/Berlin", holidays: [CalendarDay(year: 2026, month: 12, day: 25)])

  static func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

  @Test(arguments: [
    // Within a day, and up to the minute of closing.
    ("2026-11-23T10:00:00+01:00", 60, "2026-11-23T11:00:00+01:00"),
    ("2026-11-23T17:00:00+01:00", 60, "2026-11-23T18:00:00+01:00"),
    // Over night, and over the weekend.
    ("2026-11-23T17:30:00+01:00", 60, "2026-11-24T09:30:00+01:00"),
    ("2026-11-27T17:30:00+01:00", 60, "2026-11-30T09:30:00+01:00"),
    // From before opening, after closing, a Saturday.
    ("2026-11-23T03:00:00+01:00", 30, "2026-11-23T09:30:00+01:00"),
    ("2026-11-23T22:00:00+01:00", 30, "2026-11-24T09:30:00+01:00"),
    ("2026-11-28T12:00:00+01:00", 30, "2026-11-30T09:30:00+01:00"),
    // Over a holiday on a Friday, and the weekend behind it.
    ("2026-12-24T17:30:00+01:00", 60, "2026-12-28T09:30:00+01:00"),
    // Clocks go forward on 2027-03-28 and back on 2026-10-25, both Sundays.
    ("2027-03-26T17:30:00+01:00", 60, "2027-03-29T09:30:00+02:00"),
    ("2026-10-23T17:30:00+02:00", 60, "2026-10-26T09:30:00+01:00"),
    // No time at all: the next moment at which somebody is there.
    ("2026-11-23T10:00:00+01:00", 0, "2026-11-23T10:00:00+01:00"),
    ("2026-11-28T12:00:00+01:00", 0, "2026-11-30T09:00:00+01:00"),
  ])
  func `time counts while the desk is open`(start: String, minutes: Int, due: String) throws {
    #expect(try Self.berlin.date(after: minutes, from: Self.date(start)) == Self.date(due))
  }

  @Test func `opening is included, closing is not`() throws {
    #expect(try Self.berlin.isOpen(at: Self.date("2026-11-23T09:00:00+01:00")))
    #expect(try !Self.berlin.isOpen(at: Self.date("2026-11-23T08:59:59+01:00")))
    #expect(try !Self.berlin.isOpen(at: Self.date("2026-11-23T18:00:00+01:00")))
    #expect(try !Self.berlin.isOpen(at: Self.date("2026-12-25T10:00:00+01:00")))
    #expect(try !Self.berlin.isOpen(at: Self.date("2026-11-29T10:00:00+01:00")))
  }

  @Test func `a calendar that never opens counts every minute`() throws {
    let start = try Self.date("2026-11-23T10:00:00Z")
    #expect(BusinessCalendar(hours: [:]).date(after: 90, from: start) == start + 5_400)
    #expect(!BusinessCalendar(hours: [:]).isOpen(at: start))
  }

  @Test func `hours that end before they begin never open`() throws {
    let start = try Self.date("2026-11-23T10:00:00Z")
    let calendar = BusinessCalendar(hours: [1: .init(opens: 600, closes: 600), 2: .init(opens: 700, closes: 600)])
    #expect(calendar.date(after: 1, from: start) == start + 60)
  }

  @Test func `an unknown time zone is UTC`() throws {
    let start = try Self.date("2026-11-23T08:00:00Z")
    #expect(
      try BusinessCalendar(timeZone: "Mars/Olympus").date(after: 1, from: start) == Self.date("2026-11-23T09:01:00Z"))
  }

  @Test func `a desk that is open for an hour a week needs eighty weeks for eighty hours`() throws {
    let calendar = BusinessCalendar(hours: [1: .init(opens: 540, closes: 600)])
    let start = try Self.date("2026-11-23T00:00:00Z")
    #expect(calendar.date(after: 80 * 60, from: start) == start + (79 * 7 * 24 + 10) * 3600)
  }

  @Test func `a desk open day and night counts an hour that the clocks leave out or repeat as it passes`() throws {
    let always = Dictionary(uniqueKeysWithValues: (1...7).map { ($0, BusinessCalendar.Hours(opens: 0, closes: 1440)) })
    // In Beirut and Santiago the clocks go forward at midnight: there are days without a 00:00.
    for zone in ["Europe/Berlin", "America/New_York", "Asia/Beirut", "America/Santiago"] {
      let calendar = BusinessCalendar(timeZone: zone, hours: always)
      for start in ["2026-03-26T12:00:00Z", "2026-09-04T12:00:00Z", "2026-10-23T12:00:00Z", "2026-03-07T03:00:00Z"] {
        let start = try Self.date(start)
        #expect(calendar.date(after: 4 * 1440, from: start) == start + 4 * 86_400, "\(zone) from \(start)")
      }
    }
  }

  /// The definition: walk minute by minute, and count those that are open on the wall clock.
  static func walked(_ minutes: Int, from start: Date, _ business: BusinessCalendar, zone: TimeZone) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    var left = minutes
    var now = start
    while left > 0 {
      let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: now)
      if let year = parts.year, let month = parts.month, let day = parts.day, let weekday = parts.weekday,
        let hour = parts.hour, let minute = parts.minute,
        !business.holidays.contains(CalendarDay(year: year, month: month, day: day)),
        let hours = business.hours[(weekday + 5) % 7 + 1],
        (hours.opens..<hours.closes).contains(hour * 60 + minute)
      {
        left -= 1
      }
      now += 60
    }
    return now
  }

  @Test(arguments: ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Beirut"])
  func `it gives what a walk minute by minute gives`(zoneName: String) throws {
    let zone = try #require(TimeZone(identifier: zoneName))
    var random = SeededGenerator(seed: 7)
    // Around the changes of the clocks in spring and autumn, and a usual week.
    let around = try ["2026-03-27T00:00:00Z", "2026-10-23T00:00:00Z", "2026-10-30T00:00:00Z", "2026-11-23T00:00:00Z"]
      .map(Self.date)
    for _ in 0..<12 {
      var hours: [Int: BusinessCalendar.Hours] = [:]
      for day in 1...7 where Int.random(in: 0..<4, using: &random) > 0 {
        // Not between midnight and four: what an hour that is left out or repeated means is the next test's.
        let opens = Bool.random(using: &random) ? 0 : Int.random(in: 4 * 60...12 * 60, using: &random)
        hours[day] = .init(opens: opens, closes: Int.random(in: 13 * 60...24 * 60, using: &random))
      }
      guard !hours.isEmpty else { continue }
      let business = BusinessCalendar(
        timeZone: zoneName, hours: hours, holidays: [CalendarDay(year: 2026, month: 11, day: 24)])
      let start =
        try #require(around.randomElement(using: &random)) + Double(Int.random(in: 0..<5_000, using: &random)) * 60
      let minutes = Int.random(in: 1...3_000, using: &random)
      #expect(
        business.date(after: minutes, from: start) == Self.walked(minutes, from: start, business, zone: zone),
        "\(minutes) minutes from \(start), \(hours)")
    }
  }
}
