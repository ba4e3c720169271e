import CCmark
import Foundation

/// A parsed document; owns cmark's tree.
final class MarkdownDocument {
  let root: OpaquePointer
  private let source: String

  /// Nil for a text that is past the bounds of `MarkdownMeasure`, or when memory ran out.
  init?(_ markdown: String) {
    guard MarkdownMeasure.isWithinBounds(markdown), Self.extensionsAreRegistered else { return nil }
    guard let parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8) else { return nil }
    defer { cmark_parser_free(parser) }
    for name in ["table", "strikethrough", "autolink"] {
      guard let syntax = cmark_find_syntax_extension(name) else { return nil }
      cmark_parser_attach_syntax_extension(parser, syntax)
    }
    markdown.withCharacters { cmark_parser_feed(parser, $0, $1) }
    guard let root = cmark_parser_finish(parser) else { return nil }
    self.root = root
    self.source = markdown
  }

  deinit {
    cmark_node_free(root)
  }

  /// Registering is not safe from several threads; a static is made once.
  private static let extensionsAreRegistered: Bool = {
    cmark_gfm_core_extensions_ensure_registered()
    return true
  }()

  func html() -> String? {
    guard let rendered = cmark_render_html(root, CMARK_OPT_SAFE, nil) else { return nil }
    defer { free(rendered) }
    return String(cString: rendered)
  }

  /// Calls `visit` when the walk comes to a node and when it leaves it; the tree must not be changed meanwhile.
  static func walk(_ root: OpaquePointer, _ visit: (_ node: MarkdownNode, _ isEntering: Bool) -> Void) {
    guard let iterator = cmark_iter_new(root) else { return }
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE || event == CMARK_EVENT_NONE { return }
      if let node = cmark_iter_get_node(iterator) { visit(MarkdownNode(node), event == CMARK_EVENT_ENTER) }
    }
  }

  /// The text without its marks.
  func plainText() -> String {
    makeSafe()
    var writer = PlainTextWriter()
    Self.walk(root) { node, isEntering in writer.visit(node, isEntering: isEntering) }
    return writer.output
  }

  /// The first paragraph, or else the first piece that is no heading, in Markdown.
  func firstParagraph() -> String {
    let blocks = MarkdownNode(root).children
    let found =
      blocks.first { $0.kind == .paragraph }
      ?? blocks.first { ![.heading, .thematicBreak, .htmlBlock].contains($0.kind) }
      ?? blocks.first { $0.kind == .heading }
    guard let found else { return "" }
    let piece = lines(found.startLine...found.endLine)
    // Links whose address stands elsewhere in the text would be lost: then cmark writes the piece anew.
    guard let again = MarkdownDocument(piece), again.linkCount == found.linkCount else {
      return found.commonMark() ?? piece
    }
    return piece
  }

  /// Lines of the source, counted from 1 as cmark does, without the blanks before the first.
  private func lines(_ wanted: ClosedRange<Int>) -> String {
    var lines: [String] = []
    var line: [UInt8] = []
    var number = 1
    var before: UInt8 = 0
    for byte in source.utf8 {
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        if byte == UInt8(ascii: "\n"), before == UInt8(ascii: "\r") {
          before = byte
          continue
        }
        if wanted.contains(number) { lines.append(String(decoding: line, as: UTF8.self)) }
        line.removeAll(keepingCapacity: true)
        number += 1
        if number > wanted.upperBound { break }
      } else {
        line.append(byte)
      }
      before = byte
    }
    if wanted.contains(number), !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
    let text = lines.joined(separator: "\n")
    return String(decoding: text.utf8.drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
  }

  private var linkCount: Int { MarkdownNode(root).linkCount }
}
