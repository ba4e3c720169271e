/// A part of the page with a heading.
struct Card {
  var title: String
  var note: String
  var body: HTML
  /// As wide as the page, where there are two columns.
  var isWide = false

  var html: HTML {
    """
    <section class="card\(isWide ? " wide" : "")">
    <h2>\(title)</h2>
    \(note.isEmpty ? .none : "<p class=\"note\">\(note)</p>" as HTML)
    \(body)
    </section>
    """
  }
}

/// A table that scrolls by itself where the page is narrow.
struct Table {
  var heads: [String]
  var rows: [[HTML]]
  /// Columns that hold numbers.
  var numbers: Set<Int>

  var html: HTML {
    """
    <div class="scroll" tabindex="0" role="group" aria-label="\(heads.first ?? "") table"><table>
    <thead><tr>\(inline: heads.enumerated().map { "<th scope=\"col\"\(kind($0))>\($1)</th>" })</tr></thead>
    <tbody>
    \(rows.map { row in "<tr>\(inline: row.enumerated().map { cell($0, $1) })</tr>" as HTML })
    </tbody>
    </table></div>
    """
  }

  /// Shown on demand: the figures behind a chart.
  var behind: HTML {
    "<details><summary>Figures</summary>\n\(html)\n</details>"
  }

  private func cell(_ column: Int, _ content: HTML) -> HTML {
    column == 0 ? "<th scope=\"row\"\(kind(column))>\(content)</th>" : "<td\(kind(column))>\(content)</td>"
  }

  private func kind(_ column: Int) -> HTML { numbers.contains(column) ? " class=\"number\"" : .none }
}
