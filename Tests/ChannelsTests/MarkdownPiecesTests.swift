import Testing

@testable import Channels

@Suite struct MarkdownPiecesTests {
  @Test func `what fits is left as it is`() {
    #expect(MarkdownPieces.split("a\n\nb") { $0.count <= 4 } == ["a\n\nb"])
    #expect(MarkdownPieces.split("") { _ in true } == [""])
  }

  @Test func `pieces end between paragraphs where they can, else between lines, else between words`() {
    #expect(MarkdownPieces.split("aaa bbb\nccc\n\nddd\neee") { $0.count <= 14 } == ["aaa bbb\nccc", "ddd\neee"])
    #expect(MarkdownPieces.split("aaa bbb\nccc ddd") { $0.count <= 8 } == ["aaa bbb", "ccc ddd"])
    #expect(MarkdownPieces.split("aaa bbb ccc") { $0.count <= 8 } == ["aaa bbb", "ccc"])
    #expect(MarkdownPieces.split("aaaaaaaaaa") { $0.count <= 4 } == ["aaaa", "aaaa", "aa"])
  }

  @Test func `a code block that is cut is a code block in each piece`() {
    let code = "```swift\n" + (0..<6).map { "line \($0)" }.joined(separator: "\n") + "\n```\nafter"
    let pieces = MarkdownPieces.split(code) { $0.count <= 36 }
    #expect(pieces.count > 1)
    for piece in pieces {
      let fences = piece.split(separator: "\n").count { $0.hasPrefix("```") }
      #expect(fences % 2 == 0, "\(piece)")
    }
    #expect(pieces.allSatisfy { $0.count <= 36 })
  }

  @Test func `whatever is cut, every word is there once, in order, and all pieces fit`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<400 {
      let words = (0..<Int.random(in: 1...80, using: &random)).map { "w\($0)" }
      let text = words.map { $0 + [" ", " ", "\n", "\n\n", "  "][Int.random(in: 0..<5, using: &random)] }.joined()
      let limit = Int.random(in: 5...60, using: &random)
      let pieces = MarkdownPieces.split(text) { $0.count <= limit }
      #expect(pieces.flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) } == words)
      #expect(pieces.allSatisfy { $0.count <= limit })
    }
  }
}
