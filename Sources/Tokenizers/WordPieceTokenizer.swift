/// Cuts text into the pieces of an uncased BERT model: words, each into the longest pieces of the vocabulary from left to
/// right. Same pieces as Hugging Face's `BertTokenizerFast`.
package struct WordPieceTokenizer: Sendable {
  /// The pieces that stand for something other than text.
  package struct SpecialPieces: Sendable, Hashable {
    package var unknown: Int32
    package var start: Int32
    package var end: Int32
    /// Written in a text, these are taken for the piece itself, as the original does: `[SEP]`.
    package var literal: [String: Int32]

    package init(unknown: Int32, start: Int32, end: Int32, literal: [String: Int32] = [:]) {
      self.unknown = unknown
      self.start = start
      self.end = end
      self.literal = literal
    }
  }

  private let vocabulary: PrefixTrie
  private let special: SpecialPieces
  /// Where pieces inside a word begin.
  private let inside: PrefixTrie.Node?

  /// A longer word is one unknown piece.
  private static let longestWord = 100

  /// - Parameter vocabulary: the pieces with their numbers; those inside a word begin with `##`.
  package init(vocabulary: PrefixTrie, special: SpecialPieces) {
    self.vocabulary = vocabulary
    self.special = special
    let hash = UInt8(ascii: "#")
    inside = vocabulary.child(of: vocabulary.root, hash).flatMap { vocabulary.child(of: $0, hash) }
  }

  /// The pieces that are whole words of letters, by their numbers: makers of vocabularies put the commonest first.
  package func words() -> [String] {
    vocabulary.strings().filter { $0.bytes.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } }
      .sorted { $0.value < $1.value }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// The pieces of a text, with the one that starts and the one that ends it.
  /// - Parameter limit: at most so many pieces with those two; what comes after is left out.
  package func pieces(of text: String, limit: Int) -> [Int32] {
    var pieces = [special.start]
    let room = max(limit - 1, 1)
    if !special.literal.isEmpty, text.utf8.contains(UInt8(ascii: "[")) {
      for part in parts(of: text) {
        switch part {
        case .text(let text): append(text, to: &pieces, room: room)
        case .piece(let piece): pieces.append(piece)
        }
        if pieces.count >= room { break }
      }
    } else {
      append(text[...], to: &pieces, room: room)
    }
    if pieces.count > room { pieces.removeLast(pieces.count - room) }
    pieces.append(special.end)
    return pieces
  }

  private func append(_ text: Substring, to pieces: inout [Int32], room: Int) {
    // A word has at least one piece: nothing past so many words can be read. A cut text keeps normalisation short, and no
    // character is more than some bytes away from being a word.
    for word in BertNormalizer.words(of: text) {
      append(word, to: &pieces)
      if pieces.count >= room { return }
    }
  }

  private func append(_ word: (bytes: [UInt8], characters: Int), to pieces: inout [Int32]) {
    guard word.characters <= Self.longestWord else { return pieces.append(special.unknown) }
    let before = pieces.count
    var start = 0
    while start < word.bytes.count {
      var node = start == 0 ? vocabulary.root : inside
      var longest: (piece: Int32, end: Int)?
      var at = start
      while let here = node, at < word.bytes.count {
        node = vocabulary.child(of: here, word.bytes[at])
        at += 1
        if let node, let piece = vocabulary.value(at: node) { longest = (piece, at) }
      }
      guard let longest else {
        // One part that is not in the vocabulary makes the whole word unknown.
        pieces.removeLast(pieces.count - before)
        pieces.append(special.unknown)
        return
      }
      pieces.append(longest.piece)
      start = longest.end
    }
  }

  private enum Part {
    case text(Substring)
    case piece(Int32)
  }

  /// The text between the special pieces that are written out in it.
  private func parts(of text: String) -> [Part] {
    var parts: [Part] = []
    var rest = text[...]
    var from = rest.startIndex
    while let open = rest[from...].unicodeScalars.firstIndex(of: "[") {
      if let (name, piece) = special.literal.first(where: { rest.utf8[open...].starts(with: $0.key.utf8) }) {
        if open > rest.startIndex { parts.append(.text(rest[..<open])) }
        parts.append(.piece(piece))
        rest = rest[rest.utf8.index(open, offsetBy: name.utf8.count)...]
        from = rest.startIndex
      } else {
        from = rest.unicodeScalars.index(after: open)
      }
    }
    if !rest.isEmpty { parts.append(.text(rest)) }
    return parts
  }
}
