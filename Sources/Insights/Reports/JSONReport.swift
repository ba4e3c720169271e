import Foundation
import JSON
import Support

/// The update as JSON. The keys are an interface (docs/reports.md): they may be added to, never renamed.
struct JSONReport {
  let update: WeeklyUpdate

  var value: JSONValue {
    [
      "week": .string(update.week.description),
      "workspace": .string(update.workspaceName),
      "time_zone": .string(update.timeZone.writtenName),
      "start": .time(update.start),
      "end": .time(update.end),
      "as_of": .time(update.asOf),
      "figures": figures(update.figures),
      "before": figures(update.before),
      "days": .array(update.days.map(day)),
      "hours": .array(update.hours.map { .array($0.map(JSONValue.integer)) }),
      "topics": .array(update.topics.map(topic)),
      "unanswered": unanswered,
      "open_tickets": openTickets,
      "articles_used": .array(update.articlesUsed.map(use)),
      "articles_never_used": .array(
        update.articlesNeverUsed.map { ["id": .string($0.id), "title": .string($0.title)] }),
      "languages": .array(
        update.languages.map {
          ["language": .string($0.language), "count": .integer($0.count), "before": .integer($0.before)]
        }),
    ]
  }

  private func figures(_ figures: WeekFigures) -> JSONValue {
    [
      "messages_in": .integer(figures.volume.messagesIn),
      "messages_out": .integer(figures.volume.messagesOut),
      "questions": .integer(figures.volume.questions),
      "conversations": .integer(figures.volume.conversations),
      "agencies": .integer(figures.volume.agencies),
      "outcomes": outcomes(figures.outcomes),
      "conversations_without_person": ratio(figures.withoutPerson),
      "bot_response": times(figures.botResponse),
      "person_response": times(figures.personResponse),
      "person_response_in_time": ratio(figures.repliedInTime),
      "tickets_opened": .integer(figures.ticketsOpened),
      "tickets_resolved": .integer(figures.ticketsResolved),
      "replies_held": .integer(figures.repliesHeld),
    ]
  }

  private func outcomes(_ outcomes: Outcomes) -> JSONValue {
    [
      "answered": ratio(Ratio(outcomes.answered, of: outcomes.all)),
      "asked_back": ratio(Ratio(outcomes.askedBack, of: outcomes.all)),
      "escalated": ratio(Ratio(outcomes.escalated, of: outcomes.all)),
      "silent": ratio(Ratio(outcomes.silent, of: outcomes.all)),
      "deflection": ratio(outcomes.deflection),
    ]
  }

  private func ratio(_ ratio: Ratio) -> JSONValue {
    ["count": .integer(ratio.part), "of": .integer(ratio.whole), "share": .share(ratio.share)]
  }

  private func times(_ times: ResponseTimes?) -> JSONValue {
    guard let times else { return ["count": 0, "p50_seconds": nil, "p90_seconds": nil] }
    return [
      "count": .integer(times.count), "p50_seconds": .rounded(times.p50, places: 3),
      "p90_seconds": .rounded(times.p90, places: 3),
    ]
  }

  private func day(_ day: DayFigures) -> JSONValue {
    [
      "day": .string(day.day.description),
      "messages_in": .integer(day.messagesIn),
      "answered": .integer(day.outcomes.answered),
      "asked_back": .integer(day.outcomes.askedBack),
      "escalated": .integer(day.outcomes.escalated),
      "silent": .integer(day.outcomes.silent),
    ]
  }

  private func topic(_ topic: Topic) -> JSONValue {
    [
      "id": .string(topic.id.description), "title": .string(topic.title), "count": .integer(topic.count),
      "before": .integer(topic.before), "change": .string(topic.change.rawValue),
    ]
  }

  private var unanswered: JSONValue {
    [
      "questions": .integer(update.unansweredQuestions),
      "groups": .array(
        update.unanswered.map { group in
          [
            "label": .string(group.label), "count": .integer(group.count), "agencies": .integer(group.agencies),
            "escalated": .integer(group.escalated), "examples": .array(group.examples.map(JSONValue.string)),
          ]
        }),
    ]
  }

  private var openTickets: JSONValue {
    let open = update.openTickets
    return [
      "count": .integer(open.count),
      "overdue": .integer(open.overdue),
      "by_age": .array(
        open.cells.map { cell in
          [
            "age": .string(cell.age.rawValue), "queue": .string(cell.queue),
            "priority": .string(cell.priority.rawValue), "count": .integer(cell.count),
          ]
        }),
      "oldest": .array(
        open.oldest.map { ticket in
          [
            "number": .integer(ticket.number), "agency": .string(ticket.agency), "queue": .string(ticket.queue),
            "priority": .string(ticket.priority.rawValue), "question": .string(ticket.question),
            "opened_at": .time(ticket.openedAt), "overdue": .bool(ticket.isOverdue),
          ]
        }),
    ]
  }

  private func use(_ use: ArticleUse) -> JSONValue {
    [
      "id": .string(use.id), "title": .string(use.title), "count": .integer(use.count),
      "before": .integer(use.before), "followed_by_person": .integer(use.followedByPerson),
    ]
  }
}
