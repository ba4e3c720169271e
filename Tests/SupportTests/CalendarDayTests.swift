import Foundation
import Support
import Testing

@Suite struct CalendarDayTests {
  @Test(arguments: [
    ("nothing", ""), ("a word", "tomorrow"), ("two parts", "2026-11"), ("four parts", "2026-11-23-01"),
    ("a short year", "26-11-23"), ("a long year", "02026-11-23"), ("a month of one digit", "2026-1-23"),
    ("a day of one digit", "2026-11-3"), ("a month 0", "2026-00-23"), ("a month 13", "2026-13-01"),
    ("a day 0", "2026-11-00"), ("a 31st of November", "2026-11-31"), ("a 32nd", "2026-12-32"),
    ("a 30th of February", "2024-02-30"), ("a 29th in a year that does not leap", "2026-02-29"),
    ("a 29th in 1900", "1900-02-29"), ("slashes", "2026/11/23"), ("day first", "23-11-2026"),
    ("blanks around it", " 2026-11-23"), ("a blank behind it", "2026-11-23 "), ("a time behind it", "2026-11-23T10:00"),
    ("a sign", "+026-11-23"), ("a minus", "-026-11-23"), ("digits of another script", "٢٠٢٦-١١-٢٣"),
    ("full-width digits", "２０２６-11-23"), ("a superscript", "2026-11-2²"), ("a NUL", "2026-11-2\0"),
    ("an en dash", "2026–11–23"),
  ])
  func `what is no day is refused`(name: String, text: String) {
    #expect(CalendarDay(text) == nil, "\(name)")
  }

  @Test(arguments: ["2026-11-23", "2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01", "9999-12-31", "2026-04-30"])
  func `a day reads back as it was written`(text: String) {
    #expect(CalendarDay(text)?.description == text)
  }

  @Test func `days are ordered as in a calendar`() {
    let days = ["2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01"].compactMap { CalendarDay($0) }
    #expect(days.count == 4 && days.reversed().sorted() == days)
  }

  @Test func `the day depends on the time zone`() {
    let late = Date(timeIntervalSince1970: 1_795_476_600)  // 2026-11-23 23:30 UTC
    #expect(CalendarDay(late).description == "2026-11-23")
    #expect(CalendarDay(late, timeZone: "Europe/Berlin").description == "2026-11-24")
    #expect(CalendarDay(late, timeZone: "America/New_York").description == "2026-11-23")
    #expect(CalendarDay(late, timeZone: "Nowhere/At_All").description == "2026-11-23")
  }

  @Test func `an article is valid from its first day, and no more on its last`() throws {
    let from = try #require(CalendarDay("2026-11-10"))
    let until = try #require(CalendarDay("2026-11-20"))
    let article = Article(
      id: "a", title: "A", language: "en", validFrom: from, validUntil: until, body: "A.",
      location: SourceLocation(file: "knowledge/a.md"))
    let valid = ["2026-11-09", "2026-11-10", "2026-11-19", "2026-11-20"].compactMap { CalendarDay($0) }
      .map { article.isValid(on: $0) }
    #expect(valid == [false, true, true, false])
  }
}
