import Testing

@testable import Tokenizers

@Suite struct WordPieceTests {
  static let vocabulary = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "pay", "##out", "##outs", "a", ",", "中", "e", "##s", "#",
  ]

  static func tokenizer() throws -> WordPieceTokenizer {
    let strings = vocabulary.enumerated().map { (Array($0.element.utf8), Int32($0.offset)) }
    let trie = try #require(PrefixTrie(PrefixTrieArrays(strings)))
    return WordPieceTokenizer(
      vocabulary: trie, special: .init(unknown: 1, start: 2, end: 3, literal: ["[SEP]": 3, "[PAD]": 0]))
  }

  static func names(_ text: String, limit: Int = 256) throws -> [String] {
    try tokenizer().pieces(of: text, limit: limit).map { vocabulary[Int($0)] }
  }

  @Test(arguments: [
    ("payouts", ["pay", "##outs"]), ("PAYOUT", ["pay", "##out"]), ("payoutx", ["[UNK]"]), ("pay,a", ["pay", ",", "a"]),
    ("a中a", ["a", "中", "a"]), ("é", ["e"]), ("e\u{301}s", ["e", "##s"]), ("a\u{0}\u{200B}\u{FFFD}", ["a"]),
    ("pay\u{3000}a\u{A0}a", ["pay", "a", "a"]), ("[SEP]", ["[SEP]"]), ("a[PAD]a", ["a", "[PAD]", "a"]),
    ("[sep]", ["[UNK]", "[UNK]", "[UNK]"]), ("", []), (" \n\t ", []), ("\u{301}\u{301}", []),
    (String(repeating: "a", count: 101), ["[UNK]"]),
  ])
  func `words become their longest pieces`(text: String, pieces: [String]) throws {
    #expect(try Self.names(text) == ["[CLS]"] + pieces + ["[SEP]"])
  }

  @Test func `a long text is cut, and still ends with the last piece`() throws {
    #expect(
      try Self.names(String(repeating: "payouts ", count: 100), limit: 6) == [
        "[CLS]", "pay", "##outs", "pay", "##outs", "[SEP]",
      ])
    #expect(try Self.names("a a a a a a", limit: 6) == ["[CLS]", "a", "a", "a", "a", "[SEP]"])
    #expect(try Self.names("a [SEP] [SEP] [SEP] [SEP] [SEP]", limit: 4) == ["[CLS]", "a", "[SEP]", "[SEP]"])
  }

  @Test func `any text at all is cut into pieces`() throws {
    let tokenizer = try Self.tokenizer()
    for start in stride(from: UInt32(0), to: 0x110000, by: 997) {
      let scalars = (0..<40).compactMap { Unicode.Scalar(start + $0 * 7) }
      let text = String(String.UnicodeScalarView(scalars))
      #expect(tokenizer.pieces(of: text, limit: 64).count <= 64)
    }
  }
}
