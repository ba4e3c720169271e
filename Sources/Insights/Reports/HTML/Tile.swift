/// A key figure with its change and, where it has one for each day, its line.
struct Tile {
  var name: String
  var value: String
  var delta: Delta?
  var note: String
  /// One value a day, or none.
  var line: [Double]

  var html: HTML {
    """
    <div class="tile">
    <h2>\(name)</h2>
    <p class="value">\(value)\(delta.map { " \($0.html)" as HTML } ?? .none)</p>
    <p class="note">\(note)</p>
    \(sparkline)
    </div>
    """
  }

  /// The figures behind it are in the chart of outcomes by day; a reader of the page's text loses nothing.
  private var sparkline: HTML {
    guard let most = line.max(), most > 0, line.count > 1 else { return .none }
    let points = line.enumerated().map { index, value in
      "\(index * 1000 / (line.count - 1)),\(100 - Int((value / most * 90).rounded()))"
    }.joined(separator: " ")
    return """
      <svg class="sparkline" viewBox="0 0 1000 104" preserveAspectRatio="none" aria-hidden="true">\
      <polygon points="0,104 \(points) 1000,104"/><polyline points="\(points)"/></svg>
      """
  }
}

/// A change against the week before, and whether it is welcome.
struct Delta {
  enum Meaning: String {
    case good, bad, neutral
  }

  var text: String
  var spoken: String
  var meaning: Meaning

  var html: HTML {
    """
    <span class="chip \(meaning.rawValue)"><span aria-hidden="true">\(text)</span>\
    <span class="unseen">\(spoken) than the week before</span></span>
    """
  }

  /// Nil where there was nothing the week before to compare with.
  init?(count now: Int, before: Int) {
    guard before > 0 else { return nil }
    let percent = Int(((Double(now) / Double(before) - 1) * 100).rounded())
    text = Self.arrow(percent) + "\(Figure.count(abs(percent))) %"
    spoken = "\(Figure.count(abs(percent))) percent \(percent < 0 ? "fewer" : "more")"
    meaning = .neutral
  }

  /// - Parameter more: what a rise means; a fall means the opposite.
  init?(share now: Double?, before: Double?, more: Meaning) {
    guard let now, let before else { return nil }
    let tenths = Int(((now - before) * 1000).rounded())
    let points = Figure.decimal(Double(abs(tenths)) / 10, places: 1)
    text = Self.arrow(tenths) + points
    spoken = "\(points) percentage points \(tenths < 0 ? "less" : "more")"
    meaning = Self.meaning(tenths, more)
  }

  init?(seconds now: Double?, before: Double?) {
    guard let now, let before else { return nil }
    let difference = Figure.duration(abs(now - before))
    let change = Int(((now - before) * 1000).rounded())
    text = Self.arrow(change) + difference
    spoken = "\(difference) \(change < 0 ? "less" : "more")"
    meaning = Self.meaning(change, .bad)
  }

  private static func arrow(_ change: Int) -> String { change == 0 ? "= " : change > 0 ? "▲ " : "▼ " }

  private static func meaning(_ change: Int, _ more: Meaning) -> Meaning {
    switch (change, more) {
    case (0, _), (_, .neutral): .neutral
    case (1..., _): more
    default: more == .good ? .bad : .good
    }
  }
}
