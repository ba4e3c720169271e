import Foundation
import Support

/// The update as one HTML file that needs nothing else: no script, no font, no picture from elsewhere. A policy in its
/// head forbids all of them, should hostile text ever get past the escaping.
struct HTMLReport {
  let update: WeeklyUpdate

  var text: String {
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(ShownText.line(update.workspaceName, limit: 80)): weekly update \(update.week.description)</title>
      <style>
      \(StyleSheet.css)
      </style>
      </head>
      <body>
      \(header)
      <main>
      \(tiles)
      <div class="grid">
      \(OutcomesChart(days: update.days).card)
      \(TopicsChart(topics: update.topics, previous: update.week.previous).card)
      <div class="stack">
      \(ResponseChart(update: update).card)
      \(TicketsChart(tickets: update.openTickets).card)
      </div>
      \(unanswered)
      \(oldest)
      \(HoursChart(hours: update.hours, days: update.days, timeZone: update.timeZone.writtenName).card)
      \(languages)
      \(articlesUsed)
      \(articlesNeverUsed)
      \(figures)
      </div>
      </main>
      \(footer)
      </body>
      </html>

      """
    return page.markup
  }

  private var header: HTML {
    let days = update.week.days
    return """
      <header>
      <p class="workspace">\(ShownText.line(update.workspaceName, limit: 80))</p>
      <h1>Weekly update <span class="week">\(update.week.description)</span></h1>
      <p class="dates">\(DayName.range(days[0], days[6])) · \(update.timeZone.writtenName)</p>
      <ul class="headlines">
      \(Headlines(update).sentences.map { "<li>\($0)</li>" as HTML })
      </ul>
      </header>
      """
  }

  private var tiles: HTML {
    let now = update.figures
    let then = update.before
    func answered(_ outcomes: Outcomes) -> Double { outcomes.deflection.share ?? 0 }
    func escalated(_ figures: WeekFigures) -> Double? {
      Ratio(figures.outcomes.escalated, of: figures.outcomes.all).share
    }
    let tiles = [
      Tile(
        name: "Questions", value: Figure.count(now.volume.questions),
        delta: Delta(count: now.volume.questions, before: then.volume.questions),
        note: Figure.count(now.volume.messagesIn, "message") + ", "
          + Figure.count(now.volume.agencies, "agency", "agencies"),
        line: update.days.map { Double($0.outcomes.all) }),
      Tile(
        name: "Deflection", value: Figure.percent(now.outcomes.deflection.share),
        delta: Delta(share: now.outcomes.deflection.share, before: then.outcomes.deflection.share, more: .good),
        note: "answered by the bot, of what needed an answer", line: update.days.map { answered($0.outcomes) }),
      Tile(
        name: "Escalated", value: Figure.percent(escalated(now)),
        delta: Delta(share: escalated(now), before: escalated(then), more: .bad),
        note:
          "\(Figure.count(now.outcomes.escalated, "question")); \(Figure.count(now.ticketsOpened, "ticket")) opened",
        line: update.days.map { Double($0.outcomes.escalated) }),
      Tile(
        name: "Bot's reply", value: now.botResponse.map { Figure.duration($0.p50) } ?? "–",
        delta: Delta(seconds: now.botResponse?.p50, before: then.botResponse?.p50),
        note: now.botResponse.map { "half within this; nine of ten within \(Figure.duration($0.p90))" } ?? "none sent",
        line: []),
      Tile(
        name: "Person's first reply", value: now.personResponse.map { Figure.duration($0.p50) } ?? "–",
        delta: Delta(seconds: now.personResponse?.p50, before: then.personResponse?.p50),
        note: now.personResponse.map { "half within this; nine of ten within \(Figure.duration($0.p90))" }
          ?? "none yet",
        line: []),
      Tile(
        name: "First replies in time", value: Figure.percent(now.repliedInTime.share),
        delta: Delta(share: now.repliedInTime.share, before: then.repliedInTime.share, more: .good),
        note: "\(Figure.count(now.repliedInTime.part)) of \(Figure.count(now.repliedInTime.whole))"
          + (update.openTickets.overdue > 0 ? "; \(Figure.count(update.openTickets.overdue)) open overdue" : ""),
        line: []),
    ]
    return "<section class=\"tiles\" aria-label=\"Key figures\">\n\(tiles.map(\.html))\n</section>"
  }

  private var footer: HTML {
    """
    <footer>
    <p>Changes are against \(update.week.previous.description). Percentiles are by nearest rank: a value that occurred,
    which half (p50) or nine of ten (p90) do not exceed. Open tickets as of
    \(Timestamp.wall(update.asOf, in: update.timeZone)), \(update.timeZone.writtenName).</p>
    </footer>
    """
  }
}
