import Support
import Testing

@Suite struct MatchingHealthTests {
  static let loaded = MatchingHealth.Encoder(name: "minilm-l6-v2", state: .loaded, detail: "v1")
  static let missing = MatchingHealth.Encoder(name: "use-multilingual-v3", state: .missing, detail: "not installed")
  static let silent = MatchingHealth.Encoder(name: "service:bge", state: .unusable, detail: "it did not answer")

  @Test func `what is all there has no shortcoming, and neither has what was never asked for`() {
    #expect(MatchingHealth(encoders: [Self.loaded], cache: .kept).shortcoming == nil)
    let none = MatchingHealth(encoders: [], cache: .off)
    #expect(none.shortcoming == nil && none.mode == .wordsAndCharacters)
  }

  @Test func `what is missing is named with what to do, and what it means`() throws {
    let bare = try #require(MatchingHealth(encoders: [Self.missing], cache: .kept).shortcoming)
    #expect(bare.hasPrefix("Matching is on words and characters alone: the model use-multilingual-v3 is not installed"))
    #expect(bare.contains("greenroom model install"))
    let half = MatchingHealth(encoders: [Self.loaded, Self.missing, Self.silent], cache: .kept)
    #expect(half.mode == .withEncoders)
    #expect(half.shortcoming?.hasPrefix("Matching does without some encoders: ") == true)
    #expect(half.shortcoming?.hasSuffix("; service:bge: it did not answer.") == true)
  }
}
