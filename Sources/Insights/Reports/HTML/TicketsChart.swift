import Support

/// Open tickets by age, stacked by priority.
struct TicketsChart {
  let tickets: OpenTickets

  private static let priorities: [TicketPriority] = TicketPriority.allCases.reversed()

  var card: HTML {
    Card(title: "Open tickets by age", note: "\(Figure.count(tickets.count)) open", body: body).html
  }

  private var body: HTML {
    guard tickets.count > 0 else { return "<p class=\"empty\">None is open.</p>" }
    let most = OpenTickets.Age.allCases.map { tickets.count($0) }.max() ?? 0
    let rows = OpenTickets.Age.allCases.map { age in
      BarRow(
        label: age.name, value: Figure.count(tickets.count(age)), chip: nil,
        segments: Self.priorities.map { priority in
          BarRow.Segment(length: BarRow.length(tickets.count(age, priority), of: most), style: priority.rawValue)
        }, mark: nil
      ).html
    }
    return """
      <ul class="bars">
      \(rows)
      </ul>
      \(Legend(entries: Self.priorities.map { ($0.rawValue, $0.rawValue) }).html)
      \(table.behind)
      """
  }

  private var table: Table {
    Table(
      heads: ["Age", "Queue", "Priority", "Tickets"],
      rows: tickets.cells.map { cell in
        [
          "\(cell.age.name)", "\(ShownText.line(cell.queue, limit: 40))", "\(cell.priority.rawValue)",
          "\(Figure.count(cell.count))",
        ]
      }, numbers: [3])
  }
}
