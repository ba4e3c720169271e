import Testing
import Text

struct TokenizerTests {
  @Test(arguments: [
    ("", []),
    ("... ?! 😀 -", []),
    ("where is my payout?", ["where", "is", "my", "payout"]),
    ("i don't know, it's ana's", ["i", "dont", "know", "its", "anas"]),
    ("'quoted' rock 'n' roll", ["quoted", "rock", "n", "roll"]),
    ("don’t", ["dont"]),
    ("late_payout re-sent and/or", ["late", "payout", "re", "sent", "and", "or"]),
    ("@ana.b_c. and #live! @ # @@x", ["@ana.b_c", "and", "#live", "@x"]),
    ("1,000.50 usd, 3.5% on 10:30 2026-09-01", ["1,000.50", "usd", "3.5", "on", "10", "30", "2026", "09", "01"]),
    ("2fa 3pm 1.5k v1.2 5.", ["2fa", "3pm", "1.5k", "v1", "2", "5"]),
    (
      "see https://x.example/a?b=c&d=(e). or www.x.example, bye",
      ["see", "https://x.example/a?b=c&d=(e", "or", "www.x.example", "bye"]
    ),
    ("mail a.b+c@x-y.example.com!", ["mail", "a.b+c@x-y.example.com"]),
    (
      "on tiktok.com/@ana or t.me/x they paid.me too",
      ["on", "tiktok.com/@ana", "or", "t.me/x", "they", "paid", "me", "too"]
    ),
    ("http:// www. a@b foo@bar.", ["http", "www", "a", "@b", "foo", "@bar"]),
    ("été über выплата", ["été", "über", "выплата"]),
    ("支払い", ["支払い"]),
    ("金", ["金"]),
    ("支払いはpaypalで", ["支払い", "は", "paypal", "で"]),
    ("ที่นี่", ["ที่", "นี่"]),
    ("หักเงิน", ["หัก", "เงิน"]),
    ("เงินเข้าวันไหน", ["เงิน", "เข้า", "วัน", "ไหน"]),
    ("什么时候可以提现", ["什么时候", "可以", "提", "现"]),
    ("ຂອບໃຈຫຼາຍໆ", ["ຂອບ", "ໃຈ", "ຫຼາຍ", "ໆ"]),
    ("ប្រាក់របស់ខ្ញុំ", ["ប្រាក់", "របស់ខ្ញុំ"]),
    ("ငွေထုတ်ချင်တယ်", ["ငွေ", "ထုတ်", "ချင်", "တယ်"]),
    ("정산이", ["정산", "산이"]),
    ("हिन्दी में", ["हिन्दी", "में"]),
    ("كِتَاب ١٢", ["كِتَاب", "١٢"]),
    ("a\u{0}b", ["a", "b"]),
  ])
  func words(text: String, words: [String]) {
    #expect(Tokenizer.words(in: text) == words)
  }

  @Test func noWordIsEmptyAndNoneHasWhiteSpace() {
    for text in HostileTexts.made(3000, seed: 4) {
      for word in Tokenizer.words(in: text) + Tokenizer.words(in: TextNormalizer.normalize(text)) {
        #expect(!word.isEmpty)
        #expect(!word.unicodeScalars.contains { $0.properties.isWhitespace })
      }
    }
  }

  @Test func everyASCIILetterIsInSomeWord() {
    for text in HostileTexts.made(1500, seed: 5) {
      let letters = text.utf8.filter { (0x61...0x7A).contains($0 | 0x20) && $0 >= 0x41 }
      let found = Tokenizer.words(in: text).joined().utf8.filter { (0x61...0x7A).contains($0 | 0x20) && $0 >= 0x41 }
      #expect(found == letters)
    }
  }
}
