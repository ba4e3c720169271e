/// Writes a document as text without marks, as its nodes are walked.
struct PlainTextWriter {
  private struct List {
    var isTight: Bool
    /// Of the next item; nil for a list of dashes.
    var number: Int?
    var hasBegun = false
  }

  /// Deeper nesting is shown at this depth, so that the text stays in proportion to its source.
  private static let deepest = 12

  private(set) var output = ""
  private var lists: [List] = []
  /// What each line begins with, one piece for each block quote and item that it is in.
  private var prefixes: [String] = []
  /// "1. " of the item whose first line has not been written.
  private var marker: String?
  private var rowHasCells = false
  private var tableHasRows = false
  private var linkStarts: [Int] = []

  mutating func visit(_ node: MarkdownNode, isEntering: Bool) {
    if isEntering { enter(node) } else { leave(node) }
  }

  private mutating func enter(_ node: MarkdownNode) {
    switch node.kind {
    case .paragraph, .heading: beginBlock()
    case .codeBlock:
      beginBlock()
      var lines = node.literal.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      output += lines.joined(separator: lineBreak)
    case .list: lists.append(List(isTight: node.isTightList, number: node.firstNumber))
    case .item: beginItem()
    case .blockQuote: prefixes.append("> ")
    case .table: tableHasRows = false
    case .tableRow, .tableHeader:
      if tableHasRows { output += lineBreak } else { beginBlock() }
      tableHasRows = true
      rowHasCells = false
    case .tableCell:
      if rowHasCells { output += " | " }
      rowHasCells = true
    case .text, .code, .htmlInline: output += node.literal
    case .softBreak: output += " "
    case .lineBreak: output += lineBreak
    case .link: linkStarts.append(output.utf8.count)
    case .strikethrough: output += "~~"
    case .htmlBlock, .thematicBreak, .document, .emphasis, .strong, .image, .other: break
    }
  }

  private mutating func leave(_ node: MarkdownNode) {
    switch node.kind {
    case .list: _ = lists.popLast()
    case .item, .blockQuote:
      _ = prefixes.popLast()
      marker = nil
    case .strikethrough: output += "~~"
    case .link:
      guard let start = linkStarts.popLast() else { return }
      let shown = String(decoding: output.utf8.dropFirst(start), as: UTF8.self)
      let isShown = ["", "mailto:", "tel:", "http://", "https://"].contains { node.url == $0 + shown }
      if !isShown { output += " (\(node.url))" }
    default: break
    }
  }

  private mutating func beginItem() {
    var mark = "- "
    if let number = lists.last?.number {
      mark = "\(number). "
      lists[lists.count - 1].number = number < Int.max ? number + 1 : number
    }
    marker = mark
    prefixes.append(String(repeating: " ", count: mark.utf8.count))
  }

  /// An empty line between blocks, but none between the items of a tight list.
  private mutating func beginBlock() {
    let isWithinTightList = lists.last.map { $0.isTight && ($0.hasBegun || lists.count > 1) } ?? false
    if !output.isEmpty { output += isWithinTightList ? "\n" : "\n\n" }
    if !lists.isEmpty { lists[lists.count - 1].hasBegun = true }
    if let marker {
      output += prefixes.dropLast().prefix(Self.deepest).joined() + marker
      self.marker = nil
    } else {
      output += prefixes.prefix(Self.deepest).joined()
    }
  }

  private var lineBreak: String { "\n" + prefixes.prefix(Self.deepest).joined() }
}
