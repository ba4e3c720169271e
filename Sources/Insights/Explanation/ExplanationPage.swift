import Foundation
import Support

/// Lays the lines of an explanation out: labels in a column, text wrapped beside them, signals as bars.
struct ExplanationPage: Sendable {
  private let width: Int
  private let colours: Bool

  private static let labelWidth = 11
  private static let longestBar = 16
  /// Shorter ones compare nothing.
  private static let shortestBar = 4
  private static let numberWidth = 7
  /// Narrower than this nothing can be read.
  private static let leastWidth = 20

  init(width: Int, colours: Bool) {
    self.width = max(width, 40)
    self.colours = colours
  }

  func bold(_ text: String) -> String { painted(text, "1") }
  func dim(_ text: String) -> String { painted(text, "2") }

  /// `text` on as many lines as it needs, its source after it.
  func wrapped(_ text: String, source: String? = nil, label: String? = nil, indent: Int) -> [String] {
    let inset = indent + (label == nil ? 0 : Self.labelWidth)
    var words = ShownText.line(text, limit: 2_000).split(separator: " ").map(String.init)
    // A place is copied by double click: it stays in one piece.
    if let source { words.append("[\(ShownText.line(source, limit: 300))]") }
    var lines = [""]
    for word in words {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = word
      } else if TerminalText.width(last) + 1 + TerminalText.width(word) <= max(width - inset, Self.leastWidth) {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines.enumerated().map { place, line in
      let head = place == 0 ? label ?? "" : ""
      let gap = String(repeating: " ", count: indent)
      let space = String(repeating: " ", count: inset - indent - head.count)
      return head.isEmpty ? gap + space + line : gap + dim(head) + space + line
    }
  }

  /// Each signal's part of the log-odds, the largest first, and what they come to.
  func signals(_ signals: [Evidence], indent: Int) -> [String] {
    let shares = signals.map { ($0.score ?? 0).isFinite ? $0.score ?? 0 : 0 }
    let largest = shares.map(abs).max() ?? 0
    let names = signals.map { ShownText.line($0.text, limit: 80) }
    // The bars have the room that the names leave them.
    let room = max(width - indent - Self.labelWidth - Self.numberWidth - 2, Self.leastWidth)
    let longestBar = min(room - 2 - (names.map(TerminalText.width).max() ?? 0), Self.longestBar)
    let barWidth = longestBar < Self.shortestBar ? 0 : longestBar
    let nameWidth = barWidth == 0 ? room : room - 2 - barWidth
    // Of the same size, in the order in which they were given.
    let order = signals.indices.sorted { (abs(shares[$1]), $0) < (abs(shares[$0]), $1) }
    var rows = order.map { place in
      (
        share: shares[place], bar: Self.bar(shares[place], largest, longest: barWidth),
        name: TerminalText.width(names[place]) > nameWidth
          ? TerminalText.fitted(names[place], to: nameWidth) : names[place]
      )
    }
    let sum = shares.reduce(0, +)
    if rows.count > 1 {
      rows.append((sum, "", "together: log-odds of \(Figure.decimal(1 / (1 + exp(-sum)), places: 2))"))
    }
    return rows.enumerated().map { place, row in
      let label = place == 0 ? "signals" : ""
      let head = dim(label) + String(repeating: " ", count: Self.labelWidth - label.count)
      let number = Self.signed(row.share)
      let lead = String(repeating: " ", count: max(0, Self.numberWidth - number.count)) + number
      let bar = row.bar + String(repeating: " ", count: barWidth - row.bar.count)
      let painted = barWidth > 0 ? self.painted(bar, row.share < 0 ? "31" : "32") + "  " : ""
      return String(repeating: " ", count: indent) + head + lead + "  " + painted + row.name
    }
  }

  /// `+1.20`, `−0.40`.
  static func signed(_ number: Double) -> String {
    let text = Figure.decimal(number, places: 2)
    if text.hasPrefix("-") { return "−" + text.dropFirst() }
    return text.first?.isNumber ?? false ? "+" + text : text
  }

  private static func bar(_ share: Double, _ largest: Double, longest: Int) -> String {
    guard largest > 0 else { return "" }
    let length = Int((abs(share) / largest * Double(longest)).rounded())
    return String(repeating: share < 0 ? "▒" : "█", count: min(max(length, 0), longest))
  }

  private func painted(_ text: String, _ code: String) -> String {
    colours && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
