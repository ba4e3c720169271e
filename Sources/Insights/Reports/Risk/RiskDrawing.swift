import Support

/// How a `RiskPlot` is drawn.
struct RiskDrawing {
  let plot: RiskPlot

  // The field between the axes, in the picture's own units.
  private static let left = 74.0
  private static let right = 776.0
  private static let top = 92.0
  private static let bottom = 428.0

  private var scale: Scale { Scale(plot) }

  var svg: HTML {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 544" width="800" height="544" role="img" \
    aria-labelledby="risk-title risk-desc">
    <title id="risk-title">Wrong answers against share answered</title>
    <desc id="risk-desc">\(RiskWords(plot: plot).description)</desc>
    <style>\(Self.style)</style>
    <rect class="page" width="800" height="544"/>
    <text class="head" x="24" y="36">Wrong answers against share answered</text>
    <text class="note" x="24" y="60">\(RiskWords(plot: plot).subtitle)</text>
    \(within)
    \(rules)
    \(boundLine)
    \(curve)
    \(plot.marks.map(mark))
    <text class="axis" x="425" y="474" text-anchor="middle">share of questions answered, %</text>
    <text class="axis" transform="translate(24 260) rotate(-90)" text-anchor="middle">wrong, % of answers</text>
    \(legend)
    </svg>
    """
  }

  /// Where the bound holds.
  private var within: HTML {
    let y = height(min(plot.bound, scale.most))
    return """
      <rect class="within" x="\(Self.left)" y="\(y)" width="\(Self.right - Self.left)" height="\(Self.bottom - y)"/>
      """
  }

  private var rules: HTML {
    let across: [HTML] = scale.ticks.map { tick in
      let y = height(tick)
      return """
        <line class="\(tick == 0 ? "base" : "rule")" x1="\(Self.left)" x2="\(Self.right)" y1="\(y)" y2="\(y)"/>
        <text class="tick" x="\(Self.left - 10)" y="\(y + 4.5)" text-anchor="end">\(RiskWords.tick(tick))</text>
        """
    }
    let along: [HTML] = (0...5).map { step in
      let x = width(Double(step) / 5)
      return """
        <line class="rule" x1="\(x)" x2="\(x)" y1="\(Self.top)" y2="\(Self.bottom)"/>
        <text class="tick" x="\(x)" y="\(Self.bottom + 21)" text-anchor="middle">\(step * 20)</text>
        """
    }
    return HTML(along) + HTML(across)
  }

  private var boundLine: HTML {
    guard plot.bound <= scale.most else { return .none }
    let y = height(plot.bound)
    return """
      <line class="bound" x1="\(Self.left)" x2="\(Self.right)" y1="\(y)" y2="\(y)"/>
      <text class="limit" x="\(Self.right - 6)" y="\(y - 7)" text-anchor="end">bound \(Figure.percent(plot.bound))</text>
      """
  }

  /// Cut off at the top of the scale.
  private var curve: HTML {
    guard !plot.curve.isEmpty else {
      return
        "<text class=\"note\" x=\"425\" y=\"265\" text-anchor=\"middle\">Nothing was found for any question.</text>"
    }
    let points = plot.curve.map { "\(text(width($0.answered))),\(text(height($0.wrong)))" }.joined(separator: " ")
    return """
      <svg x="\(Self.left)" y="\(Self.top - 2)" width="\(Self.right - Self.left)" height="\(Self.bottom - Self.top + 4)" \
      viewBox="\(Self.left) \(Self.top - 2) \(Self.right - Self.left) \(Self.bottom - Self.top + 4)">
      <polyline class="curve" points="\(points)"/>
      </svg>
      """
  }

  private func mark(_ mark: RiskPlot.Mark) -> HTML {
    let x = width(mark.point.answered)
    let y = height(mark.point.wrong)
    let shape: HTML =
      switch mark.kind {
      case .chosen: "<circle class=\"chosen\" cx=\"\(x)\" cy=\"\(y)\" r=\"7\"/>"
      case .hindsight: "<path class=\"hindsight\" d=\"M\(x) \(y - 7)L\(x + 7) \(y)L\(x) \(y + 7)L\(x - 7) \(y)Z\"/>"
      }
    return "<g>" + shape + "<title>\(RiskWords.mark(mark))</title></g>"
  }

  /// Under the picture, where no label can lie on a line.
  private var legend: HTML {
    let entries: [HTML] = plot.marks.prefix(2).enumerated().map { place, mark in
      let x = Self.left
      let y = 500 + Double(place) * 25
      let shape: HTML =
        switch mark.kind {
        case .chosen: "<circle class=\"chosen\" cx=\"\(x + 7)\" cy=\"\(y)\" r=\"7\"/>"
        case .hindsight:
          "<path class=\"hindsight\" d=\"M\(x + 7) \(y - 7)L\(x + 14) \(y)L\(x + 7) \(y + 7)L\(x) \(y)Z\"/>"
        }
      return shape + "<text class=\"key\" x=\"\(x + 24)\" y=\"\(y + 4.5)\">\(RiskWords.mark(mark))</text>"
    }
    return HTML(entries)
  }

  private func width(_ share: Double) -> Double {
    Self.left + min(max(share, 0), 1) * (Self.right - Self.left)
  }

  /// What lies above the scale is drawn at its upper edge's outside, where the curve is cut off.
  private func height(_ share: Double) -> Double {
    Self.bottom - min(max(share / scale.most, 0), 1.05) * (Self.bottom - Self.top)
  }

  private func text(_ number: Double) -> String { Figure.decimal(number, places: 1) }

  private static let style: HTML = """
    svg { --page: #ffffff; --ink: #17202b; --muted: #586474; --line: #e1e6ec; --accent: #2f6fbf; --good: #1f8a70;
      --bad: #a2351f; }
    @media (prefers-color-scheme: dark) {
      svg { --page: #10151b; --ink: #e7ecf2; --muted: #9daab8; --line: #2a343f; --accent: #6aa5ea; --good: #3aa98a;
        --bad: #ff9c83; }
    }
    text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
      fill: var(--ink); }
    .page { fill: var(--page); }
    .head { font-size: 20px; font-weight: 650; }
    .note, .tick { font-size: 13.5px; fill: var(--muted); }
    .axis, .key { font-size: 14px; }
    .limit { font-size: 13.5px; font-weight: 600; fill: var(--bad); }
    .within { fill: var(--good); opacity: .09; }
    .rule { stroke: var(--line); }
    .base { stroke: var(--muted); }
    .bound { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 6 4; }
    .curve { fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
    .chosen { fill: var(--accent); stroke: var(--page); stroke-width: 2; }
    .hindsight { fill: var(--page); stroke: var(--ink); stroke-width: 1.75; }
    @media print { svg { --page: #ffffff; --ink: #000000; --muted: #444444; --line: #cccccc; --accent: #2f6fbf; } }
    """
}

/// The scale of wrong answers: from 0 to a round number.
private struct Scale {
  let most: Double
  let ticks: [Double]

  /// The first few answers make the share wrong jump; what they alone reach need not be seen.
  private static let settled = 0.05

  init(_ plot: RiskPlot) {
    let shown = plot.curve.filter { $0.answered >= Self.settled } + plot.marks.map(\.point)
    let wanted = max(shown.map(\.wrong).max() ?? 0, plot.bound * 1.6, 0.01)
    // In thousandths, so that ticks are whole numbers of them.
    let thousandths = Int((min(wanted, 1) * 1000).rounded(.up))
    let step = [2, 5, 10, 20, 50, 100, 200].first { $0 * 6 >= thousandths } ?? 200
    let count = min((thousandths + step - 1) / step, 1000 / step)
    most = Double(count * step) / 1000
    ticks = (0...count).map { Double($0 * step) / 1000 }
  }
}

extension HTML.StringInterpolation {
  /// A length, to a tenth.
  fileprivate mutating func appendInterpolation(_ number: Double) {
    markup += Figure.decimal(number, places: 1)
  }
}
