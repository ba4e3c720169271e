import Foundation
@testable import Matching
import Support
import Testing
import Workspace

@Suite struct LanguageTests {
  typealias Sample = SampleProgramme

  private func text(_ decision: Decision) -> String { decision.reply?.markdown(ticket: 7) ?? "" }

  private func phrases(_ language: String) throws -> Phrases {
    try #require(ShippedPhrases.all.first { $0.language == language })
  }

  // What is answered.

  @Test func anArticleIsSentInTheLanguageOfTheQuestionWhereItIsThere() {
    let decision = Sample.decide("¿por qué se retrasa mi pago?")
    #expect(decision.matched == .article("payouts/late.es"))
    #expect(text(decision) == "Los pagos se envían antes del día 15.")
    #expect(decision.language == "es" && decision.nextState.language == "es")
  }

  @Test func anArticleThatIsThereInEnglishOnlyIsSentWithAWordAboutItInTheAskersLanguage() throws {
    let decision = Sample.decide("minimum payout amount", language: "es")
    #expect(decision.matched == .article("payouts/minimum"))
    #expect(text(decision) == "Esta información solo está disponible en inglés:\n\nYou can withdraw from 50 USD.")
    #expect(decision.explanation.contains { $0.text.contains("not there in es") })
  }

  @Test func thatItIsThereInEnglishOnlyIsSaidOnceAMessage() {
    let decision = Sample.decide("minimum payout amount? how do i appeal a ban?", language: "de")
    #expect(decision.parts.count == 2)
    #expect(text(decision).components(separatedBy: "nur auf Englisch").count == 2)
  }

  @Test func anEscalationHasNoSuchWordBeforeIt() {
    let decision = Sample.decide("talk to a human", language: "fr")
    #expect(decision.kind == .escalate)
    #expect(text(decision).hasPrefix("J'ai transmis votre demande"))
    #expect(!text(decision).contains("disponible"))
  }

  @Test func smallTalkIsAnsweredWithoutIt() {
    let decision = Sample.decide("thank you very much", language: "tr")
    #expect(!text(decision).contains("mevcut"))
  }

  @Test func aLanguageWithoutPhrasesIsSpokenToInTheWorkspacesOwn() {
    #expect(text(Sample.decide("hello", language: "fi")) == "Hello. What can I help you with?")
    #expect(!text(Sample.decide("minimum payout amount", language: "fi")).contains("only available"))
  }

  // Which language it is.

  @Test(arguments: [
    ("hola", "es", "Hola. ¿En qué puedo ayudarle?"), ("merhaba", "tr", "Merhaba. Size nasıl yardımcı olabilirim?"),
    ("สวัสดีค่ะ", "th", "สวัสดีค่ะ มีอะไรให้ช่วยไหมคะ"), ("こんにちは", "ja", "こんにちは。どのようなご用件でしょうか。"),
    ("안녕하세요", "ko", "안녕하세요. 무엇을 도와드릴까요?"), ("مرحبا", "ar", "مرحبًا بكم. كيف يمكنني مساعدتكم؟"),
    ("xin chào", "vi", "Xin chào. Tôi có thể giúp gì cho bạn?"),
  ])
  func aGreetingIsGivenBackInItsLanguage(message: String, language: String, reply: String) {
    #expect(text(Sample.decide(message, language: language)) == reply)
  }

  @Test(arguments: ["ok", "2", "👍", "@lucia.live"])
  func aShortTextKeepsTheLanguageOfTheConversation(message: String) {
    let decision = Sample.decide(message, in: ConversationState(language: "th"))
    #expect(decision.nextState.language == "th")
  }

  @Test func theLanguageThatTheChannelSaysGoesFirst() {
    let decision = Sample.decide("¿por qué se retrasa mi pago?", language: "en")
    #expect(decision.nextState.language == "en")
  }

  @Test func anEnglishQuestionStaysEnglishAmongAllTheLanguages() {
    for question in [
      "how do i appeal", "what is the smallest withdrawal", "which tax form do i need", "payout missing",
    ] {
      #expect(["en", nil].contains(Sample.decide(question).nextState.language))
    }
  }

  // Dates and directions.

