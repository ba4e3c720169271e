import CCmark

extension MarkdownDocument {
  /// Turns HTML into text, drops its comments, and takes links and pictures apart that lead where none should.
  func makeSafe() {
    var nodes: [MarkdownNode] = []
    Self.walk(root) { node, isEntering in
      guard isEntering else { return }
      switch node.kind {
      case .htmlBlock, .htmlInline, .link, .image: nodes.append(node)
      default: break
      }
    }
    for node in nodes {
      switch node.kind {
      case .htmlBlock: showBlock(node)
      case .htmlInline: showInline(node)
      case .link where !Self.isAllowed(node.url, schemes: ["http", "https", "mailto", "tel"]): unwrap(node)
      case .image where !Self.isAllowed(node.url, schemes: ["http", "https"]): unwrap(node)
      default: break
      }
    }
  }

  /// Whether an address has one of the schemes, or none: what is left out of "javascript:" and its like is everything
  /// else, so nothing is missed.
  static func isAllowed(_ url: String, schemes: Set<String>) -> Bool {
    guard let end = url.unicodeScalars.firstIndex(where: { ":/?#".unicodeScalars.contains($0) }) else {
      return !url.isEmpty
    }
    guard url.unicodeScalars[end] == ":" else { return true }
    return schemes.contains(url[..<end].lowercased())
  }

  private func showBlock(_ node: MarkdownNode) {
    let text = Self.withoutComments(node.literal)
    if text.contains(where: { !$0.isWhitespace }), let paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH) {
      append(text, to: paragraph)
      cmark_node_insert_before(node.pointer, paragraph)
    }
    remove(node)
  }

  private func showInline(_ node: MarkdownNode) {
    let literal = node.literal
    if literal.lowercased().hasPrefix("<br") {
      if let lineBreak = cmark_node_new(CMARK_NODE_LINEBREAK) { cmark_node_insert_before(node.pointer, lineBreak) }
    } else {
      let text = Self.withoutComments(literal)
      if !text.isEmpty, let shown = cmark_node_new(CMARK_NODE_TEXT) {
        cmark_node_set_literal(shown, text)
        cmark_node_insert_before(node.pointer, shown)
      }
    }
    remove(node)
  }

  private func append(_ text: String, to paragraph: OpaquePointer) {
    guard let shown = cmark_node_new(CMARK_NODE_TEXT) else { return }
    cmark_node_set_literal(shown, text)
    cmark_node_append_child(paragraph, shown)
  }

  /// Leaves what the link or picture shows, without the link.
  private func unwrap(_ node: MarkdownNode) {
    for child in node.children { cmark_node_insert_before(node.pointer, child.pointer) }
    remove(node)
  }

  private func remove(_ node: MarkdownNode) {
    cmark_node_unlink(node.pointer)
    cmark_node_free(node.pointer)
  }

  /// What stands between `<!--` and `-->`, or the end, is the author's note to self.
  private static func withoutComments(_ html: String) -> String {
    let pieces = html.pieces(between: "<!--")
    guard pieces.count > 1 else { return html }
    return (pieces.first ?? "")
      + pieces.dropFirst().map { $0.pieces(between: "-->").dropFirst().joined(separator: "-->") }.joined()
  }
}
