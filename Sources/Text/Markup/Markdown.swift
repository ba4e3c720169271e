/// Markdown of articles and replies (CommonMark with GitHub's tables, strikethrough and plain addresses as links).
package struct Markdown {
  /// HTML that is safe to put into a page whoever wrote the Markdown: HTML in it is shown as text, comments are left
  /// out, and only web, mail and phone links are links. They open in a new window and tell the other side nothing.
  package static func html(_ markdown: String) -> String {
    guard let document = MarkdownDocument(markdown) else { return plainHTML(markdown) }
    document.makeSafe()
    guard let html = document.html() else { return plainHTML(markdown) }
    // In what cmark renders, "<" is always its own: in texts, attributes and addresses it is escaped.
    return html.pieces(between: "<a href=")
      .joined(separator: "<a rel=\"noopener noreferrer nofollow\" target=\"_blank\" href=")
  }

  /// The text without its marks, for chats that show no Markdown: lists keep their numbers and dashes, links their
  /// addresses, tables a line for each row.
  package static func plainText(_ markdown: String) -> String {
    guard let document = MarkdownDocument(markdown) else { return markdown }
    return document.plainText()
  }

  /// The first paragraph, in Markdown: of an article, the short answer. The first other piece (a list, a table) when
  /// there is no paragraph; empty only when there is nothing to show.
  package static func firstParagraph(_ markdown: String) -> String {
    guard let document = MarkdownDocument(markdown) else { return markdown }
    return document.firstParagraph()
  }

  private static func plainHTML(_ text: String) -> String {
    "<pre>\(text.htmlEscaped)</pre>\n"
  }
}
