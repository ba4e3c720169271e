import Text

extension StyledText {
  /// A reply as chats without HTML show it. Links to where none should lead are text, as in `Markdown.html`.
  init(markdown: String) {
    var reader = RenderedMarkdownReader(Markdown.html(markdown))
    self = reader.read()
  }
}

/// Reads what cmark renders. Each `<` is its own there: in texts and attributes it is escaped.
private struct RenderedMarkdownReader {
  private struct List {
    /// Of the next item; nil for a list of dots.
    var number: Int?
  }

  private var rest: Substring
  private var output = StyledText()
  private var styles: [StyledText.Style] = []
  private var lists: [List] = []
  /// Line breaks that come before the next text.
  private var breaks = 0
  /// "1. " of the item whose first line has not been written.
  private var marker: String?
  private var isWithinBlock = false
  private var isWithinCodeBlock = false
  private var codeLanguage = ""
  private var cellsInRow = 0
  private var skipsBlank = true
  private var picture: String?

  /// Deeper lists are shown at this depth.
  private static let deepest = 8

  init(_ html: String) { rest = html[...] }

  mutating func read() -> StyledText {
    while let next = rest.first {
      if next == "<", let end = rest.firstIndex(of: ">") {
        let tag = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        take(tag)
      } else {
        let end = rest.dropFirst().firstIndex(of: "<") ?? rest.endIndex
        let text = Self.unescaped(rest[..<end])
        rest = rest[end...]
        write(text)
      }
    }
    return output
  }

  private mutating func take(_ tag: Substring) {
    let isClosing = tag.hasPrefix("/")
    let name = (isClosing ? tag.dropFirst() : tag).prefix { $0.isLetter || $0.isNumber }
    if isClosing { close(name) } else { open(name, tag) }
  }

  private mutating func open(_ name: Substring, _ tag: Substring) {
    switch name {
    case "p": block(lists.isEmpty ? 2 : 1)
    case "h1", "h2", "h3", "h4", "h5", "h6":
      block(2)
      styles.append(.bold)
    case "ul", "ol":
      if lists.isEmpty { block(2) } else { block(1) }
      lists.append(List(number: name == "ol" ? Self.attribute("start", of: tag).flatMap { Int($0) } ?? 1 : nil))
    case "li": beginItem()
    case "blockquote":
      block(2)
      styles.append(.quote)
    case "pre":
      block(2)
      isWithinCodeBlock = true
      codeLanguage = Self.attribute("lang", of: tag) ?? ""
    case "code":
      if isWithinCodeBlock {
        let named = Self.attribute("class", of: tag).flatMap { $0.split(separator: "-", maxSplits: 1).last }
        styles.append(.codeBlock(language: named.map(String.init) ?? codeLanguage))
      } else {
        styles.append(.code)
      }
    case "em": styles.append(.italic)
    case "strong": styles.append(.bold)
    case "del": styles.append(.strikethrough)
    case "a": styles.append(.link(Self.attribute("href", of: tag) ?? ""))
    case "img":
      let address = Self.attribute("src", of: tag) ?? ""
      let words = Self.attribute("alt", of: tag) ?? ""
      let isWithinLink = styles.contains(where: \.isLink)
      if !isWithinLink { styles.append(.link(address)) }
      write(words.isEmpty ? address : words)
      if !isWithinLink { styles.removeLast() }
    case "br": lineBreak()
    case "hr":
      block(2)
      write("———")
      block(2)
    case "table": block(2)
    case "tr":
      block(cellsInRow == 0 ? 2 : 1)
      cellsInRow = 0
    case "th", "td":
      if cellsInRow > 0 { write(" | ") }
      cellsInRow += 1
      isWithinBlock = true
      if name == "th" { styles.append(.bold) }
    default: break
    }
  }

