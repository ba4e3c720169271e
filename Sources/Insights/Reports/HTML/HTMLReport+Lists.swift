import Foundation
import Support

extension HTMLReport {
  var unanswered: HTML {
    let groups = update.unanswered.prefix(8).map { group -> HTML in
      """
      <li>
      <p><bdi class="quote">\(group.label)</bdi></p>
      <p class="note">\(Figure.count(group.count, "time")) · \(Figure.count(group.agencies, "agency", "agencies"))\
       · \(Figure.count(group.escalated)) escalated</p>
      \(examples(group))
      </li>
      """
    }
    let more = update.unanswered.count - groups.count
    return Card(
      title: "Questions that nothing answered",
      note: update.unansweredQuestions > 0
        ? "\(Figure.count(update.unansweredQuestions, "question")), alike ones together: each may be worth an article"
        : "",
      body: groups.isEmpty
        ? "<p class=\"empty\">None.</p>"
        : """
        <ol class="groups">
        \(groups)
        </ol>
        \(more > 0 ? "<p class=\"note\">and \(Figure.count(more, "group")) more</p>" : .none)
        """, isWide: true
    ).html
  }

  private func examples(_ group: UnansweredGroup) -> HTML {
    guard !group.examples.isEmpty else { return .none }
    return """
      <ul class="examples">
      \(group.examples.map { "<li><bdi>\($0)</bdi></li>" as HTML })
      </ul>
      """
  }

  var oldest: HTML {
    let open = update.openTickets
    guard !open.oldest.isEmpty else { return .none }
    let entries = open.oldest.map { ticket -> HTML in
      """
      <li>
      <p class="age">\(Figure.duration(update.asOf.timeIntervalSince(ticket.openedAt)))\
      \(ticket.isOverdue ? " <span class=\"chip bad\">overdue</span>" : .none)</p>
      <p><bdi>\(ticket.question)</bdi></p>
      <p class="note">#\(ticket.number) · <bdi>\(ShownText.line(ticket.agency, limit: 40))</bdi> · \
      <bdi>\(ShownText.line(ticket.queue, limit: 40))</bdi> · \(ticket.priority.rawValue)</p>
      </li>
      """
    }
    return Card(
      title: "Waiting longest",
      note:
        "\(Figure.count(open.count, "ticket")) open; \(Figure.count(open.overdue)) without a person's reply in time",
      body: """
        <ol class="waiting">
        \(entries)
        </ol>
        """, isWide: true
    ).html
  }

  var languages: HTML {
    let most = update.languages.first?.count ?? 0
    let rows = update.languages.prefix(8).map { entry in
      BarRow(
        label: entry.language == "und" ? "not known" : ShownText.line(entry.language, limit: 20),
        value: Figure.count(entry.count), chip: nil,
        segments: [BarRow.Segment(length: BarRow.length(entry.count, of: most), style: "plain")], mark: nil
      ).html
    }
    return Card(
      title: "Languages", note: "messages in",
      body: rows.isEmpty ? "<p class=\"empty\">None.</p>" : "<ul class=\"bars\">\n\(rows)\n</ul>"
    ).html
  }

  var articlesUsed: HTML {
    Card(
      title: "Articles used",
      note: "“Then a person”: the next question in that conversation, within a day, was escalated",
      body: update.articlesUsed.isEmpty
        ? "<p class=\"empty\">None.</p>"
        : Table(
          heads: ["Article", "Answers", "Before", "Then a person"],
          rows: update.articlesUsed.prefix(12).map { article in
            [
              "<bdi>\(article.title)</bdi>", "\(Figure.count(article.count))", "\(Figure.count(article.before))",
              "\(Figure.count(article.followedByPerson))",
            ]
          }, numbers: [1, 2, 3]
        ).html + more(update.articlesUsed.count - 12)
    ).html
  }

  var articlesNeverUsed: HTML {
    let unused = update.articlesNeverUsed
    return Card(
      title: "Articles never used",
      note: unused.isEmpty ? "" : "\(Figure.count(unused.count)) that agencies could have been sent this week",
      body: unused.isEmpty
        ? "<p class=\"empty\">None: every article was sent at least once.</p>"
        : """
        <ul class="plain">
        \(unused.prefix(20).map { "<li><bdi>\($0.title)</bdi></li>" as HTML })
        </ul>
        """ + more(unused.count - 20)
    ).html
  }

  private func more(_ count: Int) -> HTML {
    count > 0 ? "<p class=\"note\">and \(Figure.count(count)) more</p>" : .none
  }

  var figures: HTML {
    Card(
      title: "All figures", note: "",
      body: Table(
        heads: ["Figure", "This week", "Week before", "Change"],
        rows: FigureRow.all(of: update).map { row in row.cells.map { "\($0)" } }, numbers: [1, 2, 3]
      ).html, isWide: true
    ).html
  }
}
