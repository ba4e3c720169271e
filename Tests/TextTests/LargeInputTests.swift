import Testing
import Text

/// A megabyte of anything must be dealt with in the blink of an eye: each of these would take minutes, or overflow the
/// stack, if one of the steps took time in the square of its input.
@Suite(.timeLimit(.minutes(1)))
struct LargeInputTests {
  static let repeated = [
    "a", "A ", "é", "e\u{301}", "\u{301}", "\u{301}\u{316}", "\u{200B}", "\u{0}", " ", "\n", "漢", "ที่", "한", "ﷺ", "😀",
    "´", ".",
    "a.", "1.", "1,", "a@", "@", "a'", "http://", "www.", "a-", "?", "?a", "x/?", "e.g. ", "... ", "; ", "<", "<!--",
    "[", "](",
    "![](", "*", "**a ", "_a", "`", "``` \n", "~~", "> ", ">", "- ", "1. ", "|", "|-", "| a\n", "&", "\\", "<a ",
    "[a](", "[a]: b\n",
    "<br>", "a\n> ", "http://a_", "*a_",
  ]

  @Test(arguments: repeated)
  func hostileRepetitionsAreNormalizedAndTakenApart(piece: String) {
    takeApart(String(repeating: piece, count: 32_768 / piece.utf8.count))
  }

  @Test(arguments: ["Where is MY payout? ", "Où est mon paiement ? ", "e\u{301}\u{316}\u{200B}", "a.b@c/"])
  func aMessageOfAMegabyteIsNormalizedAndTakenApart(piece: String) {
    takeApart(String(repeating: piece, count: 1_048_576 / piece.utf8.count))
  }

  private func takeApart(_ text: String) {
    let normalized = TextNormalizer.normalize(text)
    #expect(TextNormalizer.folded(text).utf8.count <= normalized.utf8.count)
    let words = Tokenizer.words(in: normalized)
    #expect(words.reduce(0) { $0 + $1.utf8.count } <= 2 * normalized.utf8.count)
    #expect(Sentences.split(text).count <= text.utf8.count)
  }

  @Test(arguments: repeated)
  func hostileMarkdownIsRendered(piece: String) {
    let text = String(repeating: piece, count: 32_768 / piece.utf8.count)
    #expect(Markdown.html(text).utf8.count <= 200 * text.utf8.count + 100)
    #expect(Markdown.plainText(text).utf8.count <= 100 * text.utf8.count + 100)
    #expect(Markdown.firstParagraph(text).utf8.count <= 2 * text.utf8.count + 100)
  }

  /// 60 KB that the parser alone would make a quarter of a gigabyte of.
  @Test func aLongDefinitionThatManyLinksReferToIsNotFollowed() {
    let bomb = "[a]: /" + String(repeating: "x", count: 30_000) + "\n\n" + String(repeating: "[a]\n", count: 7500)
    #expect(Markdown.html(bomb).utf8.count < 100_000)
    #expect(Markdown.plainText(bomb) == bomb)
    let inAQuote =
      "> [a]:\n> /" + String(repeating: "x", count: 30_000) + "\n\n" + String(repeating: "[a]", count: 7500)
    #expect(Markdown.html(inAQuote).utf8.count < 100_000)
  }

  @Test func aWideTableWithManyShortRowsIsNotFilledUp() {
    let width = 5000
    let header = String(repeating: "|a", count: width) + "|\n" + String(repeating: "|-", count: width) + "|\n"
    #expect(Markdown.html(header + String(repeating: "|\n", count: 20_000)).utf8.count < 200_000)
    let narrow = String(repeating: "|a", count: 100) + "|\n" + String(repeating: "|-", count: 100) + "|\n"
    #expect(Markdown.html(narrow + String(repeating: "a\n", count: 20_000)).utf8.count < 200_000)
  }

  @Test func aLongArticleWithATableAndReferencesIsStillMarkdown() {
    let article =
      "| a | b |\n|---|---|\n" + String(repeating: "| 1 | 2 |\n", count: 500) + "\n"
      + String(repeating: "See [the page][p] and more text of the usual kind.\n\n", count: 800)
      + "[p]: https://x.example/page\n"
    let html = Markdown.html(article)
    #expect(html.contains("<table>"))
    #expect(html.contains("href=\"https://x.example/page\""))
  }
}
