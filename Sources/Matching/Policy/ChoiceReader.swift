import Text

/// What someone says when asked which of several was meant.
enum ChoiceAnswer: Sendable, Hashable {
  /// From 0.
  case chosen(Int)
  case none
}

/// Understands "2", "the second one", a title, "yes", "none of these". A rephrasing is for the ranker.
enum ChoiceReader {
  /// - Parameters:
  ///   - words: of the normalised message.
  ///   - titles: the choices, in the order in which they were numbered.
  /// - Returns: nil when the message is none of these things.
  static func read(_ words: [String], titles: [String]) -> ChoiceAnswer? {
    guard !words.isEmpty else { return nil }
    let text = words.joined(separator: " ")
    if titles.count == 1, affirmations.contains(text) { return .chosen(0) }
    if refusals.contains(text) { return ChoiceAnswer.none }
    let wanted = words.filter { !fillers.contains($0) }
    if wanted.count == 1, let word = wanted.first, let number = number(word, of: titles.count),
      titles.indices.contains(number - 1)
    {
      return .chosen(number - 1)
    }
    return chosenByTitle(words, titles: titles)
  }

  private static func number(_ word: String, of count: Int) -> Int? {
    if word == "last" { return count }
    let digits = word.drop { $0 == "#" }.prefix(while: \.isNumber)
    if let number = Int(digits),
      ["", "st", "nd", "rd", "th"].contains(String(word.drop { $0 == "#" }.dropFirst(digits.count)))
    {
      return number
    }
    return ordinals[word]
  }

  /// A title, or enough of its words to be it and no other.
  private static func chosenByTitle(_ words: [String], titles: [String]) -> ChoiceAnswer? {
    let said = Set(words)
    let shares = titles.map { title -> Double in
      let titleWords = Set(Tokenizer.words(in: TextNormalizer.normalize(title)))
      let union = said.union(titleWords).count
      return union == 0 ? 0 : Double(said.intersection(titleWords).count) / Double(union)
    }
    guard let best = shares.indices.max(by: { shares[$0] < shares[$1] }), shares[best] >= 0.6,
      shares.indices.allSatisfy({ $0 == best || shares[$0] < shares[best] })
    else { return nil }
    return .chosen(best)
  }

  private static let affirmations: Set<String> = [
    "yes", "y", "yep", "yeah", "yup", "sure", "correct", "right", "exactly", "yes please", "yes that", "that one",
    "this one",
    "that", "yes exactly", "si", "sí", "sim", "ya", "oui", "ja", "evet",
  ]
  private static let refusals: Set<String> = [
    "no", "n", "nope", "none", "neither", "none of these", "none of them", "none of those", "neither of these",
    "neither of them", "nothing", "something else", "not these", "other", "no thanks", "nah", "não", "nao", "tidak",
    "non",
    "nein", "hayır", "ninguno", "nenhum", "0",
  ]
  private static let fillers: Set<String> = [
    "the", "one", "option", "number", "no", "nr", "choice", "please", "i", "mean", "meant", "its", "it", "is", "pls",
    "think",
    "to", "my", "answer",
  ]
  private static let ordinals: [String: Int] = [
    "first": 1, "second": 2, "third": 3, "two": 2, "three": 3, "1st": 1, "2nd": 2, "3rd": 3,
    "primero": 1, "primera": 1, "segundo": 2, "segunda": 2, "tercero": 3, "tercera": 3,
  ]
}
