import Testing
import Text

struct TextNormalizerTests {
  @Test(arguments: [
    ("", ""),
    ("   ", ""),
    ("  Where's   MY\tpayout?\r\n\r\n", "where's my payout?"),
    ("a\u{0}b", "a b"),
    ("\u{0}\u{1}\u{7F}", ""),
    ("don`t", "don't"),
    ("don’t", "don't"), ("don´t", "don't"), ("donʼt", "don't"), ("don′t", "don't"), ("don＇t", "don't"),
    ("“late” „spät“ «tard»", "\"late\" \"spät\" \"tard\""),
    ("a—b–c‐d−e", "a-b-c-d-e"),
    ("wait…", "wait..."),
    ("ＰＡＹＯＵＴ １２", "payout 12"),
    ("ﬁnal oﬀer", "final offer"),
    ("½ ² ℌ", "1/2 2 h"),
    ("STRASSE Straße STRAẞE", "strasse strasse strasse"),
    ("ΟΔΟΣ οδος οδοσ", "οδοσ οδοσ οδοσ"),
    ("e\u{301}té ÉTÉ", "été été"),
    ("ПРИВЕТ", "привет"),
    ("a\u{A0}b\u{2003}c\u{3000}d\u{2028}e\u{85}f", "a b c d e f"),
    ("ㄱ각\u{1112}\u{1161}\u{11AB}", "ᄀ각한"),
    ("ﾊﾟ", "パ"),
    ("payout 😀", "payout 😀"),
  ])
  func bringsWritingsTogether(text: String, normalized: String) {
    #expect(Array(TextNormalizer.normalize(text).unicodeScalars) == Array(normalized.unicodeScalars))
  }

  @Test(arguments: [
    "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}", "\u{AD}", "\u{34F}", "\u{180E}", "\u{FE0F}",
    "\u{E0041}",
    "\u{E0101}", "\u{115F}", "\u{3164}", "\u{FFF9}", "\u{FFFB}",
  ])
  func zeroWidthCharactersInsideAWordAreRemoved(invisible: String) {
    #expect(TextNormalizer.normalize("pay\(invisible)out") == "payout")
    #expect(TextNormalizer.normalize(invisible).isEmpty)
  }

  @Test(arguments: [
    "\u{200E}", "\u{200F}", "\u{61C}", "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2066}",
    "\u{2067}",
    "\u{2068}", "\u{2069}",
  ])
  func bidiControlsThatTurnTheTextAroundAreRemoved(control: String) {
    #expect(TextNormalizer.normalize("\(control)late\(control) payout\(control)") == "late payout")
  }

  @Test(arguments: ["\u{2800}", "\u{FFFC}", "\u{1F}", "\u{9F}", "\u{B}"])
  func whatLooksLikeNothingIsASpace(blank: String) {
    #expect(TextNormalizer.normalize("late\(blank)payout") == "late payout")
  }

  @Test func anAccentHiddenBehindAZeroWidthSpaceStillComposes() {
    #expect(TextNormalizer.normalize("e\u{200B}\u{301}") == "é")
  }

  @Test func theDotlessIStaysApartFromTheDotted() {
    #expect(TextNormalizer.normalize("ısı") == "ısı")
    #expect(TextNormalizer.folded("ISI ısı") == "isi isi")
  }

  @Test func ordinaryScriptsAreLeftAsTheyAre() {
    for text in ["भुगतान कब होगा", "متى يتم الدفع؟", "การจ่ายเงินล่าช้า", "支払いはいつですか", "정산이 늦어요", "תשלום מאוחר"] {
      #expect(TextNormalizer.normalize(text) == text)
    }
  }

  @Test(arguments: [
    ("Été À L'OUÏE", "ete a l'ouie"), ("Ångström Łódź Øre", "angstrom lodz ore"), ("Đồng Việt", "dong viet"),
    ("ŒUVRE æsir þing", "oeuvre aesir thing"), ("ΠΛΗΡΩΜΉ", "πληρωμη"), ("ещё за́мок", "еще замок"),
    ("ї й ў", "ї й ў"), ("crème\u{301}\u{316}", "creme"),
  ])
  func foldedTakesDiacriticsOff(text: String, folded: String) {
    #expect(Array(TextNormalizer.folded(text).unicodeScalars) == Array(folded.unicodeScalars))
  }

  @Test func foldedLeavesMarksThatTellWordsApart() {
    for text in ["كِتَاب", "ที่นี่", "हिन्दी", "がぎぐ", "각한", "שָׁלוֹם"] {
      #expect(TextNormalizer.folded(text) == TextNormalizer.normalize(text))
    }
  }

  @Test func normalizingTwiceChangesNothing() {
    for text in HostileTexts.made(6000, seed: 1) {
      let once = TextNormalizer.normalize(text)
      #expect(TextNormalizer.normalize(once).utf8.elementsEqual(once.utf8), "\(text.unicodeScalars.map(\.value))")
      let folded = TextNormalizer.folded(text)
      #expect(TextNormalizer.folded(folded).utf8.elementsEqual(folded.utf8), "\(text.unicodeScalars.map(\.value))")
    }
  }

  @Test func everyCharacterByItselfAndAfterALetterIsStable() {
    for value in (0x80...0x1FFFF as ClosedRange<UInt32>) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let once = TextNormalizer.normalize("a\(scalar)")
      #expect(TextNormalizer.normalize(once).utf8.elementsEqual(once.utf8), "U+\(String(value, radix: 16))")
    }
  }

  @Test func noControlsNoDoubleSpacesAndNoneAtTheEndsAreLeft() {
    for text in HostileTexts.made(3000, seed: 2) {
      let normalized = TextNormalizer.normalize(text)
      #expect(normalized.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
      #expect(normalized.unicodeScalars.allSatisfy { !$0.properties.isDefaultIgnorableCodePoint })
      #expect(!normalized.utf8.elementsEqual(" ".utf8) && !normalized.contains("  "))
      #expect(normalized.unicodeScalars.first != " " && normalized.unicodeScalars.last != " ")
    }
  }

  @Test func capitalsAreNotTold() {
    for text in HostileTexts.made(1500, seed: 3) where text.utf8.allSatisfy({ $0 < 0x80 }) {
      #expect(TextNormalizer.normalize(text.uppercased()) == TextNormalizer.normalize(text.lowercased()))
    }
  }
}
