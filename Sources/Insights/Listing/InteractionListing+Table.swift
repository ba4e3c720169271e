import Support

extension InteractionListing {
  /// A table for people, with a heading, one line a message, each ended by a line feed.
  ///
  /// Chat text cannot reach the terminal: control, direction and unseen characters are shown as pictures or left out.
  /// - Parameters:
  ///   - width: of the terminal, in cells. Where it is short, columns are left out, the least needed first; the text is
  ///     cut, not wrapped.
  ///   - colours: whether to mark decisions with ANSI colours.
  package func table(width: Int, colours: Bool) -> String {
    guard !interactions.isEmpty else { return "No messages.\n" }
    let rows = interactions.map { line in Column.allCases.map { $0.cell(of: line) } }
    let layout = Layout(rows: rows, width: max(width, 40))
    let heading = layout.line(Column.allCases.map(\.heading), paint: nil)
    var lines = [colours ? "\u{1B}[1m\(heading)\u{1B}[0m" : heading]
    for (line, row) in zip(interactions, rows) {
      lines.append(layout.line(row, paint: colours ? { $0.painted($1, for: line) } : nil))
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// In the order in which they stand.
  enum Column: Int, CaseIterable {
    case id, time, direction, agency, author, decision, matched, confidence, latency, result, ticket, text

    var heading: String {
      switch self {
      case .id: "ID"
      case .time: "TIME (UTC)"
      case .direction: ""
      case .agency: "AGENCY"
      case .author: "AUTHOR"
      case .decision: "DECISION"
      case .matched: "MATCHED"
      case .confidence: "CONF"
      case .latency: "LATENCY"
      case .result: "RESULT"
      case .ticket: "TICKET"
      case .text: "TEXT"
      }
    }

    var isNumber: Bool { self == .id || self == .confidence || self == .latency || self == .ticket }

    /// The most cells it may take.
    var limit: Int {
      switch self {
      case .agency, .author: 18
      case .matched: 40
      case .text: .max
      default: 24
      }
    }

    /// The first to go when the terminal is narrow.
    static let leastNeeded: [Column] = [
      .result, .latency, .confidence, .author, .id, .matched, .ticket, .agency, .direction, .decision,
    ]

    func cell(of line: Interaction) -> String {
      switch self {
      case .id: "\(line.id)"
      case .time: Timestamp.plain(line.at)
      case .direction: line.direction == .incoming ? "→" : "←"
      case .agency: ShownText.line(line.agency, limit: 40)
      case .author: ShownText.line(line.author, limit: 40)
      case .decision: line.decision?.rawValue ?? ""
      case .matched: ShownText.line(line.matched.map(\.description).joined(separator: " "), limit: 80)
      case .confidence: line.confidence.map { Figure.decimal($0, places: 2) } ?? ""
      case .latency: line.latencyMilliseconds.map { Figure.duration(max($0, 0) / 1000) } ?? ""
      case .result: line.result.rawValue
      case .ticket: line.ticket.map { "#\($0)" } ?? ""
      case .text: ShownText.line(line.text, limit: 400)
      }
    }

    func painted(_ cell: String, for line: Interaction) -> String {
      let code: String? =
        switch (self, line.decision) {
        case (.id, _), (.time, _), (.direction, _): "2"
        case (.decision, .answer): "32"
        case (.decision, .clarify), (.decision, .collect): "33"
        case (.decision, .escalate): "31"
        case (.decision, .silent): "2"
        case (.result, _) where line.result == .held: "31"
        default: nil
        }
      return code.map { "\u{1B}[\($0)m\(cell)\u{1B}[0m" } ?? cell
    }
  }

  /// Which columns stand, and how wide.
  struct Layout {
    private var columns: [(column: Column, width: Int)]

    private static let gap = 2
    /// Less of the text than this says nothing.
    private static let leastText = 24

    init(rows: [[String]], width: Int) {
      columns = Column.allCases.map { column in
        let cells = rows.lazy.map { TerminalText.width($0[column.rawValue]) }
        return (column, min(max(cells.max() ?? 0, TerminalText.width(column.heading)), column.limit))
      }
      // A column that is empty in every row says nothing.
      columns.removeAll { entry in
        entry.column != .text && rows.allSatisfy { $0[entry.column.rawValue].isEmpty }
      }
      var fixed: Int { columns.reduce(0) { $0 + ($1.column == .text ? 0 : $1.width + Self.gap) } }
      for column in Column.leastNeeded where fixed + Self.leastText > width {
        columns.removeAll { $0.column == column }
      }
      let left = max(width - fixed, 8)
      if let text = columns.firstIndex(where: { $0.column == .text }) {
        columns[text].width = min(columns[text].width, left)
      }
    }

    func line(_ cells: [String], paint: ((Column, String) -> String)?) -> String {
      let shown = columns.map { entry in
        let cell = TerminalText.fitted(
          cells[entry.column.rawValue], to: entry.width, trailing: entry.column.isNumber)
        // Nothing is filled up at the end of a line.
        let last = entry.column == .text ? Self.withoutTrailingSpace(cell) : cell
        return paint?(entry.column, last) ?? last
      }
      return shown.joined(separator: String(repeating: " ", count: Self.gap))
    }

    private static func withoutTrailingSpace(_ text: String) -> String {
      var text = Substring(text)
      while text.last == " " { text.removeLast() }
      return String(text)
    }
  }
}
