import Foundation
import Support
import Testing

@Suite struct ServiceLevelsTests {
  /// A Friday, an hour before closing.
  let start = Date(timeIntervalSince1970: 1_795_798_800)
  let calendar = BusinessCalendar()

  @Test func `desk time waits for the desk, and urgent matters do not`() throws {
    let levels = ServiceLevels()
    #expect(try start == Date("2026-11-27T17:00:00Z", strategy: .iso8601))
    #expect(
      try levels.firstResponseDue(.high, from: start, calendar: calendar)
        == Date("2026-11-30T12:00:00Z", strategy: .iso8601))
    #expect(levels.firstResponseDue(.urgent, from: start, calendar: calendar) == start + 3600)
    #expect(levels.resolutionDue(.urgent, from: start, calendar: calendar) == start + 8 * 3600)
  }

  @Test func `the more urgent is due no later`() {
    let levels = ServiceLevels()
    let due = TicketPriority.allCases.map { levels.firstResponseDue($0, from: start, calendar: calendar) }
    #expect(due == due.sorted(by: >))
  }

  @Test func `a level of one's own takes the place of the default, and the others stay`() {
    let levels = ServiceLevels(levels: [
      .low: .init(firstResponseMinutes: 5, resolutionMinutes: nil, aroundTheClock: true)
    ])
    #expect(levels.firstResponseDue(.low, from: start, calendar: calendar) == start + 300)
    #expect(levels.resolutionDue(.low, from: start, calendar: calendar) == nil)
    #expect(levels.levels[.high] == ServiceLevels.defaults[.high])
  }

  @Test func `every priority has a level of its own`() {
    #expect(Set(ServiceLevels().levels.keys) == Set(TicketPriority.allCases))
  }
}
