import Foundation
import Support

/// The update as one CSV in long form: every figure on a line of its own, under the section that it belongs to.
struct CSVReport {
  let update: WeeklyUpdate

  var text: String {
    var csv = CSVWriter()
    csv.row(["section", "key", "label", "value", "before", "unit"])
    line(&csv, "week", "week", .own(update.week.description))
    line(&csv, "week", "workspace", .written(update.workspaceName))
    line(&csv, "week", "time_zone", .written(update.timeZone.writtenName))
    line(&csv, "week", "start", .own(Timestamp.rfc3339(update.start)))
    line(&csv, "week", "end", .own(Timestamp.rfc3339(update.end)))
    line(&csv, "week", "as_of", .own(Timestamp.rfc3339(update.asOf)))
    figures(&csv)
    days(&csv)
    lists(&csv)
    return csv.text
  }

  private func figures(_ csv: inout CSVWriter) {
    let now = update.figures
    let then = update.before
    func count(_ section: CSVWriter.Cell, _ key: CSVWriter.Cell, _ figure: (WeekFigures) -> Int) {
      line(&csv, section, key, .number(figure(now)), .number(figure(then)), "count")
    }
    func share(_ section: CSVWriter.Cell, _ key: CSVWriter.Cell, _ figure: (WeekFigures) -> Ratio) {
      line(
        &csv, section, key, .number(figure(now).share, places: 4), .number(figure(then).share, places: 4), "share")
    }
    func seconds(_ section: CSVWriter.Cell, _ key: CSVWriter.Cell, _ figure: (WeekFigures) -> Double?) {
      line(&csv, section, key, .number(figure(now), places: 3), .number(figure(then), places: 3), "seconds")
    }
    count("volume", "messages_in") { $0.volume.messagesIn }
    count("volume", "messages_out") { $0.volume.messagesOut }
    count("volume", "questions") { $0.volume.questions }
    count("volume", "conversations") { $0.volume.conversations }
    count("volume", "agencies") { $0.volume.agencies }
    count("outcomes", "answered") { $0.outcomes.answered }
    count("outcomes", "asked_back") { $0.outcomes.askedBack }
    count("outcomes", "escalated") { $0.outcomes.escalated }
    count("outcomes", "silent") { $0.outcomes.silent }
    share("outcomes", "answered_share") { Ratio($0.outcomes.answered, of: $0.outcomes.all) }
    share("outcomes", "asked_back_share") { Ratio($0.outcomes.askedBack, of: $0.outcomes.all) }
    share("outcomes", "escalated_share") { Ratio($0.outcomes.escalated, of: $0.outcomes.all) }
    share("outcomes", "silent_share") { Ratio($0.outcomes.silent, of: $0.outcomes.all) }
    share("outcomes", "deflection") { $0.outcomes.deflection }
    share("outcomes", "conversations_without_person") { $0.withoutPerson }
    count("bot_response", "count") { $0.botResponse?.count ?? 0 }
    seconds("bot_response", "p50") { $0.botResponse?.p50 }
    seconds("bot_response", "p90") { $0.botResponse?.p90 }
    count("person_response", "count") { $0.personResponse?.count ?? 0 }
    seconds("person_response", "p50") { $0.personResponse?.p50 }
    seconds("person_response", "p90") { $0.personResponse?.p90 }
    share("person_response", "in_time") { $0.repliedInTime }
    count("tickets", "opened") { $0.ticketsOpened }
    count("tickets", "resolved") { $0.ticketsResolved }
    line(&csv, "tickets", "open", .number(update.openTickets.count), "", "count")
    line(&csv, "tickets", "overdue", .number(update.openTickets.overdue), "", "count")
    count("replies", "held") { $0.repliesHeld }
  }

  private func days(_ csv: inout CSVWriter) {
    for day in update.days {
      let figures: [(String, Int)] = [
        ("messages_in", day.messagesIn), ("answered", day.outcomes.answered), ("asked_back", day.outcomes.askedBack),
        ("escalated", day.outcomes.escalated), ("silent", day.outcomes.silent),
      ]
      for (label, count) in figures {
        csv.row(["day", .own(day.day.description), .own(label), .number(count), "", "count"])
      }
    }
    for (weekday, hours) in update.hours.enumerated() {
      for (hour, count) in hours.enumerated() where count > 0 {
        let day = update.days.indices.contains(weekday) ? update.days[weekday].day.description : ""
        csv.row(["hour", .own("\(day)T\(Figure.padded(hour, 2))"), "messages_in", .number(count), "", "count"])
      }
    }
  }

  private func lists(_ csv: inout CSVWriter) {
    for topic in update.topics {
      csv.row([
        "topic", .written(topic.id.description), .written(topic.title), .number(topic.count), .number(topic.before),
        "questions",
      ])
    }
    csv.row(["unanswered", "questions", "", .number(update.unansweredQuestions), "", "questions"])
    for (index, group) in update.unanswered.enumerated() {
      let key = CSVWriter.Cell.number(index + 1)
      csv.row(["unanswered_group", key, .written(group.label), .number(group.count), "", "questions"])
      csv.row(["unanswered_agencies", key, .written(group.label), .number(group.agencies), "", "agencies"])
      csv.row(["unanswered_escalated", key, .written(group.label), .number(group.escalated), "", "questions"])
      for example in group.examples { csv.row(["unanswered_example", key, .written(example), "", "", ""]) }
    }
    for cell in update.openTickets.cells {
      csv.row([
        "open_tickets", .own(cell.age.rawValue), .written("\(cell.queue)/\(cell.priority.rawValue)"),
        .number(cell.count), "", "tickets",
      ])
    }
    for ticket in update.openTickets.oldest {
      csv.row([
        "oldest_ticket", .number(ticket.number), .written(ticket.question),
        .number(update.asOf.timeIntervalSince(ticket.openedAt), places: 0), "", "seconds",
      ])
    }
    for article in update.articlesUsed {
      let id = CSVWriter.Cell.written(article.id)
      let title = CSVWriter.Cell.written(article.title)
      csv.row(["article_used", id, title, .number(article.count), .number(article.before), "answers"])
      csv.row(["article_followed_by_person", id, title, .number(article.followedByPerson), "", "answers"])
    }
    for article in update.articlesNeverUsed {
      csv.row(["article_never_used", .written(article.id), .written(article.title), 0, "", "answers"])
    }
    for language in update.languages {
      csv.row([
        "language", .written(language.language), "", .number(language.count), .number(language.before), "messages",
      ])
    }
  }

  private func line(
    _ csv: inout CSVWriter, _ section: CSVWriter.Cell, _ key: CSVWriter.Cell, _ value: CSVWriter.Cell,
    _ before: CSVWriter.Cell = "", _ unit: CSVWriter.Cell = ""
  ) {
    csv.row([section, key, "", value, before, unit])
  }
}
