/// Replies in mrkdwn, Slack's own markup (docs.slack.dev, "Formatting message text").
///
/// It has no way to write a mark as a mark: only `&`, `<` and `>` have names. A plain `*` that would begin something bold
/// is shown by a character that looks the same.
struct SlackMarkup {
  /// In UTF-16 code units, marks and all: of the text of one section (docs.slack.dev, "Section block").
  static let longestSection = 3_000

  static func sections(_ markdown: String) -> [String] {
    StyledText(markdown: markdown).pieces(longest: longestSection) { mrkdwn($0).utf16.count <= longestSection }
      .filter { !$0.isBlank }.map(mrkdwn)
  }

  static func mrkdwn(_ text: StyledText) -> String {
    var writer = Writer()
    for part in text.parts {
      switch part {
      case .words(let run): writer.write(run)
      case .link(let address, let runs): writer.link(address, runs)
      }
    }
    return writer.trimmed
  }

  private struct Writer {
    private var output = ""
    /// Whether a mark has just been closed, so that a letter that follows would undo it.
    private var isBehindMark = false

    /// Between a word and a mark: Slack sees a mark only where no letter stands beside it.
    private static let gap: Character = "\u{200B}"
    private static let lookAlikes: [Character: Character] = [
      "*": "\u{2217}", "_": "\u{02CD}", "~": "\u{223C}", "`": "\u{02CB}",
    ]

    var trimmed: String {
      var text = output.drop(while: \.isNewline)
      while text.last?.isWhitespace == true { text.removeLast() }
      return String(text)
    }

    mutating func write(_ run: StyledText.Run) {
      let isQuoted = run.styles.contains(.quote)
      if run.styles.contains(where: \.isCodeBlock) { return codeBlock(run.text) }
      let marks = Self.marks(run.styles)
      // Marks do not reach over the end of a line.
      for (number, line) in run.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if number > 0 { breakLine() }
        if isQuoted, isAtLineStart, !line.isEmpty { output += "> " }
        if marks.isEmpty { plain(line) } else { marked(line, marks) }
      }
    }

    mutating func link(_ address: String, _ runs: [StyledText.Run]) {
      let shared = runs.sharedStyles
      if shared.contains(.quote), isAtLineStart { output += "> " }
      let target = SlackMarkup.escaped(address).replacing("|", with: "%7C").filter { !$0.isWhitespace }
      let words = runs.map(\.text).joined().replacing("\n", with: " ")
      let label = SlackMarkup.escaped(words).replacing("|", with: "¦")
      let link = words.isEmpty || words == address ? "<\(target)>" : "<\(target)|\(label)>"
      let marks = Self.marks(shared.filter { !$0.isCode })
      if marks.isEmpty { return output += link }
      begin(marks)
      output += link
      end(marks)
    }

    private static func marks(_ styles: [StyledText.Style]) -> [String] {
      // Code holds no marks.
      styles.contains(.code) ? ["`"] : styles.marks(bold: "*", italic: "_", strikethrough: "~")
    }

    private var isAtLineStart: Bool { output.isEmpty || output.last == "\n" }

    private mutating func breakLine() {
      output += "\n"
      isBehindMark = false
    }

    private mutating func begin(_ marks: [String]) {
      if let last = output.last, isBehindMark || last.isLetter || last.isNumber { output.append(Self.gap) }
      output += marks.joined()
    }

    private mutating func end(_ marks: [String]) {
      output += marks.reversed().joined()
      isBehindMark = true
    }

    /// A mark that a blank stands beside is none: blanks stay outside.
    private mutating func marked(_ line: Substring, _ marks: [String]) {
      let head = line.prefix(while: \.isWhitespace)
      var words = line.dropFirst(head.count)
      var tail = ""
      while let last = words.last, last.isWhitespace {
        tail = String(last) + tail
        words.removeLast()
      }
      plain(head)
      guard !words.isEmpty else { return }
      begin(marks)
      let characters = Array(words)
      for (place, character) in characters.enumerated() {
        // The same character would end the mark; another one would begin one within it, though not in code.
        let isMark = marks.contains(String(character)) || (marks != ["`"] && opens(characters, at: place))
        output += isMark ? Self.same(character) : SlackMarkup.escaped(String(character))
      }
      end(marks)
      plain(tail[...])
    }

    private static func same(_ mark: Character) -> String { String(lookAlikes[mark] ?? mark) }

    private mutating func plain(_ line: Substring) {
      guard let first = line.first else { return }
      if isBehindMark, first.isLetter || first.isNumber { output.append(Self.gap) }
      // At the beginning of a line it would be a quotation.
      if isAtLineStart, first == ">" { output.append(Self.gap) }
      isBehindMark = false
      let characters = Array(line)
      for (place, character) in characters.enumerated() {
        output += opens(characters, at: place) ? Self.same(character) : SlackMarkup.escaped(String(character))
      }
    }

    /// Whether Slack would take a character for the beginning of something marked.
    private func opens(_ line: [Character], at place: Int) -> Bool {
      guard Self.lookAlikes[line[place]] != nil else { return false }
      let before = place > 0 ? line[place - 1] : output.last
      if let before, before.isLetter || before.isNumber { return false }
      guard place + 1 < line.count else { return true }
      return !line[place + 1].isWhitespace && line[(place + 1)...].contains(line[place])
    }

    private mutating func codeBlock(_ code: String) {
      if !isAtLineStart { output += "\n" }
      // Three marks in the code would end it.
      let whole = SlackMarkup.escaped(code).replacing("```", with: "`\u{200B}`\u{200B}`")
      output += "```\n" + whole + (whole.hasSuffix("\n") ? "```" : "\n```")
      isBehindMark = true
    }
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { "&<>".utf8.contains($0) || $0 == 0 }) else { return text }
    return MessageText.withoutNUL(
      text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;"))
  }
}
