import Text

/// Replies in Discord's Markdown, which is not that of the articles.
struct DiscordMarkup {
  /// In UTF-16 code units, marks and all: Discord counts no more than these.
  static let longestText = 2_000

  /// Discord takes blanks away at both ends; as they are here, so they stand there.
  static func pieces(_ markdown: String) -> [String] {
    StyledText(markdown: markdown).pieces(longest: longestText) { Self.markdown($0).utf16.count <= longestText }
      .filter { !$0.isBlank }.map { trimmed(Self.markdown($0)) }
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
  }

  static func markdown(_ text: StyledText) -> String {
    var writer = Writer()
    for run in text.runs { writer.write(run) }
    writer.end()
    return writer.output
  }

  private struct Writer {
    var output = ""
    private var open: [StyledText.Style] = []
    private var isQuoted = false

    mutating func write(_ run: StyledText.Run) {
      isQuoted = run.styles.contains(.quote)
      let styles = Self.allowed(run.styles)
      let shared = zip(open, styles).prefix { $0 == $1 }.count
      close(to: shared)
      var words = run.text[...]
      if let code = styles.first(where: \.isCode) { return write(run.text, as: code) }
      if open.count < styles.count {
        // A mark that a blank follows is none.
        let blank = words.prefix(while: \.isWhitespace)
        plain(blank)
        words = words.dropFirst(blank.count)
      }
      guard !words.isEmpty else { return }
      for style in styles[open.count...] { begin(style) }
      open = styles
      if let address = address(styles), words == address { plainAddress(words) } else { plain(words) }
    }

    private mutating func write(_ words: String, as code: StyledText.Style) {
      startLine()
      guard case .codeBlock(let language) = code else {
        let line = words.replacing("\n", with: " ")
        output += line.contains("`") ? "`` \(line) ``" : "`\(line)`"
        return
      }
      if let last = output.last, last != "\n", !isQuoted { output += "\n" }
      output += "```" + language.prefix(20).filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
      // Three marks in the code would end it.
      let whole = "\n" + words.replacing("```", with: "`\u{200B}`\u{200B}`") + (words.hasSuffix("\n") ? "```" : "\n```")
      output += isQuoted ? whole.replacing("\n", with: "\n> ") : whole
    }

    mutating func end() { close(to: 0) }

    private func address(_ styles: [StyledText.Style]) -> String? {
      for case .link(let address) in styles { return address }
      return nil
    }

    /// Code holds no marks, and marks around it are left out.
    private static func allowed(_ styles: [StyledText.Style]) -> [StyledText.Style] {
      if let code = styles.first(where: \.isCode) {
        return styles.filter(\.isLink).isEmpty ? [code] : styles.filter(\.isLink)
      }
      var allowed: [StyledText.Style] = []
      for style in styles where style != .quote && !allowed.contains(style) { allowed.append(style) }
      return allowed
    }

    private mutating func begin(_ style: StyledText.Style) {
      startLine()
      switch style {
      case .bold: output += "**"
      case .italic: output += "*"
      case .strikethrough: output += "~~"
      case .link: output += "["
      case .code, .codeBlock, .quote: break
      }
    }

    private mutating func close(to count: Int) {
      guard open.count > count else { return }
      var blanks = ""
      while let last = output.last, last.isWhitespace {
        blanks.insert(last, at: blanks.startIndex)
        output.removeLast()
      }
      for style in open[count...].reversed() {
        switch style {
        case .bold: output += "**"
        case .italic: output += "*"
        case .strikethrough: output += "~~"
        case .link(let address): output += "](<" + Self.safe(address) + ">)"
        case .code, .codeBlock, .quote: break
        }
      }
      open = Array(open.prefix(count))
      output += blanks
    }

    private mutating func plainAddress(_ words: Substring) {
      // As link text it would be two links; by itself Discord makes it one.
      guard output.last == "[" else { return plain(words) }
      output.removeLast()
      output += "<" + Self.safe(String(words)) + ">"
      open.removeAll(where: \.isLink)
    }

    private static func safe(_ address: String) -> String {
      address.filter { !$0.isWhitespace && $0 != "<" }.replacing(">", with: "%3E")
    }

    private mutating func startLine() {
      if isQuoted, output.isEmpty || output.last == "\n" { output += "> " }
    }

    private mutating func plain(_ words: Substring) {
      var isAtStart = output.isEmpty || output.last == "\n"
      for character in words {
        startLine()
        switch character {
        case "\\", "*", "_", "~", "`", "|", "<", ">", "[", "]": output += "\\\(character)"
        case _ where isAtStart && "#-".contains(character): output += "\\\(character)"
        default: output.append(character)
        }
        isAtStart = character == "\n" || (isAtStart && character == " ")
      }
    }
  }
}
