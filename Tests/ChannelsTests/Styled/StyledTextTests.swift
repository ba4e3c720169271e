import Testing

@testable import Channels

@Suite struct StyledTextTests {
  static let plain: [(String, String)] = [
    ("Two\nlines", "Two lines"), ("a\n\nb", "a\n\nb"), ("# Title\n\ntext", "Title\n\ntext"),
    ("- one\n- two\n  - three\n\nend", "• one\n• two\n   • three\n\nend"), ("3. c\n4. d", "3. c\n4. d"),
    ("a\\\nb", "a\nb"), ("> quoted\n>\n> more\n\nend", "quoted\n\nmore\n\nend"),
    ("```swift\nlet a = 1\n\n  b\n```\nend", "let a = 1\n\n  b\n\nend"), ("[site](https://a.b/?x=1&y)", "site"),
    ("![picture](https://a.b/p.png)", "picture"), ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
    ("| a | b | c |\n|---|---|---|\n| 1 | | *3* |", "a | b | c\n1 | | 3"),
    ("a\n\n---\n\nb", "a\n\n———\n\nb"),
    ("<script>alert(1)</script> & \"x\" 'y'", "<script>alert(1)</script> & \"x\" 'y'"),
    ("[bad](javascript:alert(1))", "bad"), ("", ""), ("1\\. no list", "1. no list"),
    ("- a\n\n  b\n\n- c", "• a\nb\n• c"),
  ]

  @Test(arguments: plain.indices)
  func `blocks become line breaks`(index: Int) {
    let (markdown, text) = Self.plain[index]
    #expect(StyledText(markdown: markdown).text == text)
  }

  @Test func `styles lie where the author put them`() {
    let text = StyledText(markdown: "a **b *c* ~~d~~** `e` [f **g**](https://h.i)\n\n> j\n\n```k\nl\n```")
    #expect(
      text.runs == [
        .init(text: "a ", styles: []), .init(text: "b ", styles: [.bold]), .init(text: "c", styles: [.bold, .italic]),
        .init(text: " ", styles: [.bold]), .init(text: "d", styles: [.bold, .strikethrough]),
        .init(text: " ", styles: []), .init(text: "e", styles: [.code]), .init(text: " ", styles: []),
        .init(text: "f ", styles: [.link("https://h.i")]),
        .init(text: "g", styles: [.link("https://h.i"), .bold]), .init(text: "\n\n", styles: []),
        .init(text: "j", styles: [.quote]), .init(text: "\n\n", styles: []),
        .init(text: "l", styles: [.codeBlock(language: "k")]),
      ])
  }

  // MARK: Pieces

  static let scraps = [
    "word", "longer words than these", "👍🏽", "👨‍👩‍👧‍👦", "e\u{301}\u{302}", "🇩🇪🇫🇷", "**bold words here**", "`code here`",
    "[a link of words](https://example.org/very/long?x=1)", "\n", "\n\n", "\n\n\n", " ", "  ", "~~gone~~", "\n- item",
    "\n> quote",
    "\n```\ncode line\n  other line\n```\n", "<b>&amp;", "*", "_x_", "日本語のテキスト", "שלום", "\u{200D}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  ]

  @Test func `whatever the text, the pieces joined are the text, none is over the limit, and no character is cut`() {
    for seed in 0..<400 as Range<UInt64> {
      var draws = Draws(seed: seed)
      let markdown = (0..<Int.random(in: 0...60, using: &draws)).map { _ in
        Self.scraps.randomElement(using: &draws) ?? ""
      }.joined(separator: Bool.random(using: &draws) ? " " : "")
      let text = StyledText(markdown: markdown)
      let limit = Int.random(in: 30...200, using: &draws)
      let pieces = text.pieces(longest: limit) { $0.text.utf16.count <= limit }
      #expect(pieces.map(\.text).joined() == text.text, "seed \(seed)")
      #expect(pieces.allSatisfy { $0.text.utf16.count <= limit }, "seed \(seed)")
      #expect(pieces.count == 1 || pieces.allSatisfy { !$0.runs.isEmpty }, "seed \(seed)")
      // Joined, the styles are the same too.
      #expect(StyledText(runs: pieces.flatMap(\.runs)) == text, "seed \(seed)")
      #expect(pieces.reduce(0) { $0 + $1.text.count } == text.runs.reduce(0) { $0 + $1.text.count }, "seed \(seed)")
    }
  }

  @Test func `a text is cut between its paragraphs`() {
    let paragraphs = (0..<12).map { "Paragraph \($0) " + String(repeating: "word ", count: 14) + "end." }
    let text = StyledText(markdown: paragraphs.joined(separator: "\n\n"))
    let pieces = text.pieces(longest: 250) { $0.text.utf16.count <= 250 }
    #expect(pieces.count == 6)
    #expect(pieces.dropLast().allSatisfy { $0.text.hasSuffix("end.\n\n") })
  }

  @Test func `what is bold, code or a link is not cut where it need not be`() {
    for marked in ["**these bold words stay**", "`these code words stay`", "[these link words stay](https://a.b)"] {
      for before in 0..<40 {
        let text = StyledText(markdown: String(repeating: "x", count: before) + "x " + marked + " and more of it")
        let pieces = text.pieces(longest: 40) { $0.text.utf16.count <= 40 }
        let styled = pieces.flatMap { $0.runs.filter { !$0.styles.isEmpty } }
        #expect(styled.count == 1, "\(before) \(marked)")
      }
    }
  }

  @Test func `an emoji at the cut goes whole into the next piece`() {
    let family = "👨‍👩‍👧‍👦"
    let text = StyledText(markdown: String(repeating: "a", count: 4_090) + family + "b")
    let pieces = text.pieces(longest: 4_096) { $0.text.utf16.count <= 4_096 }
    #expect(pieces.map(\.text) == [String(repeating: "a", count: 4_090), family + "b"])
  }

  @Test func `a marked text longer than a message is marked in every piece`() {
    let text = StyledText(markdown: "**" + String(repeating: "word ", count: 50) + "end**")
    let pieces = text.pieces(longest: 100) { $0.text.utf16.count <= 100 }
    #expect(pieces.count == 3)
    #expect(pieces.allSatisfy { $0.runs.allSatisfy { $0.styles == [.bold] } })
    #expect(pieces.map(TelegramMarkup.html).allSatisfy { $0.hasPrefix("<b>") && $0.hasSuffix("</b>") })
    #expect(
      pieces.map(DiscordMarkup.markdown).allSatisfy {
        $0.hasPrefix("**") && $0.trimmed.hasSuffix("**") && !$0.contains(" **")
      })
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
