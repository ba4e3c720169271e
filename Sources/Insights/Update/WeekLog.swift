import Foundation
import Support

/// The interactions of one week, in the order in which they happened.
struct WeekLog {
  /// A question of a message.
  struct Question {
    var message: Interaction
    var part: Decision.Part
  }

  let incoming: [Interaction]
  let outgoing: [Interaction]
  let questions: [Question]

  init(_ interactions: [Interaction], in span: WeekSpan) {
    let week = interactions.filter { span.contains($0.at) }
    // An id is unique; the time and the rest only order what should not be there twice.
    let sorted = week.sorted { ($0.at, $0.id, $0.text) < ($1.at, $1.id, $1.text) }
    var seen: Set<Int> = []
    let unique = sorted.filter { seen.insert($0.id).inserted }
    incoming = unique.filter { $0.direction == .incoming }
    outgoing = unique.filter { $0.direction == .outgoing }
    questions = incoming.flatMap { message in
      message.parts.isEmpty
        // The line of a message that was not taken apart still counts once.
        ? [
          Question(
            message: message, part: Decision.Part(text: message.text, kind: message.decision ?? .silent))
        ] : message.parts.map { Question(message: message, part: $0) }
    }
  }

  var outcomes: Outcomes {
    questions.reduce(into: Outcomes()) { $0.add($1.part.kind) }
  }

  func figures(of day: CalendarDay, at index: Int, in span: WeekSpan) -> DayFigures {
    var figures = DayFigures(day: day, messagesIn: 0, outcomes: Outcomes())
    figures.messagesIn = incoming.count { span.day(of: $0.at) == index }
    for question in questions where span.day(of: question.message.at) == index {
      figures.outcomes.add(question.part.kind)
    }
    return figures
  }

  func hours(in span: WeekSpan) -> [[Int]] {
    var hours = [[Int]](repeating: [Int](repeating: 0, count: 24), count: 7)
    for message in incoming {
      if let day = span.day(of: message.at) { hours[day][span.hour(of: message.at)] += 1 }
    }
    return hours
  }

  /// Conversations in which something was asked, and nothing of it went to a person.
  var withoutPerson: Ratio {
    var asked: Set<ConversationID> = []
    var escalated: Set<ConversationID> = []
    for question in questions where question.part.kind != .silent {
      asked.insert(question.message.conversation)
      if question.part.kind == .escalate { escalated.insert(question.message.conversation) }
    }
    return Ratio(asked.count - escalated.count, of: asked.count)
  }
}

extension WeekFigures {
  init(log: WeekLog, tickets: [Ticket], span: WeekSpan) {
    volume = Volume(
      messagesIn: log.incoming.count, messagesOut: log.outgoing.count, questions: log.questions.count,
      conversations: Set(log.incoming.map(\.conversation)).count, agencies: Set(log.incoming.map(\.agency)).count)
    outcomes = log.outcomes
    withoutPerson = log.withoutPerson
    botResponse = ResponseTimes(
      seconds: log.outgoing.filter { $0.author == "bot" && $0.result == .sent }
        .compactMap { $0.latencyMilliseconds.map { $0 / 1000 } })
    let replied = tickets.compactMap { ticket -> (ticket: Ticket, at: Date)? in
      guard let at = ticket.firstResponseAt, span.contains(at) else { return nil }
      return (ticket, at)
    }
    personResponse = ResponseTimes(seconds: replied.map { $0.at.timeIntervalSince($0.ticket.openedAt) })
    repliedInTime = Ratio(
      replied.count { $0.at <= $0.ticket.draft.firstResponseDue }, of: replied.count)
    ticketsOpened = tickets.count { span.contains($0.openedAt) }
    ticketsResolved = tickets.count { span.contains($0.resolvedAt) }
    repliesHeld = log.outgoing.count { $0.result == .held }
  }
}