  @Test(arguments: [
    ("es", "lunes 23 de noviembre a las 18:00 (UTC)"), ("de", "Montag, 23. November, 18:00 Uhr (UTC)"),
    ("ja", "11月23日（月曜日）18:00（UTC）"), ("ko", "11월 23일 월요일 18:00(UTC)"), ("tr", "23 Kasım Pazartesi, saat 18:00 (UTC)"),
    ("vi", "18:00 Thứ Hai, ngày 23 tháng 11 (UTC)"), ("th", "วันจันทร์ที่ 23 พฤศจิกายน เวลา 18:00 น. (UTC)"),
    ("pt", "segunda-feira, 23 de novembro, às 18:00 (UTC)"), ("id", "Senin, 23 November pukul 18:00 (UTC)"),
    ("fr", "lundi 23 novembre à 18:00 (UTC)"), ("ar", "الاثنين 23 نوفمبر، الساعة 18:00 (UTC)"),
  ])
  func aMomentIsWrittenAsTheLanguageWritesIt(language: String, moment: String) {
    let decision = Sample.decide("talk to a human", language: language)
    #expect(text(decision).contains(moment), "\(text(decision))")
  }

  @Test func inArabicWhatIsFilledInKeepsItsOwnDirection() throws {
    let ticket = Sample.decide("talk to a human", language: "ar")
    #expect(text(ticket).contains("**\u{2068}#7\u{2069}**"))
    let asked = Sample.decide("which tax form do i need", language: "ar")
    #expect(text(asked).contains("\u{2068}US\u{2069}، \u{2068}EU\u{2069}"))
    let english = Sample.decide("which tax form do i need", language: "en")
    #expect(!text(english).unicodeScalars.contains("\u{2068}"))
  }

  // What is understood.

  private static let choosing: [(language: String, second: [String], none: String)] = [
    ("en", ["2", "the second one", "number 2", "2nd", "the last one"], "none of these"),
    ("es", ["2", "la segunda", "el segundo", "opción 2", "la última"], "ninguno"),
    ("pt", ["2", "a segunda", "o segundo", "opção 2", "a última"], "nenhuma dessas"),
    ("id", ["2", "yang kedua", "nomor 2", "nomor dua", "yang terakhir"], "tidak ada"),
    ("ar", ["٢", "الثاني", "رقم ٢", "الخيار الثاني", "الأخير"], "لا شيء من هذا"),
    ("tr", ["2", "ikincisi", "2 numara", "ikinci olan", "sonuncusu"], "hiçbiri"),
    ("vi", ["2", "cái thứ hai", "số 2", "thu hai", "cái cuối cùng"], "không có cái nào"),
    ("th", ["๒", "ข้อ 2", "ข้อสอง", "อันที่สองค่ะ", "อันสุดท้าย"], "ไม่ใช่สักข้อ"),
    ("ja", ["２", "2番", "二番目です", "2つ目", "最後"], "どれでもない"),
    ("ko", ["2", "2번", "두 번째", "두번째요", "마지막"], "없음"),
    ("de", ["2", "das zweite", "Nummer 2", "die zweite bitte", "das letzte"], "keines davon"),
    ("fr", ["2", "le deuxième", "numéro 2", "la seconde", "le dernier"], "aucun"),
  ]

  @Test(arguments: choosing.map(\.language))
  func aChoiceIsUnderstoodInEveryLanguage(language: String) throws {
    let row = try #require(Self.choosing.first { $0.language == language })
    let state = ConversationState(
      pending: .choice(question: "payout?", candidates: [.article("payouts/late"), .article("payouts/minimum")]),
      language: language)
    for said in row.second {
      let decision = Sample.decide(said, in: state)
      #expect(decision.matched == .article("payouts/minimum"), "\(language): \(said)")
    }
    let none = Sample.decide(row.none, in: state)
    #expect(none.kind == .escalate, "\(language): \(row.none)")
  }

  @Test(arguments: [
    ("en", "yes"), ("es", "sí"), ("pt", "isso mesmo"), ("id", "iya"), ("ar", "نعم"), ("tr", "evet"), ("vi", "đúng rồi"),
    ("th", "ใช่ค่ะ"), ("ja", "はい"), ("ko", "네 맞아요"), ("de", "ja genau"), ("fr", "oui"), ("vi", "dung roi"), ("es", "si"),
  ])
  func yesToASingleChoiceIsUnderstood(language: String, yes: String) {
    let state = ConversationState(
      pending: .choice(question: "payout?", candidates: [.article("payouts/minimum")]), language: language)
    #expect(Sample.decide(yes, in: state).matched == .article("payouts/minimum"))
  }

