import JSON
import Text

/// Replies in Telegram's HTML (Bot API, "Formatting options"), and the buttons below them.
struct TelegramMarkup {
  /// In UTF-16 code units of what people see.
  static let longestText = 4096
  /// In bytes.
  static let longestButtonData = 64

  static func pieces(_ markdown: String) -> [StyledText] {
    StyledText(markdown: markdown).pieces(longest: longestText) { $0.text.utf16.count <= longestText }
      .filter { !$0.isBlank }
  }

  static func html(_ text: StyledText) -> String {
    var html = ""
    var open: [StyledText.Style] = []
    for run in text.runs {
      let styles = allowed(run.styles)
      let shared = zip(open, styles).prefix { $0 == $1 }.count
      for style in open[shared...].reversed() { html += closing(style) }
      for style in styles[shared...] { html += opening(style) }
      html += escaped(run.text)
      open = styles
    }
    for style in open.reversed() { html += closing(style) }
    return html
  }

  /// Code stands in nothing but a quote, a quote in no quote, and a link holds no other link.
  private static func allowed(_ styles: [StyledText.Style]) -> [StyledText.Style] {
    var allowed: [StyledText.Style] = []
    if styles.contains(.quote) { allowed.append(.quote) }
    if let code = styles.first(where: \.isCode) {
      if let link = styles.first(where: \.isLink) { return allowed + [link] }
      return allowed + [code]
    }
    for style in styles where style != .quote && !allowed.contains(style) { allowed.append(style) }
    return allowed
  }

  private static func opening(_ style: StyledText.Style) -> String {
    switch style {
    case .bold: "<b>"
    case .italic: "<i>"
    case .strikethrough: "<s>"
    case .code: "<code>"
    case .codeBlock(let language):
      language.isEmpty ? "<pre>" : "<pre><code class=\"language-\(attribute(language))\">"
    case .quote: "<blockquote>"
    case .link(let address): "<a href=\"\(attribute(address))\">"
    }
  }

  private static func closing(_ style: StyledText.Style) -> String {
    switch style {
    case .bold: "</b>"
    case .italic: "</i>"
    case .strikethrough: "</s>"
    case .code: "</code>"
    case .codeBlock(let language): language.isEmpty ? "</pre>" : "</code></pre>"
    case .quote: "</blockquote>"
    case .link: "</a>"
    }
  }

  /// Telegram knows these names, and numbers; `&apos;` is none of them.
  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { "&<>".utf8.contains($0) || $0 == 0 }) else { return text }
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\u{0}": escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  private static func attribute(_ text: String) -> String { escaped(text).replacing("\"", with: "&quot;") }

  // MARK: Buttons

  static let helpful = "helpful"
  static let unhelpful = "unhelpful"

  /// Nil where there are none.
  static func keyboard(_ choices: [String], asksWhetherHelped: Bool) -> JSONValue? {
    var rows: [JSONValue] = choices.prefix(20).enumerated().map { number, title in
      [["text": .string(cut(title, toBytes: 200)), "callback_data": .string(data(of: title, number))]]
    }
    if asksWhetherHelped {
      rows.append([
        ["text": "👍", "callback_data": .string(helpful)], ["text": "👎", "callback_data": .string(unhelpful)],
      ])
    }
    return rows.isEmpty ? nil : ["inline_keyboard": .array(rows)]
  }

  /// The number keeps titles apart that begin the same; the words say what was meant where the message is gone.
  private static func data(of title: String, _ number: Int) -> String {
    cut("choice \(number) \(title)", toBytes: longestButtonData)
  }

  /// What the button stands for.
  /// - Parameter message: the one with the buttons, as it came back with the press.
  static func choice(_ data: String, under message: JSONValue) -> String? {
    guard data.hasPrefix("choice ") else { return nil }
    for row in (message["reply_markup"]?["inline_keyboard"]?.array ?? []).prefix(100) {
      for button in (row.array ?? []).prefix(10) where button["callback_data"]?.string == data {
        if let title = button["text"]?.string, !title.isEmpty { return title }
      }
    }
    let words = data.dropFirst(7).drop { $0.isNumber }.dropFirst()
    return words.isEmpty ? nil : String(words)
  }

  private static func cut(_ text: String, toBytes most: Int) -> String {
    var text = text
    while text.utf8.count > most { text.removeLast() }
    return text
  }
}
