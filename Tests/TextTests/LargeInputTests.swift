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
  func aMegabyteIsNormalizedAndTakenApart(piece: String) {
    let text = String(repeating: piece, count: 1_048_576 / piece.utf8.count)
    let normalized = TextNormalizer.normalize(text)
    _ = TextNormalizer.folded(text)
    let words = Tokenizer.words(in: normalized)
    #expect(words.reduce(0) { $0 + $1.utf8.count } <= 2 * normalized.utf8.count)
    #expect(Sentences.split(text).count <= text.utf8.count)
  }

  @Test(arguments: repeated)
  func hostileMarkdownIsRendered(piece: String) {
    let text = String(repeating: piece, count: 65_536 / piece.utf8.count)
    let html = Markdown.html(text)
    #expect(html.utf8.count <= 200 * text.utf8.count + 100)
    #expect(Markdown.plainText(text).utf8.count <= 100 * text.utf8.count + 100)
    _ = Markdown.firstParagraph(text)
  }
}
