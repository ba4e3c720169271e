import Support

/// First-response times, of the bot and of persons, each on a scale of its own.
struct ResponseChart {
  let update: WeeklyUpdate

  var card: HTML {
    Card(title: "First response", note: "the line is \(update.week.previous)", body: body).html
  }

  private var body: HTML {
    """
    \(group("Bot", "message in to reply sent", update.figures.botResponse, update.before.botResponse))
    \(group("Persons", "ticket opened to first reply", update.figures.personResponse, update.before.personResponse))
    \(table.behind)
    """
  }

  private func group(_ name: String, _ note: String, _ now: ResponseTimes?, _ before: ResponseTimes?) -> HTML {
    let head: HTML = "<h3>\(name) <small>\(note)</small></h3>"
    guard let now else { return head + "<p class=\"empty\">None this week.</p>" }
    let most = Int((max(now.p90, before?.p90 ?? 0) * 1000).rounded())
    func row(_ label: String, _ seconds: Double, _ before: Double?, _ style: String) -> HTML {
      BarRow(
        label: label, value: Figure.duration(seconds), chip: nil,
        segments: [BarRow.Segment(length: BarRow.length(Int((seconds * 1000).rounded()), of: most), style: style)],
        mark: before.map { BarRow.length(Int(($0 * 1000).rounded()), of: most) }
      ).html
    }
    return head + """
      <ul class="bars">
      \(row("p50: half within", now.p50, before?.p50, "plain"))
      \(row("p90: nine of ten within", now.p90, before?.p90, "soft"))
      </ul>
      """
  }

  private var table: Table {
    func row(_ name: String, _ times: ResponseTimes?) -> [HTML] {
      [
        "\(name)", "\(Figure.count(times?.count ?? 0))", "\(times.map { Figure.duration($0.p50) } ?? "–")",
        "\(times.map { Figure.duration($0.p90) } ?? "–")",
      ]
    }
    return Table(
      heads: ["First response", "Measured", "p50", "p90"],
      rows: [
        row("Bot, this week", update.figures.botResponse), row("Bot, week before", update.before.botResponse),
        row("Persons, this week", update.figures.personResponse),
        row("Persons, week before", update.before.personResponse),
      ], numbers: [1, 2, 3])
  }
}
