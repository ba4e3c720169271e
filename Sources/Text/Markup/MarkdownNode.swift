import CCmark
import Foundation

/// A node of a parsed document, which must outlive it.
struct MarkdownNode {
  enum Kind: String {
    case document
    case blockQuote = "block_quote"
    case list
    case item
    case codeBlock = "code_block"
    case htmlBlock = "html_block"
    case paragraph
    case heading
    case thematicBreak = "thematic_break"
    case text
    case softBreak = "softbreak"
    case lineBreak = "linebreak"
    case code
    case htmlInline = "html_inline"
    case emphasis = "emph"
    case strong
    case link
    case image
    case strikethrough
    case table
    case tableHeader = "table_header"
    case tableRow = "table_row"
    case tableCell = "table_cell"
    case other
  }

  let pointer: OpaquePointer
  let kind: Kind

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
    let name = cmark_node_get_type_string(pointer).map { String(cString: $0) } ?? ""
    self.kind = Kind(rawValue: name) ?? .other
  }

  var literal: String { cmark_node_get_literal(pointer).map { String(cString: $0) } ?? "" }
  var url: String { cmark_node_get_url(pointer).map { String(cString: $0) } ?? "" }
  /// From 1.
  var startLine: Int { max(1, Int(cmark_node_get_start_line(pointer))) }
  var endLine: Int { max(startLine, Int(cmark_node_get_end_line(pointer))) }
  var isTightList: Bool { cmark_node_get_list_tight(pointer) == 1 }
  /// Nil for a list of dashes.
  var firstNumber: Int? {
    cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST ? Int(cmark_node_get_list_start(pointer)) : nil
  }

  var children: [MarkdownNode] {
    var nodes: [MarkdownNode] = []
    var next = cmark_node_first_child(pointer)
    while let node = next {
      nodes.append(MarkdownNode(node))
      next = cmark_node_next(node)
    }
    return nodes
  }

  var linkCount: Int {
    var count = 0
    MarkdownDocument.walk(pointer) { node, isEntering in
      if isEntering, node.kind == .link || node.kind == .image { count += 1 }
    }
    return count
  }

  /// The node as Markdown, written anew.
  func commonMark() -> String? {
    guard let rendered = cmark_render_commonmark(pointer, CMARK_OPT_DEFAULT, 0) else { return nil }
    defer { free(rendered) }
    var text = String(cString: rendered)
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}
