import TestSupport
import Testing

@testable import Text

struct PatternSetTests {
  @Test func givesEveryPatternThatMatchesInAscendingOrder() throws {
    let set = try PatternSet([#"\blate\b"#, "nothing", "PAYOUT", "p.*late", ""])
    #expect(set.matches(in: "my payout is late") == [0, 2, 3, 4])
    #expect(set.matches(in: "") == [4])
  }

  @Test func anEmptySetMatchesNothing() throws {
    let set = try PatternSet([])
    #expect(set.matches(in: "anything") == [])
    #expect(set.matches(in: "") == [])
  }

  @Test func anEmptyPatternMatchesEverything() throws {
    #expect(try PatternSet([""]).matches(in: "") == [0])
    #expect(try PatternSet(["", ""]).matches(in: "x") == [0, 1])
  }

  @Test func capitalsOfEveryScriptAreSmallLettersToo() throws {
    let set = try PatternSet(["выплата", "ΠΛΗΡΩΜΉ", "größe"])
    #expect(set.matches(in: "ВЫПЛАТА πληρωμή GRÖßE") == [0, 1, 2])
  }

  @Test func theFirstPatternThatIsNoneIsNamedByItsPlace() {
    let error = #expect(throws: PatternError.self) { try PatternSet(["fine", "(late", "[a-"]) }
    #expect(error?.index == 1)
    #expect(error?.message.contains("missing )") == true)
  }

  @Test func aPatternTooLargeByItselfIsNamedByItsPlace() {
    let large = String(repeating: "(?:(?:[a-z]{100}){9}|\\pL{900})", count: 200)
    let error = #expect(throws: PatternError.self) { try PatternSet(["fine", large, "also fine"]) }
    #expect(error?.index == 1)
    #expect(error?.message.contains("large") == true)
  }

  @Test func patternsTooLargeTogetherStillMatch() throws {
    let set = try PatternSet((0..<40).map { #"x\#($0)y\pL{30}|z\#($0)z"# })
    #expect(set.matches(in: "z3z and z39z") == [3, 39])
    #expect(set.matches(in: "x7y" + String(repeating: "é", count: 30)) == [7])
    #expect(set.matches(in: "none") == [])
  }

  @Test func whenTheSetRunsOutOfMemoryEachPatternIsAskedAlone() throws {
    let set = try PatternSet(["late$", "a.{3}b"])
    let alone = SinglePatterns(["late$", "a.{3}b", "none"])
    #expect(alone.matches(in: "axxxb late") == [0, 1])
    #expect(set.matches(in: "axxxb late") == [0, 1])
  }

  /// The state machine of these would have 2^20 states; backtracking would never end.
  @Test func hostilePatternsAndTextsTakeLinearTime() throws {
    let set = try PatternSet([
      "(a*)*b", "(a|a)*c", "(a|b)*a(a|b){20}d", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", ".*.*.*=.*",
    ])
    #expect(set.matches(in: String(repeating: "a", count: 200_000)) == [4])
    var generator = SeededGenerator(seed: 7)
    let noise = String((0..<100_000).map { _ in Bool.random(using: &generator) ? "a" : "b" })
    #expect(set.matches(in: noise) == [0, 4])
  }

  @Test func thousandsOfPatternsInOnePass() throws {
    let set = try PatternSet((0..<3000).map { "\\bword\($0)\\b" })
    #expect(set.matches(in: "word7 word2999 word3000 xword8") == [7, 2999])
  }

  @Test func manyThreadsMayAskAtOnce() async throws {
    let set = try PatternSet(["a+b", "c.*d", "e"])
    let pattern = try Pattern("c.*d")
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<64 {
        group.addTask {
          let text = String(repeating: "a", count: number) + "b cxd"
          return set.matches(in: text) == (number > 0 ? [0, 1] : [1]) && pattern.matches(in: text)
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func theSetAgreesWithEachPatternAlone() throws {
    let patterns = ["[[:punct:]]", #"\pL{3}"#, "a|é", #"^\s"#, #"\d\z"#, #"[^\x00-\x7F]"#, "<.*>", "x*"]
    let set = try PatternSet(patterns)
    let alone = try patterns.map { try Pattern($0) }
    for text in HostileTexts.made(600, seed: 11) {
      #expect(set.matches(in: text) == alone.indices.filter { alone[$0].matches(in: text) })
      for pattern in alone {
        #expect((pattern.firstMatch(in: text) != nil) == pattern.matches(in: text))
      }
    }
  }
}
