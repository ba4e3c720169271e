import Support

/// When messages came in: a strip for each day, a field for each hour.
struct HoursChart {
  let hours: [[Int]]
  let days: [DayFigures]
  let timeZone: String

  var card: HTML {
    Card(title: "Busiest hours", note: "messages in, \(timeZone)", body: body).html
  }

  private var most: Int { hours.joined().max() ?? 0 }

  private var body: HTML {
    guard most > 0 else { return "<p class=\"empty\">No message came in.</p>" }
    return """
      <figure class="hours">
      <ul class="hours-days" aria-hidden="true">\(inline: DayName.short.map { "<li>\($0)</li>" })</ul>
      <svg viewBox="0 0 240 70" preserveAspectRatio="none" role="img" aria-labelledby="hours-title hours-desc">
      <title id="hours-title">Busiest hours</title>
      <desc id="hours-desc">\(description)</desc>
      \(hours.enumerated().map { day, row in HTML(row.enumerated().map { field(day, $0, $1) }) })
      </svg>
      <ul class="hours-labels" aria-hidden="true"><li>0</li><li>6</li><li>12</li><li>18</li><li>24</li></ul>
      </figure>
      \(table.behind)
      """
  }

  private func field(_ day: Int, _ hour: Int, _ count: Int) -> HTML {
    // Five steps can be told apart; a smooth scale only looks as if it could.
    let step = count == 0 ? 0 : 1 + (count * 5 - 1) / most
    return "<rect class=\"heat\(min(step, 5))\" x=\"\(hour * 10)\" y=\"\(day * 10)\" width=\"9\" height=\"9\"/>"
  }

  private var description: String {
    var busiest = (day: 0, hour: 0)
    for (day, row) in hours.enumerated() {
      for (hour, count) in row.enumerated() where count > hours[busiest.day][busiest.hour] { busiest = (day, hour) }
    }
    return "Most messages came in on \(DayName.long[busiest.day]) from \(busiest.hour):00 to \(busiest.hour + 1):00: "
      + "\(Figure.count(hours[busiest.day][busiest.hour]))."
  }

  private var table: Table {
    Table(
      heads: ["Hour"] + DayName.short,
      rows: (0..<24).filter { hour in hours.contains { $0[hour] > 0 } }.map { hour in
        ["\(Figure.padded(hour, 2)):00"] + hours.map { "\(Figure.count($0[hour]))" }
      }, numbers: Set(1...7))
  }
}
