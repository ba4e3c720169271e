import Support
import TestSupport
import Testing

@testable import Matching

@Suite struct SpellingCorrectorTests {
  private static let counts = [
    "payout": 20, "payment": 8, "late": 5, "badge": 6, "withdrawal": 4, "form": 9, "from": 1, "żółty": 2, "выплата": 3,
    "выплаты": 1, "0": 7, "@handle": 4,
  ]
  private static let common = SpellingCorrector.CommonWords(
    language: "en", words: ["the", "you", "how", "my", "please", "badger", "receive", "lake", "money", "can"])

  private let alone = SpellingCorrector(Self.counts)
  private let informed = SpellingCorrector(Self.counts, common: Self.common)

  @Test(arguments: [
    ("two swapped", "payuot", "payout"), ("one left out", "pyment", "payment"), ("one doubled", "bbadge", "badge"),
    ("the key beside", "laye", "late"), ("one too many", "payoudt", "payout"),
    ("two slips in a long word", "withdrwaaal", "withdrawal"),
    ("another alphabet", "выплота", "выплата"),
  ])
  func `a slip is put right`(_ slip: String, _ written: String, _ meant: String) {
    #expect(alone.corrected(written) == meant, "\(slip)")
    #expect(informed.corrected(written) == meant, "\(slip)")
  }

  @Test(arguments: ["payout", "from", "0", "@handle", "", "at", "zebra", "a1b2", "вы", "支払い", "👍🏽", "q"])
  func `what is known, short, or near nothing stays`(_ word: String) {
    #expect(alone.corrected(word) == word)
    #expect(informed.corrected(word) == word)
  }

  @Test func `a word that exists is no slip of another`() {
    #expect(alone.corrected("badger") == "badge")
    #expect(informed.corrected("badger") == "badger")
    #expect(alone.corrected("lake") == "late")
    #expect(informed.corrected("lake") == "lake")
  }

  @Test func `words that the workspace lacks are put right by common ones, in their language alone`() {
    #expect(informed.corrected("recieve") == "receive")
    #expect(informed.corrected("hwo") == "how")
    #expect(informed.corrected("oney") == "money")
    #expect(informed.corrected("recieve", language: "en") == "receive")
    #expect(informed.corrected("recieve", language: "es") == "recieve")
    #expect(informed.corrected("payuot", language: "es") == "payout")
    #expect(alone.corrected("recieve") == "recieve")
  }

  @Test func `of several the likelier is taken`() {
    // Swapped letters are commoner than one typed for another far away on the keys.
    #expect(informed.corrected("fomr") == "form")
    #expect(SpellingCorrector(["card": 9, "cars": 1]).corrected("carp") == "card")
  }

  @Test func `the same is taken in every run`() {
    let words = ["payot", "frmo", "badgee", "lat", "latee", "mony", "выплат"]
    let first = words.map { informed.corrected($0) }
    for _ in 0..<5 {
      #expect(words.map { SpellingCorrector(Self.counts, common: Self.common).corrected($0) } == first)
    }
  }

  @Test(arguments: [
    String(repeating: "payout", count: 2_000), String(repeating: "\u{301}", count: 300), "\u{0}\u{0}\u{0}\u{0}", "ﷺﷺﷺﷺ",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}",
  ])
  func `a hostile word takes no time and stays`(_ word: String) {
    #expect(informed.corrected(word) == word)
  }

  @Test func `every single slip of a word is among what may have been meant`() {
    let letters = Set("abcdefghijklmnopqrstuvwxyz".unicodeScalars)
    let slips = TypingSlips(letters: letters)
    let meant = Array("badge".unicodeScalars)
    var written: [[Unicode.Scalar]] = []
    for place in meant.indices {
      var word = meant
      word.remove(at: place)
      written.append(word)
      for letter in letters {
        var exchanged = meant
        exchanged[place] = letter
        var longer = meant
        longer.insert(letter, at: place)
        written += [exchanged, longer]
      }
      guard place > 0 else { continue }
      var swapped = meant
      swapped.swapAt(place, place - 1)
      written.append(swapped)
    }
    for word in written where word != meant {
      var isFound = false
      slips.forEachIntended(word) { intended, likelihood in
        #expect(likelihood > 0 && likelihood <= 1)
        #expect(intended != word)
        if intended == meant { isFound = true }
      }
      #expect(isFound, "\(String(String.UnicodeScalarView(word)))")
    }
  }
}
