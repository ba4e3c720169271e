/// Rewrites the HTML that `Markdown.html` makes in a chat server's own markup. In it `<` and `&` are always cmark's own: in
/// texts and attributes they are escaped.
struct HTMLMarkupWriter {
  struct Marks: Sendable {
    var strong, emphasis, strikethrough, code, codeBlock, item: String
    /// `<address|words>`, or `[words](address)`.
    var link: @Sendable (_ address: String, _ words: String) -> String
    /// From HTML's escapes to the server's.
    var text: @Sendable (String) -> String

    /// Slack's mrkdwn: only &, < and > are escaped, as in HTML.
    static let slack = Marks(
      strong: "*", emphasis: "_", strikethrough: "~", code: "`", codeBlock: "```", item: "• ",
      link: { address, words in
        let target = address.replacing("|", with: "%7C").replacing("&quot;", with: "%22")
        let label = words.replacing("|", with: "¦").replacing("\n", with: " ")
        return label.isEmpty || label == target ? "<\(target)>" : "<\(target)|\(label)>"
      },
      text: { $0.replacing("&quot;", with: "\"").replacing("&#39;", with: "'") })
  }

  private struct List {
    var number: Int?
  }

  private(set) var text = ""
  private let marks: Marks
  private var lists: [List] = []
  private var quotes = 0
  private var isCodeBlock = false
  private var links: [(address: String, start: Int)] = []
  private var hasCells = false

  init(_ html: String, marks: Marks) {
    self.marks = marks
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
      write(rest[..<start])
      guard let end = rest[start...].firstIndex(of: ">") else { break }
      tag(rest[rest.index(after: start)..<end])
      rest = rest[rest.index(after: end)...]
    }
    if !rest.hasPrefix("<") { write(rest) }
    while text.last?.isWhitespace == true { text.removeLast() }
  }

  private mutating func write(_ piece: Substring) {
    var piece = piece
    // In cmark's layout a line ends behind a break.
    if isAfterBreak, piece.first?.isNewline == true { piece.removeFirst() }
    isAfterBreak = false
    if piece.isEmpty { return }
    // Line ends between blocks are cmark's layout.
    if !isCodeBlock, piece.allSatisfy(\.isNewline) {
      if !piece.isEmpty, isInline { text += lineBreak }
      return
    }
    isAfterMarker = false
    let words = marks.text(String(piece))
    text += quotes > 0 || !lists.isEmpty ? words.replacing("\n", with: lineBreak) : words
  }

  /// Whether a line end belongs to a paragraph.
  private var isInline: Bool { depth > 0 }
  private var depth = 0

  private mutating func tag(_ inner: Substring) {
    let isEnd = inner.hasPrefix("/")
    let name = inner.dropFirst(isEnd ? 1 : 0).prefix { $0.isLetter || $0.isNumber }
    switch name {
    case "p":
      if !isEnd { beginBlock() }
      depth += isEnd ? -1 : 1
    case "h1", "h2", "h3", "h4", "h5", "h6":
      if !isEnd { beginBlock() }
      mark(marks.strong, isEnd)
    case "strong": mark(marks.strong, isEnd)
    case "em": mark(marks.emphasis, isEnd)
    case "del": mark(marks.strikethrough, isEnd)
    case "code":
      if !isCodeBlock { mark(marks.code, isEnd) }
    case "pre":
      if isEnd {
        if text.hasSuffix("\n") { text.removeLast() }
        text += lineBreak + marks.codeBlock
      } else {
        beginBlock()
        text += marks.codeBlock + lineBreak
      }
      isCodeBlock = !isEnd
    case "ul", "ol":
      if isEnd { _ = lists.popLast() } else { beginList(name == "ol" ? Self.number(inner, "start") ?? 1 : nil) }
    case "li":
      if !isEnd { beginItem() }
    case "blockquote":
      quotes = max(0, quotes + (isEnd ? -1 : 1))
      if !isEnd { isAfterMarker = false }
    case "br":
      text += lineBreak
      isAfterBreak = true
    case "a":
      if !isEnd {
        links.append((Self.attribute(inner, "href") ?? "", text.utf8.count))
      } else if let link = links.popLast() {
        let words = String(decoding: text.utf8.dropFirst(link.start), as: UTF8.self)
        text = String(decoding: text.utf8.prefix(link.start), as: UTF8.self)
        text += link.address.isEmpty ? words : marks.link(link.address, words)
      }
    case "img":
      let address = Self.attribute(inner, "src") ?? ""
      let words = Self.attribute(inner, "alt") ?? ""
      text += address.isEmpty ? words : marks.link(address, words)
    case "tr":
      if !isEnd { text += text.isEmpty ? "" : (hasRows ? lineBreak : "\n\n") }
      hasRows = true
      hasCells = false
    case "table": hasRows = false
    case "td", "th":
      if !isEnd {
        if hasCells { text += " | " }
        hasCells = true
      }
    default: break
    }
  }

  private var hasRows = false
  private var isAfterBreak = false
  /// Whether a list's mark has just been written, and what follows stands behind it.
  private var isAfterMarker = false

  private mutating func mark(_ mark: String, _ isEnd: Bool) {
    text += mark
    isAfterMarker = false
  }

  private var lineBreak: String {
    "\n" + String(repeating: "> ", count: min(quotes, 8)) + String(repeating: "    ", count: min(max(lists.count - 1, 0), 8))
  }

  private mutating func beginBlock() {
    if isAfterMarker {
      isAfterMarker = false
      return
    }
    if !text.isEmpty {
      text += lists.isEmpty ? "\n\n" + lineBreak.dropFirst() : lineBreak
    } else if quotes > 0 {
      text += lineBreak.dropFirst()
    }
  }

  private mutating func beginList(_ number: Int?) {
    if !isAfterMarker { while text.last?.isWhitespace == true { text.removeLast() } }
    if lists.isEmpty, !text.isEmpty { text += "\n" }
    lists.append(List(number: number))
    isAfterMarker = false
  }

  private mutating func beginItem() {
    if !text.isEmpty { text += lineBreak }
    if let number = lists.last?.number {
      text += "\(number). "
      lists[lists.count - 1].number = number < Int.max ? number + 1 : number
    } else {
      text += marks.item
    }
    isAfterMarker = true
  }

  private static func attribute(_ tag: Substring, _ name: String) -> String? {
    guard let start = tag.firstRange(of: " \(name)=\"") else { return nil }
    return String(tag[start.upperBound...].prefix { $0 != "\"" })
  }

  private static func number(_ tag: Substring, _ name: String) -> Int? { attribute(tag, name).flatMap { Int($0) } }
}
