import Testing
import Text

struct SentencesTests {
  @Test(arguments: [
    ("", []),
    (" \n\t ", []),
    ("hi", ["hi"]),
    ("hi. where is it?  Thanks!", ["hi.", "where is it?", "Thanks!"]),
    ("one\ntwo\r\n\r\nthree\u{2028}four", ["one", "two", "three", "four"]),
    ("what?! really?!?yes", ["what?!", "really?!?", "yes"]),
    ("it is 1.5 or 1,000.50. ok", ["it is 1.5 or 1,000.50.", "ok"]),
    ("see https://x.example/?a=b;c!d. ok", ["see https://x.example/?a=b;c!d.", "ok"]),
    ("is x.example/a?b=1 fine? yes", ["is x.example/a?b=1 fine?", "yes"]),
    ("mail a.b@x.example? now", ["mail a.b@x.example?", "now"]),
    ("some, e.g. payouts, i.e. money. ok", ["some, e.g. payouts, i.e. money.", "ok"]),
    ("at 5 p.m. today. at 5 p.m. What then", ["at 5 p.m. today.", "at 5 p.m.", "What then"]),
    ("ask Dr. Who vs. J. Smith etc. please. bye", ["ask Dr. Who vs. J. Smith etc. please.", "bye"]),
    ("1. log in\n2. click. done", ["1. log in", "2. click.", "done"]),
    ("so... where is it... Nobody knows", ["so... where is it...", "Nobody knows"]),
    ("late; again;so", ["late;", "again;so"]),
    ("he said \"where?\" and left", ["he said \"where?\"", "and left"]),
    ("(is it late?) yes.", ["(is it late?)", "yes."]),
    ("متى الدفع؟ شكرا", ["متى الدفع؟", "شكرا"]),
    ("いつですか？ありがとう。では！", ["いつですか？", "ありがとう。", "では！"]),
    ("भुगतान कब होगा। धन्यवाद", ["भुगतान कब होगा।", "धन्यवाद"]),
    ("Thanks! 😀 Where is it?? :)", ["Thanks!", "😀 Where is it?? :)"]),
    ("?? where", ["?? where"]),
    ("???", ["???"]),
    ("😀", ["😀"]),
    ("one\u{0}two. c", ["one\u{0}two.", "c"]),
  ])
  func sentences(text: String, sentences: [String]) {
    #expect(Sentences.split(text).map(String.init) == sentences)
  }

  @Test func nothingVisibleIsLostAndTheOrderStays() {
    for text in HostileTexts.made(4000, seed: 8) {
      let sentences = Sentences.split(text)
      func visible(_ text: some StringProtocol) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { $0.value > 0x20 && !$0.properties.isWhitespace }
      }
      #expect(sentences.flatMap(visible) == visible(text), "\(text.unicodeScalars.map(\.value))")
      #expect(sentences.allSatisfy { !$0.isEmpty })
    }
  }

  @Test func aSentenceAloneIsOneSentence() {
    for text in HostileTexts.made(2000, seed: 9) {
      for sentence in Sentences.split(text).prefix(1) where !sentence.contains(where: \.isNewline) {
        #expect(Sentences.split(String(sentence)).count == 1, "\(sentence.unicodeScalars.map(\.value))")
      }
    }
  }
}
