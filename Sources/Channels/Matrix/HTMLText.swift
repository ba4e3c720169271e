/// The words of a chat message in HTML. It takes each character once, whatever the HTML.
struct HTMLText {
  private static let breaks: Set<String> = [
    "br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "tr", "table", "hr",
  ]
  private static let entities: [String: Character] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
  ]

  /// - Returns: the text without tags; what a reply quotes is left out.
  static func plain(_ html: String) -> String {
    var text = ""
    var quoted = 0
    var rest = Substring(html)
    while let next = rest.first {
      switch next {
      case "<":
        guard let end = rest.firstIndex(of: ">") else {
          // No more tags: the rest is text, taken at once.
          if quoted == 0 { text += rest }
          return trimmed(text)
        }
        let tag = rest[rest.index(after: rest.startIndex)..<end]
        let isClosing = tag.hasPrefix("/")
        let name = (isClosing ? tag.dropFirst() : tag).prefix { $0.isLetter || $0.isNumber || $0 == "-" }.lowercased()
        if name == "mx-reply" { quoted = isClosing ? max(0, quoted - 1) : quoted + 1 }
        if quoted == 0, breaks.contains(name), text.last != "\n", !text.isEmpty { text += "\n" }
        rest = rest[rest.index(after: end)...]
      case "&":
        let name = rest.dropFirst().prefix(10)
        if let end = name.firstIndex(of: ";"), let character = character(name[..<end]) {
          if quoted == 0 { text.append(character) }
          rest = rest[rest.index(after: end)...]
        } else {
          if quoted == 0 { text.append(next) }
          rest = rest.dropFirst()
        }
      default:
        let run = rest.prefix { $0 != "<" && $0 != "&" }
        if quoted == 0 { text += run }
        rest = rest[run.endIndex...]
      }
    }
    return trimmed(text)
  }

  private static func character(_ name: Substring) -> Character? {
    guard name.hasPrefix("#") else { return entities[String(name)] }
    let digits = name.dropFirst()
    let number =
      digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
    return number.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }.map(Character.init)
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
