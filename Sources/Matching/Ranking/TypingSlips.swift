/// How words come out when a finger slips once: two letters swapped, one left out, one too many, one beside the right key.
struct TypingSlips: Sendable {
  // How likely against one another; rounded from what is reported of typed text.
  private static let swap: Float = 1
  private static let left: Float = 0.5
  private static let doubled: Float = 0.6
  private static let added: Float = 0.05
  private static let neighbour: Float = 0.5
  private static let other: Float = 0.03
  /// The first letter is looked at most.
  private static let firstLetter: Float = 0.4

  /// On the keyboards of most Latin scripts.
  private static let neighbours: [Unicode.Scalar: String] = [
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol",
    "a": "qsz", "s": "awdx", "d": "sefc", "f": "drgv", "g": "fthb", "h": "gyjn", "j": "hukm", "k": "jil", "l": "kop",
    "z": "asx", "x": "zsc", "c": "xdv", "v": "cfb", "b": "vgn", "n": "bhm", "m": "njk",
  ]

  /// The letters that words may have, by stretches of the code: a slip stays in its script.
  private let letters: [UInt32: [Unicode.Scalar]]
  private let near: [Unicode.Scalar: Set<Unicode.Scalar>]

  init(letters: Set<Unicode.Scalar>) {
    self.letters = Dictionary(grouping: letters.sorted()) { Self.script($0) }
    near = Self.neighbours.mapValues { Set($0.unicodeScalars) }
  }

  private static func script(_ letter: Unicode.Scalar) -> UInt32 {
    // Latin letters stand in several blocks, the others in one of about this size.
    letter.value < 0x250 ? 0 : letter.value >> 8
  }

  /// Calls `body` with each word that may have come out as `written`, and how likely it does; a word may come twice.
  func forEachIntended(_ written: [Unicode.Scalar], _ body: ([Unicode.Scalar], Float) -> Void) {
    guard let first = written.first else { return }
    let alphabet = letters[Self.script(first)] ?? []
    func give(_ word: [Unicode.Scalar], _ likelihood: Float) {
      guard let start = word.first, word != written else { return }
      body(word, start == first ? likelihood : likelihood * Self.firstLetter)
    }
    for place in written.indices {
      let letter = written[place]
      var word = written
      if place + 1 < written.count, written[place + 1] != letter {
        word.swapAt(place, place + 1)
        give(word, Self.swap)
        word.swapAt(place, place + 1)
      }
      let isDoubled =
        place > 0 && written[place - 1] == letter || place + 1 < written.count && written[place + 1] == letter
      for other in alphabet where other != letter {
        word[place] = other
        give(word, near[letter]?.contains(other) ?? false ? Self.neighbour : Self.other)
      }
      word.remove(at: place)
      give(word, isDoubled ? Self.doubled : Self.added)
    }
    for place in 0...written.count {
      var word = written
      word.insert(first, at: place)
      for letter in alphabet {
        word[place] = letter
        give(word, Self.left)
      }
    }
  }
}
