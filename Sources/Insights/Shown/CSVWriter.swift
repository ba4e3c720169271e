/// Writes rows of RFC 4180: comma, CRLF, quotes around what needs them and doubled inside.
struct CSVWriter {
  private(set) var text = ""

  /// A cell by where it comes from: what people wrote is guarded, what the program counted is not.
  enum Cell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// Of people: may be anything.
    case written(String)
    /// The program's own: numbers, times, fixed words.
    case own(String)

    init(stringLiteral value: String) { self = .own(value) }
    init(integerLiteral value: Int) { self = .own(String(value)) }

    static func number(_ value: Int?) -> Cell { .own(value.map(String.init) ?? "") }
    static func number(_ value: Double?, places: Int) -> Cell {
      .own(value.map { Figure.decimal($0, places: places) } ?? "")
    }
    static func written(_ value: String?) -> Cell { .written(value ?? "") }
  }

  mutating func row(_ cells: [Cell]) {
    text += cells.map(Self.quoted).joined(separator: ",")
    text += "\r\n"
  }

  private static func quoted(_ cell: Cell) -> String {
    let value =
      switch cell {
      case .own(let value): value
      case .written(let value): guarded(ShownText.block(value))
      }
    // By scalars: "\r\n" is one character, and so is a quote with an accent; both would hide from a search.
    guard value.unicodeScalars.contains(where: { $0 == "\"" || $0 == "," || $0 == "\n" || $0 == "\r" }) else {
      return value
    }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in value.unicodeScalars {
      if scalar == "\"" { quoted.append("\"") }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }

  /// A spreadsheet takes what begins like a formula for one, quoted or not; an apostrophe before it makes it text.
  /// The signs are those of OWASP's page on CSV injection, with the full-width forms that East Asian versions accept.
  private static func guarded(_ value: String) -> String {
    guard let first = value.unicodeScalars.first else { return value }
    if first == "\t" || first == "\r" || first == "\n" { return "'" + value }
    guard let sign = value.unicodeScalars.first(where: { !$0.properties.isWhitespace }) else { return value }
    let formula: Set<Unicode.Scalar> = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%"]
    return formula.contains(sign) ? "'" + value : value
  }
}
