import Foundation
import Testing

@testable import Matching

@Suite struct PassagesTests {
  private func words(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }

  @Test(arguments: ["", " ", "\n\n\n", "\r\n \t\n", "\u{2028}"])
  func `nothing has no passages`(_ body: String) {
    #expect(Passages.of(body) == [])
  }

  @Test func `a short article is one passage a paragraph`() {
    #expect(
      Passages.of("Payouts are sent by the 15th. Check your details first.\n\nThen wait a day.") == [
        "Payouts are sent by the 15th. Check your details first.", "Then wait a day.",
      ])
  }

  @Test func `sentences stay whole and in order, none is lost, and passages are of bounded length`() {
    let sentences = (1...40).map { number in
      (0..<(number % 13 + 2)).map { "word\(number)x\($0)" }.joined(separator: " ") + "."
    }
    let passages = Passages.of(sentences.joined(separator: " "))
    #expect(passages.joined(separator: " ") == sentences.joined(separator: " "))
    #expect(passages.allSatisfy { words($0).count <= 45 && $0.hasSuffix(".") })
    #expect(passages.count > 4)
  }

  @Test func `one long sentence is one passage, with the next one in another`() {
    let long = (0..<400).map { "word\($0)" }.joined(separator: " ") + "."
    #expect(Passages.of("Before it all. \(long) After it all.") == ["Before it all.", long, "After it all."])
  }

  @Test func `items of a list are passages of their own`() {
    let list = "You need:\n- a passport or a card\n- a bank account\n- patience"
    let passages = Passages.of(list)
    #expect(passages.contains { $0.contains("passport or a card") })
    #expect(passages.contains { $0.contains("bank account") })
    #expect(!passages.contains { $0.contains("passport") && $0.contains("account") })
  }

  @Test func `of a hundred paragraphs the first two dozen are read`() {
    let passages = Passages.of((0..<100).map { "Paragraph number \($0)." }.joined(separator: "\n\n"))
    #expect(passages == (0..<24).map { "Paragraph number \($0)." })
    // Also where one paragraph alone has more.
    let endless = Passages.of(String(repeating: "Some words that go on and on until nobody reads. ", count: 500))
    #expect(endless.count == 24)
  }

  @Test(arguments: [
    "提款会在每月十五日之前汇出。请先检查您的银行账户信息。", "報酬は毎月十五日までに送金されます。",
    "การจ่ายเงินจะถูกส่งภายในวันที่สิบห้าของทุกเดือน",
  ])
  func `text without spaces is not lost`(_ body: String) {
    let passages = Passages.of(body)
    #expect(passages.joined().filter { !$0.isWhitespace } == body.filter { !$0.isWhitespace })
  }

  @Test func `text without spaces is cut as often as text with them`() {
    let body = String(repeating: "提款会在每月十五日之前汇出，请先检查您的银行账户信息。", count: 20)
    let passages = Passages.of(body)
    #expect(passages.count >= 5)
    #expect(passages.joined().filter { !$0.isWhitespace } == body)
  }

  @Test func `hostile text ends`() {
    for body in [
      String(repeating: "a", count: 200_000), String(repeating: ".", count: 200_000),
      String(repeating: "\u{301}", count: 10_000), String(repeating: "a b\n", count: 50_000), "\u{0}\n\u{202E}x y",
    ] {
      #expect(Passages.of(body).count <= 24)
    }
  }
}
