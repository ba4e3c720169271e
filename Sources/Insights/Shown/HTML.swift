/// HTML that cannot forget to escape: what is written between `\(` and `)` is text and is escaped, unless it is itself
/// `HTML` or a whole number. Only the literal parts are markup.
struct HTML: ExpressibleByStringInterpolation, Sendable {
  private(set) var markup: String

  init(stringLiteral value: String) { markup = value }
  init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

  /// Pieces, one a line.
  init(_ pieces: [HTML]) { markup = pieces.map(\.markup).filter { !$0.isEmpty }.joined(separator: "\n") }

  static let none: HTML = ""

  static func + (one: HTML, other: HTML) -> HTML { HTML([one, other]) }

  struct StringInterpolation: StringInterpolationProtocol {
    var markup = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      markup.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    mutating func appendLiteral(_ literal: String) { markup += literal }
    mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }
    mutating func appendInterpolation(_ text: Substring) { markup += HTML.escaped(String(text)) }
    mutating func appendInterpolation(_ number: Int) { markup += String(number) }
    mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
    mutating func appendInterpolation(_ pieces: [HTML]) { markup += HTML(pieces).markup }
    mutating func appendInterpolation(inline pieces: [HTML]) { markup += pieces.map(\.markup).joined() }
    mutating func appendInterpolation(separated pieces: [HTML]) {
      markup += pieces.map(\.markup).joined(separator: "; ")
    }
  }

  /// Safe in text and in quoted attributes.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in ShownText.block(text).unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
