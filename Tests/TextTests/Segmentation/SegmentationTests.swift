import TestSupport
import Testing
import Text

@Suite struct SegmentationTests {
  private static let letters: [[Unicode.Scalar]] = [
    Array("กขคงจชซญดตถทธนบปผพฟมยรลวศษสหอฮะาิีึืุูเแโใไ่้็์".unicodeScalars),
    Array("支払日金額配信者口座確認今月来年手数料のはをがにでとも".unicodeScalars),
    Array("提现结算收入账号封禁什么时候可以多少钱我的".unicodeScalars),
    Array("កខគឃងចឆជាិីុូេែៃ".unicodeScalars), Array("ကခဂဃငစဆဇျြွှာိီ".unicodeScalars), Array("ກຂຄງຈສຊຍດຕຖທນບປຜຝພາິີ".unicodeScalars),
  ]

  @Test func wordsOfARunPutTogetherAreTheRun() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<600 {
      guard let alphabet = Self.letters.randomElement(using: &generator) else { continue }
      var view = String.UnicodeScalarView()
      // Not a mark first: one that belongs to nothing is passed over.
      view.append(alphabet[0])
      for _ in 0..<Int.random(in: 0...40, using: &generator) {
        if let scalar = alphabet.randomElement(using: &generator) { view.append(scalar) }
      }
      let run = String(view)
      #expect(Tokenizer.words(in: run).joined() == run)
    }
  }

  @Test func latinTextAroundARunIsAsEver() {
    #expect(
      Tokenizer.words(in: "my payout 支払い is late, @ana.b #live") == [
        "my", "payout", "支払い", "is", "late", "@ana.b", "#live",
      ])
  }

  @Test func aRunOfAMillionLettersIsTakenInPairs() {
    let words = Tokenizer.words(in: String(repeating: "の", count: 300_000))
    #expect(words.count == 299_999)
  }

  @Test func manyThreadsMaySegmentAtOnce() async {
    let texts = ["เงินเข้าวันไหน", "支払いはいつですか", "什么时候可以提现", "ငွေထုတ်ချင်တယ်"]
    let alone = texts.map(Tokenizer.words)
    await withTaskGroup(of: [[String]].self) { group in
      for _ in 0..<64 { group.addTask { texts.map(Tokenizer.words) } }
      for await words in group { #expect(words == alone) }
    }
  }

  @Test(arguments: [
    ("payout", 3...5), ("été", 3...5), ("支払い", 2...3), ("정산", 2...3), ("เงิน", 3...5), ("", 3...5),
  ])
  func characterGramsFitTheScript(word: String, lengths: ClosedRange<Int>) {
    #expect(Tokenizer.gramLengths(of: word) == lengths)
  }
}
