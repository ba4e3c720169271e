/// Cuts text into the pieces of a SentencePiece unigram model: of all ways to write the text in pieces, the one with the
/// highest sum of scores (Kudo 2018, "Subword Regularization", section 3.2). Same pieces as Google's sentencepiece.
///
/// It works on a trie that lies in the model file. The library itself needs 40 MB and 0.4 s to load this vocabulary.
package struct UnigramTokenizer: Sendable {
  package struct Settings: Sendable {
    package var unknown: Int32
    package var addsDummyPrefix: Bool
    package var removesExtraSpaces: Bool

    package init(unknown: Int32, addsDummyPrefix: Bool = true, removesExtraSpaces: Bool = true) {
      self.unknown = unknown
      self.addsDummyPrefix = addsDummyPrefix
      self.removesExtraSpaces = removesExtraSpaces
    }
  }

  private let vocabulary: PrefixTrie
  private let score: @Sendable (Int32) -> Float
  private let unknownScore: Float
  private let characterMap: CharacterMap
  private let settings: Settings

  /// What stands for a space inside the model: U+2581.
  private static let space: [UInt8] = [0xE2, 0x96, 0x81]
  /// An unknown character costs so much more than the worst piece (`kUnkPenalty`).
  private static let unknownPenalty: Float = 10

  /// - Parameters:
  ///   - score: of the piece with that number; only asked for numbers in the vocabulary.
  ///   - lowestScore: of all pieces of the model.
  ///   - characterMap: the model's compiled normalisation rules.
  package init(
    vocabulary: PrefixTrie, lowestScore: Float, characterMap: [UInt8], settings: Settings,
    score: @escaping @Sendable (Int32) -> Float
  ) throws(TokenizerError) {
    guard let characterMap = CharacterMap(characterMap) else {
      throw TokenizerError("the SentencePiece model's normalisation rules are damaged")
    }
    self.vocabulary = vocabulary
    self.score = score
    self.unknownScore = lowestScore - Self.unknownPenalty
    self.characterMap = characterMap
    self.settings = settings
  }

  /// The pieces of a text, none for a text with nothing in it.
  package func pieces(of text: String) -> [Int32] {
    best(normalized(text))
  }

  // MARK: Normalisation

  /// As SentencePiece's `Normalizer::Normalize`: rules applied from left to right, the longest first; runs of spaces become
  /// one, none at the ends, and each is written as U+2581.
  func normalized(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { text in
      var result: [UInt8] = []
      result.reserveCapacity(text.count * 3 / 2 + 3)
      var at = 0
      if settings.removesExtraSpaces {
        while at < text.count {
          let (length, replacement) = step(text, at)
          guard replacement.elementsEqual([0x20]) else { break }
          at += length
        }
      }
      guard at < text.count else { return [] }
      if settings.addsDummyPrefix { result.append(contentsOf: Self.space) }
      var isAfterSpace = settings.removesExtraSpaces
      while at < text.count {
        let (length, whole) = step(text, at)
        at += length
        var replacement = whole
        if isAfterSpace { replacement = replacement.drop { $0 == 0x20 } }
        guard let last = replacement.last else { continue }
        for byte in replacement {
          if byte == 0x20 { result.append(contentsOf: Self.space) } else { result.append(byte) }
        }
        isAfterSpace = settings.removesExtraSpaces && last == 0x20
      }
      if settings.removesExtraSpaces {
        while result.count >= 3, result.suffix(3).elementsEqual(Self.space) { result.removeLast(3) }
      }
      return result
    }
  }

  private func step(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> (length: Int, replacement: ArraySlice<UInt8>) {
    if let (length, range) = characterMap.match(text, at: at) { return (length, characterMap.bytes(range)) }
    let length = min(Self.length(text[at]), text.count - at)
    return (length, ArraySlice(text[at..<(at + length)]))
  }

  /// Bytes of the UTF-8 character that starts with `byte`.
  private static func length(_ byte: UInt8) -> Int {
    switch byte {
    case ..<0xC0: 1
    case ..<0xE0: 2
    case ..<0xF0: 3
    default: 4
    }
  }

  // MARK: Segmentation

  private struct Best {
    var score: Float
    var piece: Int32
    var start: Int
  }

  /// Viterbi over the places between characters. Of two ways with the same score the one found first wins, so that a
  /// piece that starts earlier goes before one that starts later.
  private func best(_ text: [UInt8]) -> [Int32] {
    guard !text.isEmpty else { return [] }
    return text.withUnsafeBufferPointer { text in
      var best = [Best](repeating: Best(score: 0, piece: settings.unknown, start: -1), count: text.count + 1)
      var at = 0
      while at < text.count {
        let base = best[at].score
        let length = min(Self.length(text[at]), text.count - at)
        var hasSingle = false
        var node = vocabulary.root
        var end = at
        while end < text.count, let next = vocabulary.child(of: node, text[end]) {
          node = next
          end += 1
          guard let piece = vocabulary.value(at: node) else { continue }
          let candidate = base + score(piece)
          if best[end].start < 0 || candidate > best[end].score {
            best[end] = Best(score: candidate, piece: piece, start: at)
          }
          if end - at == length { hasSingle = true }
        }
        if !hasSingle {
          let candidate = base + unknownScore
          if best[at + length].start < 0 || candidate > best[at + length].score {
            best[at + length] = Best(score: candidate, piece: settings.unknown, start: at)
          }
        }
        at += length
      }
      var pieces: [Int32] = []
      var end = text.count
      while end > 0, best[end].start >= 0 {
        pieces.append(best[end].piece)
        end = best[end].start
      }
      pieces.reverse()
      return pieces
    }
  }
}
