/// Replies in what Lark shows: plain text, or the Markdown of a card (open.larksuite.com, "Rich text components").
struct LarkMarkup {
  /// Nothing in it that only a card could show.
  static func isPlain(_ text: StyledText) -> Bool { text.runs.allSatisfy(\.styles.isEmpty) }

  /// For a message of the type text. `<at user_id="all">` would call everybody, `<b>` make bold and `[a](b)` link: a blank
  /// of no width makes them what they look like. Where a link leads stands behind its words.
  static func plain(_ text: StyledText) -> String {
    var output = ""
    for part in text.parts {
      switch part {
      case .words(let run): output += run.text
      case .link(let address, let runs):
        let words = runs.map(\.text).joined()
        output += words == address ? words : "\(words) (\(address))"
      }
    }
    return trimmed(MessageText.withoutNUL(output.replacing("<", with: "<\u{200B}").replacing("](", with: "]\u{200B}(")))
  }

  static func card(_ text: StyledText) -> String {
    var writer = CardWriter()
    for part in text.parts {
      switch part {
      case .words(let run): writer.write(run)
      case .link(let address, let runs): writer.link(address, runs)
      }
    }
    return trimmed(writer.output)
  }

  private static func trimmed(_ text: String) -> String {
    var text = text.drop(while: \.isNewline)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  private struct CardWriter {
    private(set) var output = ""

    mutating func write(_ run: StyledText.Run) {
      if let code = run.styles.first(where: \.isCodeBlock) { return codeBlock(run.text, code) }
      let isCode = run.styles.contains(.code)
      let marks = Self.marks(run.styles)
      for (number, line) in run.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if number > 0 { output += "\n" }
        quote(run.styles, before: line)
        let head = line.prefix(while: \.isWhitespace)
        var words = line.dropFirst(head.count)
        var tail = ""
        while let last = words.last, last.isWhitespace {
          tail = String(last) + tail
          words.removeLast()
        }
        output += head
        if isCode, !words.isEmpty {
          output += "`" + Self.code(String(words).replacing("`", with: "\u{02CB}")) + "`"
        } else if !words.isEmpty {
          output += marks.joined()
          // What would begin a list or a heading stands at the beginning of a line.
          let isAtStart = output.isEmpty || output.last == "\n"
          output += Self.escaped(words, isAtStart: isAtStart) + marks.reversed().joined()
        }
        output += tail
      }
    }

    mutating func link(_ address: String, _ runs: [StyledText.Run]) {
      let shared = runs.sharedStyles
      quote(shared, before: " ")
      let marks = Self.marks(shared)
      let target = address.filter { !$0.isWhitespace }.replacing("(", with: "%28").replacing(")", with: "%29")
        .replacing("<", with: "%3C").replacing(">", with: "%3E")
      let words = runs.map(\.text).joined().replacing("\n", with: " ")
      output += marks.joined()
      output += "[\(Self.escaped((words.isEmpty ? address : words)[...], isAtStart: false))](\(target))"
      output += marks.reversed().joined()
    }

    private mutating func quote(_ styles: [StyledText.Style], before line: Substring) {
      if styles.contains(.quote), !line.isEmpty, output.isEmpty || output.last == "\n" { output += "> " }
    }

    private static func marks(_ styles: [StyledText.Style]) -> [String] {
      styles.marks(bold: "**", italic: "*", strikethrough: "~~")
    }

    private mutating func codeBlock(_ words: String, _ style: StyledText.Style) {
      if let last = output.last, last != "\n" { output += "\n" }
      var name = ""
      if case .codeBlock(let language) = style {
        name = String(language.prefix(20).filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
      }
      let whole = Self.code(words.replacing("```", with: "`\u{200B}`\u{200B}`"))
      output += "```" + name + "\n" + whole + (whole.hasSuffix("\n") ? "```" : "\n```")
    }

    /// Names of characters are not read in code.
    private static func code(_ words: String) -> String {
      MessageText.withoutNUL(words.replacing("<", with: "<\u{200B}"))
    }

    private static func escaped(_ words: Substring, isAtStart: Bool) -> String {
      var output = ""
      for (place, character) in words.enumerated() {
        switch character {
        case "&", "<", ">", "*", "~", "[", "]", "`", "_", "\\", "$": output += named(character)
        case "#", "-", "+": output += isAtStart && place == 0 ? named(character) : String(character)
        case "\u{0}": output.append("\u{FFFD}")
        default: output.append(character)
        }
      }
      return output
    }

    private static func named(_ character: Character) -> String {
      character.unicodeScalars.map { "&#\($0.value);" }.joined()
    }
  }
}
