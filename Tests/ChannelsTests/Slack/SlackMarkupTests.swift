import Testing

@testable import Channels

@Suite struct SlackMarkupTests {
  private static func mrkdwn(_ markdown: String) -> String { SlackMarkup.mrkdwn(StyledText(markdown: markdown)) }

  @Test(arguments: [
    ("# Title\n\ntext *em* ~~gone~~", "*Title*\n\ntext _em_ ~gone~"),
    ("- one\n- two\n  - three", "• one\n• two\n   • three"),
    ("3. one\n4. two", "3. one\n4. two"),
    ("> quoted\n>\n> more", "> quoted\n\n> more"),
    ("```swift\nlet a = \"<b>\"\n```", "```\nlet a = \"&lt;b&gt;\"\n```"),
    ("intro\n\n```\ncode\n```\n\nend", "intro\n\n```\ncode\n```\n\nend"),
    ("a | b\n--|--\n1 | 2", "*a* | *b*\n1 | 2"),
    ("![cat](https://a.example/c.png)", "<https://a.example/c.png|cat>"),
    ("one\ntwo", "one two"), ("one  \ntwo", "one\ntwo"), ("`a*b`", "`a*b`"),
    ("intro\n\n- a\n- b\n\nend", "intro\n\n• a\n• b\n\nend"),
    ("https://a.example/?a=1&b=2", "<https://a.example/?a=1&amp;b=2>"),
    ("[a **bold** link](https://a.example)", "<https://a.example|a bold link>"),
    ("**[all bold](https://a.example)**", "*<https://a.example|all bold>*"),
    ("[a\\|b](https://a.example/c%7Cd?e|f)", "<https://a.example/c%7Cd?e%7Cf|a¦b>"),
    ("[run](javascript:alert)", "run"),
  ])
  func `Markdown becomes Slack's own`(_ markdown: String, _ expected: String) {
    #expect(Self.mrkdwn(markdown) == expected)
  }

  /// `<!channel>` would call everybody, `<@U1>` one; the rest would only look wrong.
  @Test(arguments: [
    ("<!channel> \\<@U1> &lt;!here>", "&lt;!channel&gt; &lt;@U1&gt; &lt;!here&gt;"),
    ("&amp;lt; 1 < 2", "&amp;lt; 1 &lt; 2"),
    ("\\*not bold\\* 2\\*3\\*4 5 \\* 6", "\u{2217}not bold* 2*3*4 5 * 6"),
    ("\\_id\\_ and snake\\_case\\_name", "\u{02CD}id_ and snake_case_name"),
    ("\\`tick\\` \\~a\\~", "\u{02CB}tick` \u{223C}a~"),
    ("\\> no quotation", "\u{200B}&gt; no quotation"),
    ("**a \\* b**", "*a \u{2217} b*"),
    ("half**bold**er", "half\u{200B}*bold*\u{200B}er"),
    ("**bold**_italic_", "*bold*\u{200B}_italic_"),
    ("1 * 2 * 3", "1 * 2 * 3"),
    ("`` a`b ``", "`a\u{02CB}b`"),
    ("````\n```\n````", "```\n`\u{200B}`\u{200B}`\n```"),
    ("a\u{0}b", "a\u{FFFD}b"),
  ])
  func `what looks like markup, and what would call people, stays text`(_ markdown: String, _ expected: String) {
    #expect(Self.mrkdwn(markdown) == expected)
  }

  @Test func `marks end with the line, and blanks stay outside of them`() {
    let text = StyledText(runs: [
      .init(text: " a\nb ", styles: [.bold]), .init(text: "c", styles: []), .init(text: "q\n\nr", styles: [.quote]),
    ])
    #expect(SlackMarkup.mrkdwn(text) == " *a*\n*b* cq\n\n> r")
  }

  @Test func `random Markdown is split into sections that fit and say it all`() {
    let scraps = [
      "word ", "&", "<b>", "\n", "\n\n", "- item ", "**bold** ", "`code` ", "\n```\nblock\n```\n", "ümläut 👩‍👩‍👧 ", "# ",
      "[a link](https://a.example) ", "> ", "*", "_", "~",
    ]
    for seed in 0..<40 as Range<UInt64> {
      var draws = Draws(seed: seed)
      let text = (0..<Int.random(in: 0...900, using: &draws)).map { _ in scraps.randomElement(using: &draws) ?? "" }
        .joined()
      let messages = SlackSending.messages(text)
      #expect(messages.allSatisfy { $0.count <= 4 && $0.allSatisfy { !$0.isEmpty && $0.utf16.count <= 3_000 } })
      #expect(messages.dropLast().allSatisfy { $0.count == 4 })
      let whole = messages.joined().joined(separator: " ")
      #expect(whole.ranges(of: "word").count == text.ranges(of: "word").count, "seed \(seed)")
      // Of what a person wrote nothing is left with which Slack calls or links.
      #expect(whole.ranges(of: "<").count == whole.ranges(of: "<https://a.example|").count)
    }
  }
}