  private mutating func close(_ name: Substring) {
    switch name {
    case "h1", "h2", "h3", "h4", "h5", "h6":
      drop(.bold)
      block(2)
    case "p": block(lists.isEmpty ? 2 : 1)
    case "ul", "ol":
      if !lists.isEmpty { lists.removeLast() }
      block(lists.isEmpty ? 2 : 1)
    case "li":
      // An item without words still shows its mark.
      if marker != nil { write(" ") }
      block(1)
    case "blockquote":
      block(2)
      drop(.quote)
    case "pre":
      isWithinCodeBlock = false
      block(2)
    case "code":
      if let last = styles.lastIndex(where: \.isCode) { styles.remove(at: last) }
    case "em": drop(.italic)
    case "strong": drop(.bold)
    case "del": drop(.strikethrough)
    case "a":
      if let last = styles.lastIndex(where: \.isLink) { styles.remove(at: last) }
    case "th":
      drop(.bold)
    case "table":
      cellsInRow = 0
      block(2)
    default: break
    }
  }

  private mutating func drop(_ style: StyledText.Style) {
    if let last = styles.lastIndex(of: style) { styles.remove(at: last) }
  }

  private mutating func block(_ count: Int) {
    if !output.runs.isEmpty { breaks = max(breaks, count) }
    skipsBlank = true
  }

  private mutating func lineBreak() {
    flush()
    output.append("\n", styles.filter { $0 == .quote })
    skipsBlank = true
  }

  private mutating func beginItem() {
    block(1)
    if let number = lists.last?.number {
      marker = "\(number). "
      lists[lists.count - 1].number = number < Int.max ? number + 1 : number
    } else {
      marker = "• "
    }
  }

  private mutating func write(_ text: String) {
    var text = text
    if isWithinCodeBlock {
      if text.hasSuffix("\n") { text.removeLast() }
    } else {
      // Where the source breaks a line, a chat does not.
      text = String(text.map { $0 == "\n" ? " " : $0 })
      if skipsBlank { text = String(text.drop { $0 == " " }) }
      let follows = rest.isEmpty ? nil : Self.endsBlock(rest)
      if follows == true { while text.last == " " { text.removeLast() } }
    }
    guard !text.isEmpty else { return }
    flush()
    output.append(text, styles)
    skipsBlank = false
  }

  private mutating func flush() {
    // Marks of items stand in quotes, and in nothing else.
    let isWithinQuote = styles.contains(.quote)
    let wasWithinQuote = output.runs.last?.styles.contains(.quote) ?? false
    if breaks > 0 {
      output.append(String(repeating: "\n", count: breaks), isWithinQuote && wasWithinQuote ? [.quote] : [])
    }
    breaks = 0
    if let marker {
      let indent = String(repeating: "   ", count: max(0, min(lists.count - 1, Self.deepest)))
      output.append(indent + marker, isWithinQuote ? [.quote] : [])
    }
    marker = nil
  }

  /// Whether a tag comes next, at the beginning of what is left, that ends or begins a block.
  private static func endsBlock(_ rest: Substring) -> Bool {
    guard rest.first == "<" else { return false }
    let name = rest.dropFirst().drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
    return !["em", "strong", "del", "a", "code", "img"].contains(name)
  }

  private static func attribute(_ name: String, of tag: Substring) -> String? {
    guard let start = tag.firstRange(of: " \(name)=\"") else { return nil }
    let value = tag[start.upperBound...]
    return unescaped(value.prefix { $0 != "\"" })
  }

  /// cmark escapes these and no others.
  private static func unescaped(_ text: Substring) -> String {
    guard text.contains("&") else { return String(text) }
    var output = ""
    var rest = text
    while let mark = rest.firstIndex(of: "&") {
      output += rest[..<mark]
      rest = rest[mark...]
      let known = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'")]
      if let (entity, character) = known.first(where: { rest.hasPrefix($0.0) }) {
        output += character
        rest = rest.dropFirst(entity.count)
      } else {
        output += "&"
        rest = rest.dropFirst()
      }
    }
    return output + rest
  }
}
