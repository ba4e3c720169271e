import Testing

@testable import Tokenizers

@Suite struct UnigramTests {
  static let pieces: [(String, Float)] = [
    ("<unk>", 0), ("▁", -2), ("a", -1.5), ("b", -1.7), ("ab", -2.5), ("▁a", -2.2), ("ba", -4), ("aba", -3.9), ("é", -3),
    ("▁ab", -3.1),
  ]

  static func tokenizer() throws -> UnigramTokenizer {
    let strings = pieces.enumerated().dropFirst().map { (Array($0.element.0.utf8), Int32($0.offset)) }
    let trie = try #require(PrefixTrie(PrefixTrieArrays(strings)))
    return try UnigramTokenizer(
      vocabulary: trie, lowestScore: -4, characterMap: [], settings: .init(unknown: 0),
      score: { pieces[Int($0)].1 })
  }

  /// The best score of all ways to cut the text, tried one by one.
  static func bestScore(_ text: [Character]) -> Float {
    guard let first = text.first else { return 0 }
    var best = -Float.infinity
    var isSingleKnown = false
    for (piece, score) in pieces.dropFirst() where text.starts(with: Array(piece)) {
      if piece.count == 1 { isSingleKnown = true }
      best = max(best, score + bestScore(Array(text.dropFirst(piece.count))))
    }
    _ = first
    if !isSingleKnown { best = max(best, -14 + bestScore(Array(text.dropFirst()))) }
    return best
  }

  @Test func `no other way to cut a text scores better`() throws {
    let tokenizer = try Self.tokenizer()
    let alphabet: [Character] = ["a", "b", "é", "z"]
    for number in 0..<(1 << 12) {
      let text = String((0..<6).map { alphabet[number >> ($0 * 2) & 3] })
      let score = tokenizer.pieces(of: text).reduce(Float(0)) { $0 + ($1 == 0 ? -14 : Self.pieces[Int($1)].1) }
      #expect(abs(score - Self.bestScore(["▁"] + Array(text))) < 1e-4)
    }
  }

  @Test(arguments: [
    ("", ""), ("   ", ""), ("a", "▁a"), ("  a  b ", "▁a▁b"), ("a b", "▁a▁b"), ("▁", ""),
  ])
  func `spaces are written as the model knows them`(text: String, normalized: String) throws {
    #expect(String(decoding: try Self.tokenizer().normalized(text), as: UTF8.self) == normalized)
  }

  @Test func `a damaged model is an error, never a crash`() {
    #expect(throws: TokenizerError.self) { try SentencePieceModel([]) }
    #expect(throws: TokenizerError.self) { try SentencePieceModel([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]) }
    #expect(throws: TokenizerError.self) { try SentencePieceModel([0x0B]) }
    var state: UInt64 = 1
    for _ in 0..<2000 {
      let bytes = (0..<40).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      }
      _ = try? SentencePieceModel([0x0A] + bytes)
      _ = CharacterMap(bytes)
    }
  }

  @Test func `rules that lead out of their table are refused or passed over`() {
    #expect(CharacterMap([1, 2, 3]) == nil)
    #expect(CharacterMap([0xFF, 0xFF, 0xFF, 0x7F] + [UInt8](repeating: 0, count: 64)) == nil)
    let wild = [0, 4, 0, 0] + (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 37 | 1) } + Array("x\0".utf8)
    let map = CharacterMap(wild.map { UInt8($0) })
    Array("any text ÿ".utf8).withUnsafeBufferPointer { text in
      for place in text.indices { _ = map?.match(text, at: place) }
    }
  }
}
