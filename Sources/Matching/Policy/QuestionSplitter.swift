import Text

/// Takes a message apart into the pieces that may be questions of their own.
enum QuestionSplitter {
  static let mostPieces = 12

  /// Sentences, and clauses that start a new question after "and", "also", a comma. In order, at least one.
  static func pieces(of text: String) -> [String] {
    let pieces = Sentences.split(text).flatMap { clauses(of: String($0)) }.filter { piece in
      piece.contains { $0.isLetter || $0.isNumber }
    }
    return pieces.isEmpty ? [text] : Array(pieces.prefix(mostPieces))
  }

  /// Whether a piece asks something, rather than telling the story around a question.
  static func isQuestion(_ piece: String, words: [String]) -> Bool {
    if piece.contains(where: { "?؟？".contains($0) }) { return true }
    guard let first = words.first(where: { !leaders.contains($0) }) else { return false }
    return openers.contains(first) && !storyOpeners.contains(first)
  }

  private static func clauses(of sentence: String) -> [String] {
    let words = sentence.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count > 5 else { return [sentence] }
    var clauses: [[Substring]] = [[]]
    for (place, word) in words.enumerated() {
      let plain = TextNormalizer.normalize(String(word)).filter { $0.isLetter || $0 == "'" }
      let next = place + 1 < words.count ? TextNormalizer.normalize(String(words[place + 1])).filter(\.isLetter) : ""
      let afterComma = place > 0 && (words[place - 1].hasSuffix(",") || words[place - 1].hasSuffix(";"))
      let isNew =
        (conjunctions.contains(plain) && (openers.contains(next) || conjunctions.contains(next)))
        || (afterComma && openers.contains(plain))
      // A clause of fewer than three words is no question: "what and how".
      if isNew, (clauses.last?.count ?? 0) >= 3, words.count - place >= 3 { clauses.append([]) }
      clauses[clauses.count - 1].append(word)
    }
    return clauses.map { clause in
      var clause = clause[...]
      while let first = clause.first, clause.count > 2,
        conjunctions.contains(TextNormalizer.normalize(String(first)).filter(\.isLetter))
      {
        clause = clause.dropFirst()
      }
      return clause.joined(separator: " ")
    }
  }

  private static let conjunctions: Set<String> = [
    "and", "also", "plus", "then", "but", "additionally", "y", "e", "dan", "und", "et", "ve", "también", "tambien",
    "também",
    "tambem", "juga", "auch", "aussi",
  ]
  private static let leaders: Set<String> = [
    "hi", "hello", "hey", "please", "pls", "so", "ok", "and", "also", "but", "well", "dear", "team", "sorry", "quick",
    "question", "then", "another",
  ]
  /// These begin a clause, but more often than not a story.
  private static let storyOpeners: Set<String> = [
    "i", "my", "we", "our", "que", "was", "were", "has", "have", "por", "ne",
  ]
  private static let openers: Set<String> = [
    "how", "what", "whats", "what's", "when", "whens", "where", "wheres", "who", "why", "which", "can", "could", "do",
    "does", "did", "is", "are", "am", "will", "would", "should", "may", "has", "have", "was", "were", "i", "my", "we",
    "our",
    "como", "cómo", "cuando", "cuándo", "donde", "dónde", "que", "qué", "quanto", "cuánto", "cuanto", "quando", "onde",
    "qual",
    "por", "puedo", "posso", "bagaimana", "kapan", "berapa", "apa", "apakah", "mengapa", "kenapa", "wie", "wann", "wo",
    "was",
    "warum", "kann", "comment", "quand", "où", "pourquoi", "nasıl", "ne", "nerede",
  ]
}
