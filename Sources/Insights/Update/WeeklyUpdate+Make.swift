package import Foundation
package import Support

extension WeeklyUpdate {
  /// Makes the update of `week`. Pure: the same input, in whatever order, gives the same update.
  /// - Parameters:
  ///   - timeZone: in which the week begins and ends, and days and hours are counted.
  ///   - interactions: of the week and of the week before; what lies outside both is passed over.
  ///   - tickets: all that may matter: open ones, and those opened, replied to or resolved in the two weeks.
  ///   - intents: of the workspace as it is now.
  ///   - articles: of the workspace as it is now.
  ///   - isOver: whether the week has ended, by the caller's clock: open tickets are then counted at its end,
  ///     otherwise at the last event in it.
  package static func make(
    week: ISOWeek, workspaceName: String, timeZone: TimeZone, interactions: [Interaction], tickets: [Ticket],
    intents: [Intent], articles: [Article], isOver: Bool = false
  ) -> WeeklyUpdate {
    let span = WeekSpan(week, in: timeZone)
    let spanBefore = WeekSpan(week.previous, in: timeZone)
    let log = WeekLog(interactions, in: span)
    let logBefore = WeekLog(interactions, in: spanBefore)
    let index = TopicIndex(intents: intents, articles: articles)
    // Every ticket once: should a number be there twice, the newer state of it counts.
    let tickets = Dictionary(tickets.map { ($0.number, $0) }, uniquingKeysWith: newer).values
      .sorted { $0.number < $1.number }
    let asOf = isOver ? span.end : lastEvent(before: span.end, interactions, tickets) ?? span.end
    let use = ArticleUsage(log: log, before: logBefore, index: index)
    return WeeklyUpdate(
      week: week, workspaceName: workspaceName, timeZone: timeZone, start: span.start, end: span.end, asOf: asOf,
      figures: WeekFigures(log: log, tickets: tickets, span: span),
      before: WeekFigures(log: logBefore, tickets: tickets, span: spanBefore),
      days: span.days.enumerated().map { day in log.figures(of: day.element, at: day.offset, in: span) },
      hours: log.hours(in: span),
      topics: Topic.ranked(log: log, before: logBefore, index: index),
      unanswered: UnansweredGroup.groups(of: log, before: logBefore, intents: intents, articles: articles),
      unansweredQuestions: log.questions.count(where: UnansweredGroup.isUnanswered),
      openTickets: OpenTickets(tickets, at: asOf),
      articlesUsed: use.used,
      articlesNeverUsed: use.neverUsed(of: articles, in: span),
      languages: LanguageCount.ranked(log: log, before: logBefore))
  }

  private static func newer(_ one: Ticket, _ other: Ticket) -> Ticket {
    one.updatedAt >= other.updatedAt ? one : other
  }

  /// Of what never changes afterwards, so that a week that has passed keeps it: `updatedAt` of a ticket does not count.
  private static func lastEvent(before end: Date, _ interactions: [Interaction], _ tickets: [Ticket]) -> Date? {
    let inLog = interactions.lazy.map(\.at).filter { $0 < end }.max()
    let ofTickets = tickets.lazy.flatMap { [$0.openedAt, $0.firstResponseAt, $0.resolvedAt] }.compactMap { $0 }
      .filter { $0 < end }.max()
    return [inLog, ofTickets].compactMap { $0 }.max()
  }
}

/// A week on the wall of a time zone.
struct WeekSpan {
  let timeZone: TimeZone
  let days: [CalendarDay]
  /// Eight: the beginnings of the days, and the end.
  let midnights: [Date]

  init(_ week: ISOWeek, in timeZone: TimeZone) {
    self.timeZone = timeZone
    self.days = week.days
    self.midnights = week.midnights(in: timeZone)
  }

  var start: Date { midnights.first ?? .distantPast }
  var end: Date { midnights.last ?? .distantPast }

  func contains(_ date: Date) -> Bool { start <= date && date < end }
  func contains(_ date: Date?) -> Bool { date.map(contains) ?? false }

  /// 0 (Monday) … 6; nil outside the week.
  func day(of date: Date) -> Int? {
    guard contains(date) else { return nil }
    return midnights.dropLast().lastIndex { $0 <= date }
  }

  /// 0…23 on the wall: the hour that comes twice when clocks go back is counted as one.
  func hour(of date: Date) -> Int {
    let local = date.timeIntervalSince1970 + Double(timeZone.secondsFromGMT(for: date))
    let seconds = local.truncatingRemainder(dividingBy: 86_400)
    return Int((seconds < 0 ? seconds + 86_400 : seconds) / 3600) % 24
  }
}
