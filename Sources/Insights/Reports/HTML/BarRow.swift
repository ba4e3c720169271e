/// One horizontal bar with its label and its value as text. The bar is stretched to the width that there is, so
/// nothing but rectangles is drawn in it.
struct BarRow {
  struct Segment {
    /// Of 1000.
    var length: Int
    /// A class of the style sheet.
    var style: String
  }

  var label: String
  var value: String
  var chip: HTML?
  var segments: [Segment]
  /// Where a line stands for the week before, of 1000.
  var mark: Int?

  var html: HTML {
    """
    <li><span class="label"><bdi>\(label)</bdi>\(chip.map { " \($0)" as HTML } ?? .none)</span>\
    <span class="amount">\(value)</span>\(bar)</li>
    """
  }

  /// The value as a length; anything there is can be seen.
  static func length(_ value: Int, of most: Int) -> Int {
    guard value > 0, most > 0 else { return 0 }
    return max(6, Int((Double(value) / Double(most) * 1000).rounded()))
  }

  private var bar: HTML {
    var x = 0
    let rectangles = segments.filter { $0.length > 0 }.map { segment -> HTML in
      defer { x += segment.length }
      return "<rect class=\"\(segment.style)\" x=\"\(x)\" y=\"0\" width=\"\(segment.length)\" height=\"10\"/>"
    }
    let line: HTML =
      mark.map { "<line class=\"mark\" x1=\"\($0)\" x2=\"\($0)\" y1=\"0\" y2=\"10\"/>" as HTML } ?? .none
    return """
      <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">\
      <rect class="track" x="0" y="0" width="1000" height="10"/>\(inline: rectangles)\(line)</svg>
      """
  }
}

/// What the colours of a chart mean.
struct Legend {
  var entries: [(style: String, name: String)]

  var html: HTML {
    let items = entries.map { "<li><i class=\"\($0.style)\"></i>\($0.name)</li>" as HTML }
    return "<ul class=\"legend\">\(inline: items)</ul>"
  }
}
