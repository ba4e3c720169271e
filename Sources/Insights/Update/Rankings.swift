import Foundation
import Support

extension Topic {
  /// The most asked first; then those of the week before that nobody asks about any more.
  static func ranked(log: WeekLog, before: WeekLog, index: TopicIndex) -> [Topic] {
    let now = counts(log, index)
    let then = counts(before, index)
    var lastTitles: [CandidateID: String] = [:]
    for question in before.questions + log.questions {
      for candidate in question.part.candidates { lastTitles[candidate.id] = candidate.title }
    }
    return Set(now.keys).union(then.keys)
      .map { id in
        Topic(
          id: id, title: ShownText.line(index.title(of: id) ?? lastTitles[id] ?? id.description, limit: 120),
          count: now[id] ?? 0, before: then[id] ?? 0)
      }
      .sorted { ($1.count, $1.before, $0.id.description) < ($0.count, $0.before, $1.id.description) }
  }

  private static func counts(_ log: WeekLog, _ index: TopicIndex) -> [CandidateID: Int] {
    log.questions.reduce(into: [:]) { counts, question in
      guard question.part.kind != .silent, let matched = question.part.matched else { return }
      counts[index.topic(of: matched), default: 0] += 1
    }
  }
}

extension LanguageCount {
  static func ranked(log: WeekLog, before: WeekLog) -> [LanguageCount] {
    func counts(_ log: WeekLog) -> [String: Int] {
      log.incoming.reduce(into: [:]) { $0[$1.language ?? "und", default: 0] += 1 }
    }
    let now = counts(log)
    let then = counts(before)
    return now.map { LanguageCount(language: $0.key, count: $0.value, before: then[$0.key] ?? 0) }
      .sorted { ($1.count, $0.language) < ($0.count, $1.language) }
  }
}

extension OpenTickets {
  /// - Parameter tickets: in rising order of number.
  init(_ tickets: [Ticket], at moment: Date) {
    let open = tickets.filter { $0.openedAt <= moment && ($0.resolvedAt.map { $0 > moment } ?? $0.state.isActive) }
    var counts: [Cell: Int] = [:]
    for ticket in open {
      let age = Age(seconds: moment.timeIntervalSince(ticket.openedAt))
      counts[Cell(age: age, queue: ticket.draft.queue, priority: ticket.draft.priority, count: 0), default: 0] += 1
    }
    cells = counts.map { Cell(age: $0.key.age, queue: $0.key.queue, priority: $0.key.priority, count: $0.value) }
      .sorted { ($0.age.order, $0.queue, $1.priority) < ($1.age.order, $1.queue, $0.priority) }
    func isOverdue(_ ticket: Ticket) -> Bool {
      ticket.draft.firstResponseDue < moment && (ticket.firstResponseAt.map { $0 > moment } ?? true)
    }
    overdue = open.count(where: isOverdue)
    oldest = open.sorted { ($0.openedAt, $0.number) < ($1.openedAt, $1.number) }.prefix(10).map { ticket in
      Entry(
        number: ticket.number, agency: ticket.agency, queue: ticket.draft.queue, priority: ticket.draft.priority,
        question: ShownText.line(ticket.draft.question, limit: 160), openedAt: ticket.openedAt,
        isOverdue: isOverdue(ticket))
    }
  }
}

extension OpenTickets.Age {
  fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
