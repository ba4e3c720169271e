import Foundation
import Support

/// The update as Markdown that also reads well as plain text, pasted into a chat or a mail.
struct MarkdownReport {
  let update: WeeklyUpdate

  /// Of a list of any length; the CSV and the JSON have the rest.
  private static let listed = 10

  var text: String {
    let days = update.week.days
    let blocks: [String] = [
      "# \(Self.safe(update.workspaceName)): weekly update \(update.week)",
      "\(DayName.range(days[0], days[6])), \(Self.safe(update.timeZone.writtenName)) time",
      list(Headlines(update).sentences.map(Self.safe)),
      "## Figures", figures,
      "## Days", daysTable,
      "## Top topics", topics,
      "## Questions that nothing answered", unanswered,
      "## Open tickets", openTickets,
      "## Articles", articles,
      "## Languages", languages,
      "_Changes are against \(update.week.previous). Percentiles are by nearest rank. Open tickets as of "
        + "\(Timestamp.wall(update.asOf, in: update.timeZone))._",
    ]
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private var figures: String {
    table(
      ["Figure", "This week", "Week before", "Change"], rows: FigureRow.all(of: update).map(\.cells), numbers: 1...3)
  }

  private var daysTable: String {
    table(
      ["Day", "Messages", "Answered", "Asked back", "Escalated", "Silent"],
      rows: update.days.enumerated().map { index, day in
        ["\(DayName.short[index]) \(DayName.brief(day.day))"]
          + [
            day.messagesIn, day.outcomes.answered, day.outcomes.askedBack, day.outcomes.escalated, day.outcomes.silent,
          ].map(Figure.count)
      }, numbers: 1...5)
  }

  private var topics: String {
    let asked = update.topics.filter { $0.count > 0 }
    guard !update.topics.isEmpty else { return "None." }
    var lines = asked.prefix(Self.listed).enumerated().map { index, topic in
      "\(index + 1). \(Self.safe(topic.title)): \(Figure.count(topic.count)) (\(TopicMark.text(topic)))"
    }
    if asked.count > Self.listed { lines.append("\nand \(asked.count - Self.listed) more.") }
    let gone = update.topics.filter { $0.change == .gone }
    if !gone.isEmpty {
      let titles = gone.prefix(5).map { "\(Self.safe($0.title)) (\($0.before) before)" }.joined(separator: "; ")
      lines.append("\nNo longer asked: \(titles)\(gone.count > 5 ? "; and \(gone.count - 5) more" : "").")
    }
    return lines.joined(separator: "\n")
  }

  private var unanswered: String {
    guard !update.unanswered.isEmpty else { return "None." }
    var lines = update.unanswered.prefix(Self.listed).map { group in
      let head =
        "- **\(Self.safe(group.label))**: \(Figure.count(group.count, "time")), "
        + Figure.count(group.agencies, "agency", "agencies")
      return ([head] + group.examples.map { "  - \(Self.safe($0))" }).joined(separator: "\n")
    }
    let more = update.unanswered.count - Self.listed
    if more > 0 { lines.append("\nand \(Figure.count(more, "group")) more.") }
    return lines.joined(separator: "\n")
  }

  private var openTickets: String {
    let open = update.openTickets
    guard open.count > 0 else { return "None." }
    let priorities = TicketPriority.allCases.reversed()
    var rows = OpenTickets.Age.allCases.map { age in
      [age.name] + priorities.map { Figure.count(open.count(age, $0)) } + [Figure.count(open.count(age))]
    }
    rows.append(
      ["all"]
        + priorities.map { priority in
          Figure.count(open.cells.reduce(0) { $0 + ($1.priority == priority ? $1.count : 0) })
        } + [Figure.count(open.count)])
    let oldest = open.oldest.prefix(5).map { ticket in
      "\(Self.safe("#\(ticket.number)")) \(ticket.priority.rawValue), \(Self.safe(ticket.queue)), "
        + "\(Self.safe(ticket.agency)), open for \(Figure.duration(update.asOf.timeIntervalSince(ticket.openedAt)))"
        + "\(ticket.isOverdue ? ", **overdue**" : ""): \(Self.safe(ticket.question))"
    }
    return [
      table(["Age"] + priorities.map(\.rawValue) + ["all"], rows: rows, numbers: 1...5), "Waiting longest:",
      list(oldest),
    ].joined(separator: "\n\n")
  }

  private var articles: String {
    let used = update.articlesUsed.prefix(Self.listed).map { article in
      let followed =
        article.followedByPerson > 0 ? "; \(Figure.count(article.followedByPerson)) then went to a person" : ""
      return "\(Self.safe(article.title)): \(Figure.count(article.count, "answer"))\(followed)"
    }
    let unused = update.articlesNeverUsed
    let more = unused.count > 20 ? "; and \(unused.count - 20) more" : ""
    let titles = unused.prefix(20).map { Self.safe($0.title) }.joined(separator: "; ")
    return [
      used.isEmpty ? "None was used." : list(used),
      unused.isEmpty ? nil : "Never used (\(Figure.count(unused.count))): \(titles)\(more).",
    ].compactMap { $0 }.joined(separator: "\n\n")
  }

  private var languages: String {
    guard !update.languages.isEmpty else { return "None." }
    return update.languages.prefix(Self.listed)
      .map { "\(Self.safe($0.language)) \(Figure.count($0.count))" }.joined(separator: ", ") + "."
  }

  private func list(_ lines: [String]) -> String { lines.map { "- \($0)" }.joined(separator: "\n") }

  private func table(_ heads: [String], rows: [[String]], numbers: ClosedRange<Int>) -> String {
    let ruler = heads.indices.map { numbers.contains($0) ? "---:" : "---" }
    return ([heads, ruler] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  /// Text of people, which must not become markup, a link, or a mention, wherever it is pasted.
  static func safe(_ text: String) -> String {
    var safe = String.UnicodeScalarView()
    for scalar in ShownText.line(text, limit: 400).unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "<", ">", "#", "|", "~", "!", "&", "@": safe.append("\\")
      default: break
      }
      safe.append(scalar)
    }
    return String(safe)
  }
}
