import Support

/// What became of the questions of each day: stacked columns.
struct OutcomesChart {
  let days: [DayFigures]

  private static let kinds: [(name: String, style: String, count: @Sendable (Outcomes) -> Int)] = [
    ("answered", "answered", { $0.answered }), ("asked back", "asked", { $0.askedBack }),
    ("escalated", "escalated", { $0.escalated }), ("silent", "silent", { $0.silent }),
  ]

  var card: HTML {
    Card(title: "Outcomes by day", note: "questions, by what became of them", body: body, isWide: true).html
  }

  private var body: HTML {
    let most = days.map(\.outcomes.all).max() ?? 0
    guard most > 0 else { return "<p class=\"empty\">Nothing was asked.</p>" }
    let top = Self.roundUp(most)
    let labels = days.enumerated().map { index, day -> HTML in
      """
      <li><b>\(Figure.count(day.outcomes.all))</b> <span>\(DayName.short[index])</span> \
      <small>\(DayName.brief(day.day))</small></li>
      """
    }
    return """
      <figure>
      <div class="plot">
      <span class="scale top">\(Figure.count(top))</span><span class="scale middle">\(Figure.count(top / 2))</span>
      <svg class="columns" viewBox="0 0 700 200" preserveAspectRatio="none" role="img" \
      aria-labelledby="outcomes-title outcomes-desc">
      <title id="outcomes-title">Outcomes by day</title>
      <desc id="outcomes-desc">\(description)</desc>
      <line class="rule" x1="0" x2="700" y1="0" y2="0"/><line class="rule" x1="0" x2="700" y1="100" y2="100"/>
      \(days.enumerated().map { column($0, $1.outcomes, top: top) })
      <line class="base" x1="0" x2="700" y1="200" y2="200"/>
      </svg>
      </div>
      <ul class="columns-labels" aria-hidden="true">\(inline: labels)</ul>
      \(Legend(entries: Self.kinds.map { ($0.style, $0.name) }).html)
      \(table.behind)
      </figure>
      """
  }

  private func column(_ index: Int, _ outcomes: Outcomes, top: Int) -> HTML {
    var below = 0
    return HTML(
      Self.kinds.map { kind in
        let count = kind.count(outcomes)
        guard count > 0 else { return .none }
        // Both ends are rounded from the whole sums, so that segments meet.
        let from = 200 - below * 200 / top
        below += count
        let to = 200 - below * 200 / top
        return """
          <rect class="\(kind.style)" x="\(index * 100 + 22)" y="\(to)" width="56" height="\(max(from - to, 1))"/>
          """
      })
  }

  private var description: String {
    days.enumerated().map { index, day in
      "\(DayName.long[index]): "
        + Self.kinds.map { "\($0.count(day.outcomes)) \($0.name)" }.joined(separator: ", ")
    }.joined(separator: ". ") + "."
  }

  private var table: Table {
    Table(
      heads: ["Day", "Messages"] + Self.kinds.map(\.name),
      rows: days.enumerated().map { index, day in
        ["\(DayName.short[index]) \(DayName.brief(day.day))", "\(Figure.count(day.messagesIn))"]
          + Self.kinds.map { "\(Figure.count($0.count(day.outcomes)))" }
      }, numbers: [1, 2, 3, 4, 5])
  }

  /// The next even number of one digit and noughts, or of a half: 62 gives 80, 7 gives 8, 4,210 gives 5,000.
  static func roundUp(_ most: Int) -> Int {
    var unit = 1
    while unit * 10 <= most { unit *= 10 }
    for step in [1, 2, 3, 4, 5, 6, 8, 10] where step * unit >= most && (step * unit) % 2 == 0 { return step * unit }
    return max(2, unit * 20)
  }
}
