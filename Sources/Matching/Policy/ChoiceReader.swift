import Text

/// What someone says when asked which of several was meant.
enum ChoiceAnswer: Sendable, Hashable {
  /// From 0.
  case chosen(Int)
  case none
}

/// Understands "2", "the second one", a title or most of it, "yes", "none of these". A rephrasing is for the ranker.
struct ChoiceReader: Sendable {
  /// The likeliest first.
  let languages: [Comprehension]

  /// - Parameters:
  ///   - words: of the normalised message.
  ///   - titles: the choices, in the order in which they were numbered.
  /// - Returns: nil when the message is none of these things.
  func read(_ words: [String], titles: [String]) -> ChoiceAnswer? {
    guard !words.isEmpty else { return nil }
    let words = words.map(TextNormalizer.folded)
    for (place, language) in languages.enumerated() {
      // One letter may be a word of any language: only the asker's own counts.
      if place > 2, words.joined().unicodeScalars.count < 2 { break }
      if let answer = read(words, titles: titles, in: language) { return answer }
    }
    return chosenByTitle(words, titles: titles)
  }

  private func read(_ words: [String], titles: [String], in language: Comprehension) -> ChoiceAnswer? {
    let text = words.joined()
    if titles.count == 1, language.yes.contains(text) { return .chosen(0) }
    if language.no.contains(text) { return ChoiceAnswer.none }
    func chosen(_ number: Int) -> ChoiceAnswer? {
      titles.indices.contains(number - 1) ? .chosen(number - 1) : nil
    }
    if let number = language.ordinals[text] { return chosen(number == 0 ? titles.count : number) }
    let wanted = words.filter { !language.choiceFillers.contains($0) }
    guard !wanted.isEmpty, wanted.count < words.count || wanted.count == 1 else { return nil }
    let rest = wanted.joined()
    if let number = language.ordinals[rest] { return chosen(number == 0 ? titles.count : number) }
    return wanted.count == 1 ? Self.number(rest).flatMap(chosen) : nil
  }

  /// "2", "#2" and "٢".
  private static func number(_ word: String) -> Int? {
    let digits = word.drop { $0 == "#" }
    guard (1...3).contains(digits.count) else { return nil }
    var number = 0
    for digit in digits {
      guard let value = digit.wholeNumberValue, (0...9).contains(value) else { return nil }
      number = number * 10 + value
    }
    return number
  }

  /// A title, or enough of its words to be it and no other.
  private func chosenByTitle(_ words: [String], titles: [String]) -> ChoiceAnswer? {
    let said = Set(words)
    let titleWords = titles.map { Set(Tokenizer.words(in: TextNormalizer.folded($0))) }
    let shares = titleWords.map { title -> Double in
      let union = said.union(title).count
      return union == 0 ? 0 : Double(said.intersection(title).count) / Double(union)
    }
    if let best = onlyBest(shares, atLeast: 0.6) { return .chosen(best) }
    // "the minimum withdrawal", where the title says more.
    let fillers = languages.first?.choiceFillers ?? []
    let telling = said.subtracting(fillers).filter { $0.unicodeScalars.count > 1 }
    guard !telling.isEmpty, telling.contains(where: { $0.unicodeScalars.count > 3 || Tokenizer.hasUnspacedScript($0) })
    else { return nil }
    let covered = titleWords.map { Double(telling.intersection($0).count) / Double(telling.count) }
    return onlyBest(covered, atLeast: 1).map { .chosen($0) }
  }

  /// The place of the highest share, if it is high enough and no other is as high.
  private func onlyBest(_ shares: [Double], atLeast least: Double) -> Int? {
    guard let best = shares.indices.max(by: { shares[$0] < shares[$1] }), shares[best] >= least,
      shares.indices.allSatisfy({ $0 == best || shares[$0] < shares[best] })
    else { return nil }
    return best
  }
}
