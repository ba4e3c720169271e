package import Foundation

/// How soon a ticket of each priority is to be replied to and resolved.
package struct ServiceLevels: Sendable, Hashable, Codable {
  package struct Level: Sendable, Hashable, Codable {
    /// Minutes of desk time; of any time where `aroundTheClock`.
    package var firstResponseMinutes: Int
    package var resolutionMinutes: Int?
    package var aroundTheClock: Bool

    package init(firstResponseMinutes: Int, resolutionMinutes: Int?, aroundTheClock: Bool = false) {
      self.firstResponseMinutes = firstResponseMinutes
      self.resolutionMinutes = resolutionMinutes
      self.aroundTheClock = aroundTheClock
    }
  }

  package var levels: [TicketPriority: Level]

  package init(levels: [TicketPriority: Level] = [:]) {
    self.levels = Self.defaults.merging(levels) { $1 }
  }

  package static let defaults: [TicketPriority: Level] = [
    .low: Level(firstResponseMinutes: 16 * 60, resolutionMinutes: 80 * 60),
    .normal: Level(firstResponseMinutes: 8 * 60, resolutionMinutes: 40 * 60),
    .high: Level(firstResponseMinutes: 4 * 60, resolutionMinutes: 16 * 60),
    .urgent: Level(firstResponseMinutes: 60, resolutionMinutes: 8 * 60, aroundTheClock: true),
  ]

  package func firstResponseDue(_ priority: TicketPriority, from start: Date, calendar: BusinessCalendar) -> Date {
    due(self[priority].firstResponseMinutes, priority, from: start, calendar: calendar)
  }

  package func resolutionDue(_ priority: TicketPriority, from start: Date, calendar: BusinessCalendar) -> Date? {
    self[priority].resolutionMinutes.map { due($0, priority, from: start, calendar: calendar) }
  }

  private subscript(priority: TicketPriority) -> Level {
    levels[priority] ?? Level(firstResponseMinutes: 8 * 60, resolutionMinutes: nil)
  }

  private func due(_ minutes: Int, _ priority: TicketPriority, from start: Date, calendar: BusinessCalendar) -> Date {
    self[priority].aroundTheClock
      ? start.addingTimeInterval(Double(minutes) * 60) : calendar.date(after: minutes, from: start)
  }
}

/// How the desk works.
package struct DeskSettings: Sendable, Hashable, Codable {
  package var calendar: BusinessCalendar
  /// Where tickets go that no intent names a queue for.
  package var defaultQueue: String
  /// The queues there are; empty: any name is good.
  package var queues: [String]

  package init(calendar: BusinessCalendar = BusinessCalendar(), defaultQueue: String = "general", queues: [String] = [])
  {
    self.calendar = calendar
    self.defaultQueue = defaultQueue
    self.queues = queues
  }
}
