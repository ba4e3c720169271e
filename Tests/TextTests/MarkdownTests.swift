import Testing
import Text

struct MarkdownTests {
  private let linkStart = "<a rel=\"noopener noreferrer nofollow\" target=\"_blank\" href="

  @Test func rendersWhatAuthorsWrite() {
    let html = Markdown.html("# Pay\n\nBy the **15th**.\n\n1. Log in\n2. ~~Wait~~\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    #expect(html.contains("<h1>Pay</h1>"))
    #expect(html.contains("<strong>15th</strong>"))
    #expect(html.contains("<ol>\n<li>Log in</li>\n<li><del>Wait</del></li>"))
    #expect(html.contains("<td>1</td>"))
  }

  @Test func linksOpenElsewhereAndTellNothing() {
    let html = Markdown.html("[x](https://x.example \"t\") and https://y.example and <a@b.example>")
    #expect(html.contains("\(linkStart)\"https://x.example\" title=\"t\">x</a>"))
    #expect(html.contains("\(linkStart)\"https://y.example\">https://y.example</a>"))
    #expect(html.contains("\(linkStart)\"mailto:a@b.example\">"))
  }

  @Test(arguments: [
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#1;javascript:alert(1))", "[x](java&Tab;script:alert(1))", "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNj)",
    "[x](file:///etc/passwd)", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]", "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,x)", "[x](feed:javascript:alert(1))", "[x]( javascript:alert(1))",
    "[x](\u{AD}javascript:alert(1))",
  ])
  func aLinkThatRunsCodeIsNoLink(markdown: String) {
    let html = Markdown.html(markdown)
    #expect(!html.contains("href="))
    #expect(!html.contains("src="))
    #expect(html.contains("x") || html.contains("alert"))
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "a <script>alert(1)</script> b", "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=\"https://x.example\"></iframe>", "<a href=\"javascript:alert(1)\">x</a>",
    "<ScRiPt\n>alert(1)</sCrIpT>",
    "- <script>alert(1)</script>", "> <script>alert(1)</script>", "`<script>`", "```<script>\n<script>\n```",
    "[<script>](https://x.example)", "![<script>](https://x.example)", "[x](https://x.example \"<script>\")",
    "[x](<https://x.example/\"onmouseover=alert(1)>)", "| <script> |\n|---|\n| <img onerror=x> |", "\\<script>",
    "&lt;script>",
    "<style>*{display:none}</style>", "<form action=x><input>", "<!-- --><script>alert(1)</script>",
    "<!--><script>x</script>",
    "<?php x ?>", "<![CDATA[<script>]]>", "<!DOCTYPE x>",
  ])
  func htmlOfTheAuthorIsShownAndNotRun(markdown: String) {
    expectOnlyOwnTags(Markdown.html(markdown), of: markdown)
  }

  @Test func htmlIsShownAsTextAndCommentsAreNot() {
    #expect(Markdown.html("Send <handle> to us") == "<p>Send &lt;handle&gt; to us</p>\n")
    #expect(Markdown.html("<div>\nhello\n</div>") == "<p>&lt;div&gt;\nhello\n&lt;/div&gt;\n</p>\n")
    #expect(Markdown.html("a <!-- note --> b") == "<p>a  b</p>\n")
    #expect(Markdown.html("<!-- note -->\n\nb") == "<p>b</p>\n")
    #expect(Markdown.html("a<br>b") == "<p>a<br />\nb</p>\n")
  }

  @Test func noInputGetsATagOfItsOwnIntoThePage() {
    for text in HostileTexts.made(6000, seed: 12) { expectOnlyOwnTags(Markdown.html(text), of: text) }
  }

  @Test func plainTextKeepsWhatMatters() {
    let markdown = """
      # Payouts

      Sent by the **15th**, see
      [the page](https://x.example/p) or <https://y.example>.

      1. Log in
      2. Open `Wallet`
         - left
         - right

      > Note

      | Tier | Share |
      |---|---|
      | gold | 50% |

      ```
      a
        b
      ```
      """
    let plain = """
      Payouts

      Sent by the 15th, see the page (https://x.example/p) or https://y.example.

      1. Log in
      2. Open Wallet
         - left
         - right

      > Note

      Tier | Share
      gold | 50%

      a
        b
      """
    #expect(Markdown.plainText(markdown) == plain)
  }

  @Test func plainTextOfLooseListsAndOddNumbers() {
    #expect(Markdown.plainText("7) a\n\n8) b\n\nc") == "7. a\n\n8. b\n\nc")
    #expect(Markdown.plainText("- \n- b") == "- b")
    #expect(Markdown.plainText("a  \nb\\\nc") == "a\nb\nc")
    #expect(Markdown.plainText("Send <handle> & 5 < 6") == "Send <handle> & 5 < 6")
    #expect(Markdown.plainText("") == "")
  }

  @Test(arguments: [
    ("", ""), ("\n\n", ""), ("Short answer.\n\nMore.", "Short answer."),
    ("# Title\n\nShort *answer*\nin two lines.\n\n- a", "Short *answer*\nin two lines."),
    ("<!-- note -->\n\nShort.", "Short."), ("# Title\n\n- a\n- b\n", "- a\n- b"), ("# Only", "# Only"),
    ("---\n\n   Short.", "Short."), ("a\r\nb\r\n\r\nc", "a\nb"),
    ("See [the page][p].\n\n[p]: https://x.example", "See [the page](https://x.example)."),
    ("- a\n\nAfter.", "After."),
  ])
  func theFirstParagraphIsMarkdown(markdown: String, first: String) {
    #expect(Markdown.firstParagraph(markdown) == first)
  }

  @Test func nulBytesAndBrokenCharactersAreReplaced() {
    let text = "a\u{0}b " + String(decoding: [0xC3, 0x28, 0xFF] as [UInt8], as: UTF8.self)
    #expect(!Markdown.html(text).utf8.contains(0))
    #expect(Markdown.html(text).contains("a\u{FFFD}b"))
    #expect(!Markdown.plainText(text).utf8.contains(0))
    #expect("<a href='\u{0}\"&'>".htmlEscaped == "&lt;a href=&#39;\u{FFFD}&quot;&amp;&#39;&gt;")
  }

  @Test func aTextTooLongForMarkdownIsShownAsItIs() {
    let long = String(repeating: "<script>", count: 131_072)
    #expect(Markdown.html(long).hasPrefix("<pre>&lt;script&gt;"))
    #expect(Markdown.plainText(long) == long)
    #expect(Markdown.firstParagraph(long) == long)
  }

  /// Every "<" must begin a tag of the renderer's, and no tag may have an attribute that runs code.
  private func expectOnlyOwnTags(_ html: String, of markdown: String) {
    let own: Set<String> = [
      "p", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "a", "img", "code", "pre", "ul", "ol", "li", "br",
      "hr",
      "blockquote", "table", "thead", "tbody", "tr", "th", "td",
    ]
    for piece in html.utf8.split(separator: UInt8(ascii: "<"), omittingEmptySubsequences: false).dropFirst() {
      let tag = piece.prefix { $0 != UInt8(ascii: ">") }
      let name = tag.drop { $0 == UInt8(ascii: "/") }.prefix { $0 != UInt8(ascii: " ") }
      #expect(own.contains(String(decoding: name, as: UTF8.self)), "\(markdown) gave \(html)")
      // Every second piece stands between quotation marks.
      let parts = tag.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
      let outside = parts.enumerated().filter { $0.offset % 2 == 0 }.map { String(decoding: $0.element, as: UTF8.self) }
      #expect(!outside.joined().lowercased().contains(" on"), "\(markdown) gave \(html)")
    }
    #expect(!html.lowercased().contains("href=\"javascript"))
  }
}
