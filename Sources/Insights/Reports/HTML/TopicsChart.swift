import Support

/// What was asked about most, with a line where it stood the week before.
struct TopicsChart {
  let topics: [Topic]
  let previous: ISOWeek

  private static let listed = 10

  var card: HTML {
    Card(title: "Top topics", note: "questions; the line is \(previous)", body: body).html
  }

  private var body: HTML {
    let asked = topics.filter { $0.count > 0 }
    let gone = topics.filter { $0.change == .gone }
    guard !topics.isEmpty else { return "<p class=\"empty\">Nothing was matched.</p>" }
    let shown = asked.prefix(Self.listed)
    let most = shown.map { max($0.count, $0.before) }.max() ?? 0
    let rows = shown.map { topic in
      BarRow(
        label: topic.title, value: Figure.count(topic.count), chip: Self.chip(topic),
        segments: [BarRow.Segment(length: BarRow.length(topic.count, of: most), style: "plain")],
        mark: topic.before > 0 ? BarRow.length(topic.before, of: most) : nil
      ).html
    }
    let goneTitles = gone.prefix(5).map { "<bdi>\($0.title)</bdi> (\($0.before))" as HTML }
    return """
      <ul class="bars">
      \(rows)
      </ul>
      \(asked.count > Self.listed ? "<p class=\"note\">and \(Figure.count(asked.count - Self.listed)) more</p>" : .none)
      \(gone.isEmpty ? .none : "<p class=\"note\">Asked the week before and no longer: \(separated: goneTitles)</p>" as HTML)
      \(table(Array(shown)).behind)
      """
  }

  private static func chip(_ topic: Topic) -> HTML {
    switch topic.change {
    case .new: "<span class=\"chip new\">new</span>"
    case .gone, .same: .none
    case .more, .fewer: "<span class=\"chip neutral\">\(Figure.change(topic.count - topic.before))</span>"
    }
  }

  private func table(_ shown: [Topic]) -> Table {
    Table(
      heads: ["Topic", "This week", "Week before", "Change"],
      rows: shown.map { topic in
        [
          "<bdi>\(topic.title)</bdi><br><small>\(topic.id.description)</small>", "\(Figure.count(topic.count))",
          "\(Figure.count(topic.before))", "\(TopicMark.text(topic))",
        ]
      }, numbers: [1, 2, 3])
  }
}
