import JSON
import Testing

@testable import Channels

@Suite struct LarkMarkupTests {
  @Test(arguments: [
    ("**b** *i* ~~s~~", "**b** *i* ~~s~~"), ("# Title\n\ntext", "**Title**\n\ntext"),
    ("[a](https://a.example/?b=1&c=(d))", "[a](https://a.example/?b=1&c=%28d%29)"),
    ("**[a](https://a.example)**", "**[a](https://a.example)**"), ("`x < y`", "`x <\u{200B} y`"),
    ("```swift\nlet a = 1\n```", "```swift\nlet a = 1\n```"), ("> a **b**", "> a **b**"),
    ("**bold** <at id=all></at>", "**bold** &#60;at id=all&#62;&#60;/at&#62;"),
    ("**b** 1 \\* 2 \\[x\\](y) a\\_b &amp;", "**b** 1 &#42; 2 &#91;x&#93;(y) a&#95;b &#38;"),
    ("**b**\n\n\\# no title\n\n\\- no item", "**b**\n\n&#35; no title\n\n&#45; no item"),
    ("~~a~~ ~b", "~~a~~ &#126;b"), ("** **x**", "&#42;&#42; **x**"),
  ])
  func `Markdown becomes a card's own`(_ markdown: String, _ expected: String) {
    #expect(LarkMarkup.card(StyledText(markdown: markdown)) == expected)
  }

  @Test(arguments: [
    ("plain words", "plain words"), ("- one\n- two", "• one\n• two"),
    ("Paid <at user_id=\"all\">", "Paid <\u{200B}at user_id=\"all\">"), ("a \\[b\\](c)", "a [b]\u{200B}(c)"),
    ("a\u{0}b", "a\u{FFFD}b"),
  ])
  func `what needs no marks is text, and calls nobody`(_ markdown: String, _ expected: String) throws {
    let contents = LarkContent.contents(markdown)
    #expect(contents.map(\.kind) == [.text])
    #expect(try JSONValue.parse(contents[0].json)["text"]?.string == expected)
  }

  @Test func `as text, a link shows where it leads`() {
    #expect(
      LarkMarkup.plain(StyledText(markdown: "[a **b**](https://c.example) https://d.example"))
        == "a b (https://c.example) https://d.example")
  }

  /// Lark tells of a card in pieces, and of names of characters as characters.
  @Test func `a message is known again by its words, in whatever form Lark tells of it`() {
    let content = LarkContent.contents("**Paid** on [Friday](https://a.example) & *then*: 1 < 2")[0]
    let told: [String] = [
      content.json,
      "{\"title\":null,\"elements\":[[{\"tag\":\"text\",\"text\":\"Paid\"},{\"tag\":\"text\",\"text\":\" on \"},{\"tag\":\"a\",\"href\":\"https://a.example\",\"text\":\"Friday\"},{\"tag\":\"text\",\"text\":\" & then: 1 < 2\"}]]}",
    ]
    for json in told { #expect(LarkContent.words(of: ["body": ["content": .string(json)]]) == content.words) }
    let plain = LarkContent.contents("1. one\n2. two <b>")[0]
    #expect(LarkContent.words(of: ["body": ["content": .string(plain.json)]]) == plain.words)
    #expect(LarkContent.words(of: ["body": ["content": "{"]]) == "")
  }

  @Test func `random Markdown is cut into messages that fit and say it all`() throws {
    let scraps = [
      "word ", "&", "<b>", "\n", "\n\n", "- item ", "**bold** ", "`code` ", "\n```\nblock\n```\n", "ümläut 👩‍👩‍👧 ", "# ",
      "[a link](https://a.example) ", "> ", "*", "_", "~", "\"",
    ]
    for seed in 0..<4 as Range<UInt64> {
      var draws = Draws(seed: seed)
      let text = (0..<Int.random(in: 0...4_000, using: &draws)).map { _ in
        scraps.randomElement(using: &draws) ?? ""
      }.joined()
      for areInterchangeable in [false, true] {
        let contents = LarkContent.contents(text, areInterchangeable: areInterchangeable)
        #expect(
          contents.allSatisfy { $0.json.utf8.count <= ($0.kind == .card || areInterchangeable ? 20 << 10 : 60 << 10) })
        let said = contents.map(\.json).joined(separator: " ")
        #expect(said.ranges(of: "word").count == text.ranges(of: "word").count, "seed \(seed)")
        #expect(!said.contains("<b>"))
      }
    }
  }
}
