import CCmark
import Foundation

/// A parsed document; owns cmark's tree.
final class MarkdownDocument {
  /// A longer text is nobody's article or reply, and hostile ones would keep the parser busy.
  static let longestText = 512 << 10

  let root: OpaquePointer
  private let source: String

  /// Nil for a text that is too long, or when memory ran out.
  init?(_ markdown: String) {
    guard markdown.utf8.count <= Self.longestText, Self.extensionsAreRegistered else { return nil }
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
    let lines = source.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    let wanted = lines.dropFirst(found.startLine - 1).prefix(found.endLine - found.startLine + 1)
    let piece = wanted.joined(separator: "\n").trimmingPrefix { $0 == " " }
    // Links whose address stands elsewhere in the text would be lost: then cmark writes the piece anew.
    guard let again = MarkdownDocument(String(piece)), again.linkCount == found.linkCount else {
      return found.commonMark() ?? String(piece)
    }
    return String(piece)
  }

  private var linkCount: Int { MarkdownNode(root).linkCount }
}
