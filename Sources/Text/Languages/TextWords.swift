/// The words of a text, and how much each has to say about its language.
struct TextWords: Sendable {
  struct Word: Sendable, Hashable {
    /// Normalised.
    var text: String
    /// 1, or less for a name: a Spanish question about "The House of the Yellow Carpet" is Spanish.
    var weight: Double
  }

  private(set) var words: [Word] = []

  private static let nameWeight = 0.25
  /// Where more of the words than this begin with a capital, capitals mean nothing.
  private static let mostCapitals = 0.8
  /// So many small words may stand within a name: "of the".
  private static let mostWithinName = 2

  init(_ text: String) {
    let pieces = text.split(whereSeparator: \.isWhitespace)
    let names = Self.names(pieces)
    guard names.contains(true) else {
      add(text, weight: 1)
      return
    }
    for (piece, isName) in zip(pieces, names) { add(String(piece), weight: isName ? Self.nameWeight : 1) }
  }

  private mutating func add(_ text: String, weight: Double) {
    for word in Tokenizer.words(in: TextNormalizer.normalize(text)) where Self.isTelling(word) {
      words.append(Word(text: word, weight: weight))
    }
  }

  /// Handles, addresses and numbers belong to no language.
  private static func isTelling(_ word: String) -> Bool {
    var hasLetter = false
    for scalar in word.unicodeScalars {
      switch scalar {
      case "@", "#", "/", ".", ":": return false
      case "a"..."z", "A"..."Z": hasLetter = true
      default: hasLetter = hasLetter || (!scalar.isASCII && scalar.properties.isAlphabetic)
      }
    }
    return hasLetter
  }

  /// Which of the pieces belong to a name: capitals after the first word, and small words between them.
  private static func names(_ pieces: [Substring]) -> [Bool] {
    let capitals = pieces.map { piece in
      piece.first { $0.isLetter || $0.isNumber }.map { $0.isUppercase || $0.isNumber } ?? false
    }
    let count = zip(pieces, capitals).count { piece, isCapital in isCapital && piece.contains(where: \.isLetter) }
    var names = [Bool](repeating: false, count: pieces.count)
    guard pieces.count > 2, Double(count) <= mostCapitals * Double(pieces.count) else { return names }
    var last: Int?
    for index in pieces.indices.dropFirst() where capitals[index] {
      names[index] = true
      if let last, index - last <= mostWithinName + 1 {
        for between in (last + 1)..<index { names[between] = true }
      }
      last = index
    }
    return names
  }
}
