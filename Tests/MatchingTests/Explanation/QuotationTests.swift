import Testing

@testable import Matching

@Suite struct QuotationTests {
  @Test(arguments: [
    ("", "“”"), ("my payout is late", "“my payout is late”"), ("dónde está mi dinero", "“dónde está mi dinero”"),
    ("one\ntwo\r\nthree\u{2028}four", "“one two three four”"), ("  \t ä  b \n ", "“ä b”"),
    ("a\u{1B}[2Jb\u{0}", "“a[2Jb”"), ("é\u{202E}abc\u{202C}", "“éabc”"), ("👩‍👩‍👧 live", "“👩‍👩‍👧 live”"),
    ("می\u{200C}خواهم", "“می\u{200C}خواهم”"), ("a\u{301}\u{302}", "“a\u{301}\u{302}”"),
  ])
  func `somebody's words are quoted on one line`(text: String, quoted: String) {
    #expect(Quotation.of(text) == quoted)
  }

  @Test(arguments: ["abcdef ", "ábcdéf ", "支払いは", "👍🏽 "])
  func `long ones are cut, and only as much is read as is needed`(_ piece: String) {
    let text = String(repeating: piece, count: 100_000)
    let quoted = Quotation.of(text, most: 40)
    #expect(quoted.hasSuffix("…”") && quoted.count <= 42)
    #expect(quoted.dropFirst().hasPrefix(piece.prefix(4)))
  }

  @Test func `exactly as much as there is room for is not cut`() {
    #expect(Quotation.of("abcde", most: 5) == "“abcde”")
    #expect(Quotation.of("äbcde", most: 6) == "“äbcde”")
    #expect(Quotation.of("abcdefg", most: 5) == "“abcd…”")
  }

  @Test func `marks piled on one letter are thinned out`() {
    let quoted = Quotation.of("a" + String(repeating: "\u{301}", count: 10_000) + "b")
    #expect(quoted.unicodeScalars.count < 20 && quoted.hasSuffix("b”"))
  }
}