  @Test(arguments: [("we are in Germany", "en"), ("estamos en Alemania", "es"), ("ألمانيا", "ar"), ("ドイツです", "ja")])
  func aRegionTellsWhichOfSeveralRegionalAnswersWasMeant(said: String, language: String) {
    let state = ConversationState(
      pending: .choice(question: "tax form", candidates: [.article("tax/us"), .article("tax/eu")]), language: language)
    let decision = Sample.decide(said, in: state)
    #expect(decision.matched == .article("tax/eu") && decision.kind == .answer)
    #expect(decision.nextState.region == "DE")
  }

  @Test(arguments: ["the minimum amount", "minimum withdrawal", "withdrawal"])
  func enoughOfATitleIsAChoice(_ said: String) {
    let state = ConversationState(
      pending: .choice(question: "payout?", candidates: [.article("payouts/late"), .article("payouts/minimum")]))
    #expect(Sample.decide(said, in: state).matched == .article("payouts/minimum"))
  }

  @Test(arguments: [
    ("es", "muchas gracias por la ayuda"), ("pt", "muito obrigada"), ("id", "makasih banyak kak"),
    ("ar", "شكرا جزيلا لكم"),
    ("ar", "shukran awi"), ("tr", "çok teşekkür ederim"), ("tr", "cok tesekkurler"), ("vi", "cảm ơn bạn nhiều"),
    ("vi", "cam on ban"),
    ("th", "ขอบคุณมากค่ะ"), ("ja", "ありがとうございます"), ("ko", "감사합니다"), ("de", "vielen Dank für die Hilfe"),
    ("fr", "merci beaucoup"),
  ])
  func thanksInEveryLanguageOpenNoTicket(language: String, thanks: String) {
    for declared in [language, nil] {
      let decision = Sample.decide(
        thanks, in: ConversationState(openTickets: [.init(number: 7, queue: "general")]), language: declared)
      #expect(decision.ticketEffects.isEmpty, "\(language): \(thanks)")
    }
  }

  @Test(arguments: [
    "cancelar", "esquece", "batal", "إلغاء", "vazgeçtim", "thôi bỏ đi", "ยกเลิก", "キャンセル", "취소", "abbrechen",
    "laisse tomber",
  ])
  func aQuestionOfTheBotIsCalledOffInEveryLanguage(_ said: String) {
    let asking = Sample.decide("you paid me too little")
    let decision = Sample.decide(said, in: asking.nextState)
    #expect(decision.nextState.pending == nil && decision.ticketEffects.isEmpty)
  }

  @Test(arguments: [
    ("es", "¿cuándo llega mi pago y cómo apelo un bloqueo?"),
    ("pt", "quando chega meu pagamento e como faço o recurso do banimento"),
    ("id", "kapan uang saya masuk dan bagaimana cara banding"), ("ar", "متى يصل المال وكيف أقدم الاعتراض"),
    ("tr", "ödemem ne zaman gelecek ve nasıl itiraz ederim"), ("vi", "khi nào có tiền thưởng và làm sao để khiếu nại"),
    ("th", "เงินเข้าวันไหน แล้วอุทธรณ์ยังไง"), ("ja", "支払いはいつですか、あと異議申し立てはどうすればいいですか"),
    ("ko", "정산은 언제 되나요? 그리고 이의 신청은 어떻게 하나요?"), ("de", "wann kommt meine Auszahlung und wie lege ich Einspruch ein"),
    ("fr", "quand arrive mon paiement et comment contester une sanction"),
    ("en", "when is my payout due and how do i appeal a strike"),
  ])
  func twoQuestionsInOneMessageAreBothDealtWith(language: String, message: String) {
    let decision = Sample.decide(message, language: language)
    for part in decision.parts {
      #expect([.answer, .clarify, .escalate].contains(part.kind), "\(language): \(part.text)")
    }
    let pieces = QuestionSplitter(
      languages: ShippedPhrases.all.filter { $0.language == language }.map(Comprehension.init)
    )
    .pieces(of: message)
    #expect(pieces.count == 2, "\(language): \(pieces)")
    // Where one part is answered, the ticket holds the other; where none is, the whole message.
    if case .open(let draft) = decision.ticketEffects.first {
      #expect(
        draft.question == message || (decision.kind == .escalate && decision.parts.contains { $0.kind == .answer }))
    }
  }
}
