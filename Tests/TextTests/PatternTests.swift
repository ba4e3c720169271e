import Testing

@testable import Text

struct PatternTests {
  @Test func theFirstMatchIsGivenInTheTextsOwnIndices() throws {
    let pattern = try Pattern(#"late\w*"#)
    let text = "Größe 😀: my payout is LATER than late"
    let range = try #require(pattern.firstMatch(in: text))
    #expect(text[range] == "LATER")
    #expect(pattern.matches(in: text))
    #expect(pattern.firstMatch(in: "nothing") == nil)
    #expect(!pattern.matches(in: ""))
  }

  @Test func anEmptyPatternMatchesEverythingEvenAnEmptyText() throws {
    let pattern = try Pattern("")
    let range = try #require(pattern.firstMatch(in: ""))
    #expect(range.isEmpty)
    #expect(pattern.matches(in: "x"))
  }

  @Test func aByteEscapeThatEndsInsideALetterStillGivesARange() throws {
    let pattern = try Pattern(#"\C"#)
    let text = "é"
    let range = try #require(pattern.firstMatch(in: text))
    #expect(text[range].utf8.count <= 2)
  }

  @Test func nulInPatternAndTextIsACharacterLikeAnyOther() throws {
    let pattern = try Pattern("a\u{0}b")
    #expect(pattern.matches(in: "xa\u{0}by"))
    #expect(!pattern.matches(in: "xaby"))
  }

  @Test(arguments: [
    "(late", "late)", "[a-", "a{1001}", "*", #"\"#, #"(?<=a)b"#, #"(a)\1"#, "(?P<1", "x**", "\u{FFFD}(",
  ])
  func aPatternThatIsNoneSaysSoInASentence(source: String) {
    let error = #expect(throws: PatternError.self) { try Pattern(source) }
    #expect(error?.index == 0)
    #expect(error?.message.hasSuffix(".") == true)
    #expect(error?.message.contains("RE2") == true)
  }

  @Test func aPatternThatUnfoldsToGigabytesIsRefused() {
    let error = #expect(throws: PatternError.self) { try Pattern("((((a{100}){100}){100}){100}){100}") }
    #expect(error?.message.isEmpty == false)
  }

  @Test func nestedRepetitionsTakeLinearTime() throws {
    let pattern = try Pattern("(a+)+$")
    #expect(!pattern.matches(in: String(repeating: "a", count: 1_000_000) + "b"))
  }
}
