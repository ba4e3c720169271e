import Testing
import Text

@Suite struct LanguageRecognizerTests {
  static let expected = ExpectedLanguages(
    standard: "en", written: ["en", "es"],
    spoken: ["en", "es", "pt", "id", "ar", "tr", "vi", "th", "ja", "ko", "de", "fr"])

  private func recognized(_ text: String, before: String? = nil) -> RecognizedLanguage {
    LanguageRecognizer.shared.recognize(text, expecting: Self.expected, before: before)
  }

  @Test(arguments: [
    ("es", "¿cuándo llega mi pago?"), ("es", "no me ha llegado el pago"), ("es", "me banearon la cuenta"),
    ("pt", "quando cai o pagamento"), ("pt", "não recebi ainda"), ("id", "uang belum masuk kak"),
    ("id", "gimana cara tarik saldo"), ("ms", "bila duit masuk"), ("ar", "متى يصل المال إلى حسابي"),
    ("tr", "ödemem neden gecikti"), ("vi", "khi nào có tiền"), ("th", "เงินเข้าวันไหน"), ("ja", "支払いはいつですか"),
    ("ko", "정산 언제 되나요"), ("de", "wann kommt das Geld"), ("fr", "quand est-ce que je suis payé"),
    ("it", "dove sono i miei soldi"), ("zh", "什么时候可以提现"), ("hi", "पैसे कब आएंगे"), ("ru", "когда выплата"),
    ("en", "when do i get paid"),
  ])
  func aShortQuestionIsRecognised(language: String, text: String) {
    #expect(recognized(text).language == language)
    #expect(recognized(text).confidence >= LanguageRecognizer.sureAt)
  }

  @Test(arguments: [
    ("ar", "3ayez a3raf emta el flous"), ("ar", "leh el 7esab etwa2af"), ("tr", "odeme ne zaman"),
    ("tr", "param neden gelmedi"), ("vi", "khi nao co tien"), ("vi", "lam sao rut tien"),
    ("ja", "shiharai wa itsu desu ka"),
    ("hi", "paisa kab aayega"), ("ru", "kogda vyplata dengi"), ("ko", "jeongsan eonje haeyo"),
    ("es", "donde esta mi dinero"),
    ("pt", "nao recebi ainda"),
  ])
  func whatIsTypedInLatinLettersOrWithoutDiacriticsIsRecognised(language: String, text: String) {
    #expect(recognized(text).language == language)
  }

  @Test(arguments: [
    ("th", "payout ของฉันเมื่อไหร่"), ("es", "quiero ver The House of the Yellow Carpet en mi cuenta"),
    ("ja", "LIVE Backstageの支払いはいつですか"), ("en", "what does 支払い mean in my account"),
    ("id", "kapan cair bonus weekly mission saya"), ("de", "wann kommt der Payout für Golden Week"),
  ])
  func aMixedTextIsInTheLanguageOfItsLargerPart(language: String, text: String) {
    #expect(recognized(text).language == language)
  }

  @Test(arguments: ["", " ", "?!", "2", "👍", "@lucia.live", "https://example.com/pago", "1,000.50", "ok", "k", "x3x"])
  func whatGivesNothingAwayIsUnknown(text: String) {
    #expect(recognized(text).confidence < LanguageRecognizer.sureAt)
  }

  @Test func theConversationSoFarTipsTheBalance() {
    #expect(recognized("y para brasil?", before: "es").language == "es")
    #expect(recognized("e para o brasil?", before: "pt").language == "pt")
  }

  @Test(arguments: ["2nd payout missing", "5pm stream", "need 100k coins", "b2b deal", "30min late"])
  func numbersInEnglishAreNoArabic(text: String) {
    #expect(recognized(text).language != "ar")
  }

  @Test func theSameTextIsTheSameEachTime() {
    for text in ["quando mi pagate", "fui banido por que", "acc banned y", "для чего 支払い"] {
      let first = recognized(text)
      for _ in 0..<20 { #expect(recognized(text) == first) }
    }
  }

  @Test func hostileTextsAreSurvived() {
    for text in HostileTexts.made(1500, seed: 11) {
      let found = recognized(text)
      #expect((0...1).contains(found.confidence))
    }
    _ = recognized(String(repeating: "ñ", count: 1_000_000))
    _ = recognized(String(repeating: "の", count: 300_000))
  }
}
