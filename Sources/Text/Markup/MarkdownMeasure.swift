/// What could make a small Markdown text large or slow once it is parsed, measured in one pass before it is.
///
/// A link by reference takes its whole definition with it, and a table fills its short rows up: 30 KB of either can
/// become gigabytes. Nobody's article comes near these bounds.
struct MarkdownMeasure {
  /// In bytes.
  static let longestText = 128 << 10
  static let mostReferenceBytes = 4 << 20
  static let mostTableCells = 100_000
  static let mostTableColumns = 500

  private var closingBrackets = 0
  private var longestDefinition = 0
  private var rows = 0
  private var columns = 0

  static func isWithinBounds(_ markdown: String) -> Bool {
    guard markdown.utf8.count <= longestText else { return false }
    var measure = MarkdownMeasure()
    measure.take(markdown)
    return measure.closingBrackets * measure.longestDefinition <= mostReferenceBytes
      && measure.columns <= mostTableColumns && measure.rows * measure.columns <= mostTableCells
  }

  private mutating func take(_ markdown: String) {
    var pipes = 0
    var lineIsBlank = true
    // Since the first "]:" of the block of lines that the position is in: a definition ends with it at the latest.
    var definition: Int?
    var before: UInt8 = 0
    for byte in markdown.utf8 {
      if let length = definition { definition = length + 1 }
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if lineIsBlank { endDefinition(&definition) }
        endLine(&pipes)
        lineIsBlank = true
      case UInt8(ascii: " "), UInt8(ascii: "\t"): break
      case UInt8(ascii: "|"):
        pipes += 1
        lineIsBlank = false
      case UInt8(ascii: "]"):
        closingBrackets += 1
        lineIsBlank = false
      case UInt8(ascii: ":") where before == UInt8(ascii: "]") && definition == nil:
        definition = 0
        lineIsBlank = false
      default: lineIsBlank = false
      }
      before = byte
    }
    endDefinition(&definition)
    endLine(&pipes)
  }

  private mutating func endDefinition(_ definition: inout Int?) {
    longestDefinition = max(longestDefinition, definition ?? 0)
    definition = nil
  }

  private mutating func endLine(_ pipes: inout Int) {
    // Within a table, a line without a pipe is a row too.
    rows += 1
    columns = max(columns, pipes == 0 ? 0 : pipes + 1)
    pipes = 0
  }
}
