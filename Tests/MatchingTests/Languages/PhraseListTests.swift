import Support
import Testing
import Text
import Workspace

@testable import Matching

/// Phrases are looked up by their first word; what comes out must be what going through all of them would give.
struct PhraseListTests {
  private static let vocabulary = ["how", "do", "i", "what", "about", "and", "the", "payout"]

  /// Texts and phrases of few words, so that many of them meet.
  private static func words(_ generator: inout SplitMix, most: Int) -> [String] {
    (0..<(1 + generator.below(most))).map { _ in vocabulary[generator.below(vocabulary.count)] }
  }

  @Test func `the longest phrase at the start is that of all phrases compared one by one`() {
    var generator = SplitMix(state: 7)
    for _ in 0..<300 {
      let phrases = (0..<6).map { _ in Self.words(&generator, most: 3) }
      let list = PhraseList(phrases.map { $0.joined(separator: " ") })
      let text = Self.words(&generator, most: 6)
      let longest = phrases.filter { text.starts(with: $0) }.map(\.count).max() ?? 0
      #expect(list.length(atStartOf: text) == longest)
      #expect(
        list.length(atStartOf: text.dropFirst())
          == (phrases.filter { text.dropFirst().starts(with: $0) }.map(\.count).max() ?? 0))
      let occurs = phrases.contains { phrase in text.indices.contains { text[$0...].starts(with: phrase) } }
      #expect(list.occurs(in: text.joined(separator: " "), words: text) == occurs)
      for word in Self.vocabulary { #expect(list.contains(word) == phrases.contains([word])) }
    }
  }

  @Test func `no phrases, no words, a phrase of nothing but signs`() {
    #expect(PhraseList([]).isEmpty)
    #expect(PhraseList(["?!"]).isEmpty)
    #expect(PhraseList(["how"]).length(atStartOf: [String]()) == 0)
    #expect(!PhraseList(["how"]).occurs(in: "", words: []))
    #expect(!PhraseList([]).contains("how"))
  }

  @Test
  func `the asker's language comes first, then the workspace's own, then English, then the others in their order`() {
    let comprehensions = Comprehensions(ShippedPhrases.all, language: "de")
    let shipped = ShippedPhrases.all.map(\.language)
    for asked in shipped + ["pt-BR", "xx"] + [nil] {
      let order = comprehensions.preferring(asked).map(\.language)
      let first = [asked?.primaryLanguage, "de", "en"].compactMap(\.self).filter { shipped.contains($0) }
      let wanted = first.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
      #expect(order == wanted + shipped.filter { !wanted.contains($0) })
    }
    #expect(comprehensions.likely("tr").map(\.language) == ["tr"])
    #expect(comprehensions.likely("xx").map(\.language) == comprehensions.preferring(nil).map(\.language))
  }
}

/// SplitMix64: the same draws everywhere.
private struct SplitMix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}
