extension StyledText {
  /// Cuts a text that is too long for one message: between paragraphs where it can, else between lines, words, or
  /// characters; never within a character, and within what is bold, code or a link only where that alone is too long. What
  /// is cut there is marked again in the next piece.
  /// - Parameters:
  ///   - longest: in characters: no piece with more can fit. At least 1.
  ///   - fits: whether a piece is short enough; if it is, so is every beginning of it.
  /// - Returns: at least one piece. Their texts, joined, are the whole text, blanks and all.
  func pieces(longest: Int, fits: (StyledText) -> Bool) -> [StyledText] {
    guard !fits(self) else { return [self] }
    var pieces: [StyledText] = []
    let letters = Letters(self)
    var start = 0
    while start < letters.count {
      var low = 1
      var high = min(letters.count - start, max(1, longest))
      if fits(letters.piece(start..<start + high)) { low = high }
      while low < high {
        let middle = (low + high + 1) / 2
        if fits(letters.piece(start..<start + middle)) { low = middle } else { high = middle - 1 }
      }
      let end = start + low
      let cut = end == letters.count ? end : letters.bestCut(in: start..<end)
      pieces.append(letters.piece(start..<cut))
      start = cut
    }
    return pieces
  }
}

/// A styled text by characters.
private struct Letters {
  private let characters: [Character]
  /// For each character, which run it is of.
  private let places: [Int]
  private let runs: [StyledText.Run]

  init(_ text: StyledText) {
    runs = text.runs
    var characters: [Character] = []
    var places: [Int] = []
    for (place, run) in runs.enumerated() {
      for character in run.text {
        characters.append(character)
        places.append(place)
      }
    }
    self.characters = characters
    self.places = places
  }

  var count: Int { characters.count }

  func piece(_ range: Range<Int>) -> StyledText {
    var piece = StyledText()
    var place = range.lowerBound
    while place < range.upperBound {
      var end = place
      while end < range.upperBound, places[end] == places[place] { end += 1 }
      piece.append(String(characters[place..<end]), runs[places[place]].styles)
      place = end
    }
    return piece
  }

  /// The best place to end a piece that may be as long as the range: after a paragraph that leaves it not too short, else
  /// after a line or word in its second half, else after any; the last of the best.
  func bestCut(in range: Range<Int>) -> Int {
    let first = range.lowerBound + 1
    let half = max(first, range.lowerBound + range.count / 2)
    for (lowest, least) in [(max(first, range.lowerBound + range.count / 4), 3), (half, 1), (first, 1)] {
      var best: (cut: Int, rank: Int)?
      for cut in stride(from: range.upperBound, through: lowest, by: -1) {
        guard let rank = rank(cut), rank >= least, rank > best?.rank ?? 0 else { continue }
        best = (cut, rank)
      }
      if let best { return best.cut }
    }
    // No blank: beside what belongs together; else in it, at a blank; else anywhere.
    let cuts = stride(from: range.upperBound, through: half, by: -1)
    return cuts.first { !isWithinMarked($0) } ?? cuts.first { characters[$0 - 1].isWhitespace } ?? range.upperBound
  }

  /// How good it is to cut before the character at that place, 1…3; nil within what belongs together, and within a word.
  private func rank(_ cut: Int) -> Int? {
    let before = characters[cut - 1]
    guard before.isWhitespace, !isWithinMarked(cut) else { return nil }
    guard before.isNewline else { return characters[cut].isWhitespace ? nil : 1 }
    guard !characters[cut].isNewline else { return nil }
    let isParagraph = cut > 1 && characters[cut - 2].isNewline
    return isParagraph && !isWithinBlock(cut) ? 3 : 2
  }

  private func isWithinMarked(_ cut: Int) -> Bool {
    shares(cut) { style in
      switch style {
      case .bold, .italic, .strikethrough, .code, .link: true
      case .codeBlock, .quote: false
      }
    } || isWithinCodeLine(cut)
  }

  /// Lines of code are not cut between words.
  private func isWithinCodeLine(_ cut: Int) -> Bool {
    !characters[cut - 1].isNewline && shares(cut, \.isCodeBlock)
  }

  private func isWithinBlock(_ cut: Int) -> Bool {
    shares(cut) { style in
      switch style {
      case .codeBlock, .quote: true
      default: false
      }
    }
  }

  private func shares(_ cut: Int, _ isMeant: (StyledText.Style) -> Bool) -> Bool {
    let before = runs[places[cut - 1]].styles.filter(isMeant)
    return !before.isEmpty && runs[places[cut]].styles.contains { before.contains($0) }
  }
}
