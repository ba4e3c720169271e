import Testing
import Text

struct StemmerTests {
  @Test(arguments: [
    ("en", "payouts", "payout"), ("en-US", "delayed", "delay"), ("EN", "running", "run"),
    ("de", "auszahlungen", "auszahl"),
    ("es-419", "pagos", "pag"), ("pt_BR", "pagamentos", "pagament"), ("fr", "paiements", "pai"),
    ("ru", "выплаты", "выплат"),
    ("nb", "utbetalinger", "utbetaling"), ("tr", "ödemeler", "ödeme"),
    ("id", "pembayaran", "bayar"), ("ms", "pembayaran", "bayar"), ("ar", "المدفوعات", "مدفوع"), ("hi", "लड़कियों", "लड़क"),
    ("it", "pagamenti", "pag"), ("nl", "betalingen", "betal"), ("pl-x", "wypłaty", "wypłaty"),
  ])
  func stems(language: String, word: String, stem: String) {
    #expect(Stemmer(language: language).stem(word) == stem)
  }

  @Test(arguments: [
    "ar", "ca", "da", "de", "el", "en", "es", "eu", "fi", "fr", "ga", "hi", "hu", "hy", "id", "it", "lt", "ms", "nb",
    "ne",
    "nl", "no", "pt", "ro", "ru", "sr", "sv", "ta", "tr", "yi",
  ])
  func everySnowballLanguageIsFoundByItsTag(language: String) {
    #expect(Stemmer(language: language).isAvailable)
    #expect(Stemmer(language: "\(language)-XX").isAvailable)
  }

  @Test(arguments: [
    "ja", "th", "xx", "", "-", "porter", "english", "e\u{0}", "ｅｎ", String(repeating: "e", count: 100_000),
  ])
  func aLanguageThatSnowballLacksLeavesWordsAsTheyAre(language: String) {
    let stemmer = Stemmer(language: language)
    #expect(!stemmer.isAvailable)
    #expect(stemmer.stem("payouts") == "payouts")
  }

  @Test(arguments: ["@payouts", "#payouts", "1,000.50", "2fas", "https://x.example/payouts", "", "Payouts"])
  func whatIsNotAWordIsLeftAsItIs(word: String) {
    #expect(Stemmer(language: "en").stem(word) == word)
  }

  @Test func aWordOfAMegabyteIsLeftAsItIs() {
    let word = String(repeating: "ings", count: 262_144)
    #expect(Stemmer(language: "en").stem(word) == word)
  }

  @Test func manyThreadsMayShareOneStemmer() async {
    let stemmer = Stemmer(language: "en")
    let words = ["payouts", "delayed", "running", "creators", "appeals"]
    let stems = words.map(stemmer.stem)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<16 {
        group.addTask { (0..<200).allSatisfy { _ in words.map(stemmer.stem) == stems } }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func noTextIsTooStrangeForAnyLanguage() {
    let texts = HostileTexts.made(300, seed: 6)
    for language in [
      "ar", "hy", "eu", "ca", "da", "nl", "en", "fi", "fr", "de", "el", "hi", "hu", "id", "ga", "it", "lt",
    ]
      + ["ne", "no", "pt", "ro", "ru", "sr", "es", "sv", "ta", "tr", "yi"]
    {
      let stemmer = Stemmer(language: language)
      #expect(stemmer.isAvailable, "\(language)")
      for text in texts { #expect(stemmer.stem(text).utf8.count <= 4 * text.utf8.count + 16) }
    }
  }
}
