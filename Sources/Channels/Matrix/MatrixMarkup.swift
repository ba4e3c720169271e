import Foundation
import JSON
import Text

/// A reply in the two forms that Matrix has: plain, and in HTML.
struct MatrixMarkup {
  /// The content of a message without its relations.
  /// - Parameter kind: `m.text` or `m.notice`.
  static func content(_ markdown: String, kind: String) -> JSONObject {
    var content: JSONObject = ["msgtype": .string(kind)]
    let plain = Markdown.plainText(markdown)
    content["body"] = .string(plain)
    let html = html(markdown)
    if html != plain.htmlEscaped {
      content["format"] = "org.matrix.custom.html"
      content["formatted_body"] = .string(html)
    }
    // Nobody is mentioned, whatever the text looks like.
    content["m.mentions"] = [:]
    return content
  }

  /// Safe, in the elements that the specification names. A single paragraph stands for itself; pictures of the web, which
  /// clients do not show, are links.
  private static func html(_ markdown: String) -> String {
    var html = Markdown.html(markdown)
    while html.last?.isNewline == true { html.removeLast() }
    html = picturesAsLinks(html)
    let inner = html.dropFirst(3).dropLast(4)
    if html.hasPrefix("<p>"), html.hasSuffix("</p>"), !inner.contains("<p>") { return String(inner) }
    return html
  }

  /// `<` is always cmark's own here: in texts and attributes it is escaped.
  private static func picturesAsLinks(_ html: String) -> String {
    var output = ""
    var rest = html[...]
    while let start = rest.range(of: "<img src=\""), let end = rest[start.upperBound...].firstIndex(of: ">") {
      output += rest[..<start.lowerBound]
      let parts = rest[start.upperBound..<end].split(separator: "\"", omittingEmptySubsequences: false)
      let address = parts.first.map(String.init) ?? ""
      let words = parts.count > 2 ? String(parts[2]) : ""
      output += "<a href=\"\(address)\">\(words.isEmpty ? address : words)</a>"
      rest = rest[rest.index(after: end)...]
    }
    return output + rest
  }
}
