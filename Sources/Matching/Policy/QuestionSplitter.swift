import Text

/// Takes a message apart into the pieces that may be questions of their own.
struct QuestionSplitter: Sendable {
  static let mostPieces = 12

  /// Of the message.
  let languages: [Comprehension]

  /// Sentences, and clauses that start a new question after "and", "also", a comma. In order, at least one.
  func pieces(of text: String) -> [String] {
    let pieces = Sentences.split(text).flatMap { clauses(of: String($0)) }.filter { piece in
      piece.contains { $0.isLetter || $0.isNumber }
    }
    return pieces.isEmpty ? [text] : Array(pieces.prefix(Self.mostPieces))
  }

  /// Whether a piece asks something, rather than telling the story around a question.
  func isQuestion(_ piece: String, words: [String]) -> Bool {
    if piece.contains(where: { "?؟？".contains($0) }) { return true }
    let normalized = TextNormalizer.normalize(piece)
    return languages.contains { language in
      let asked = Array(words.drop { language.leaders.contains($0) })
      let opens = language.openers.length(atStartOf: asked) > 0
      if opens, let first = asked.first, !language.storyOpeners.contains(first) { return true }
      return language.questionWords.occurs(in: normalized, words: words)
    }
  }

  private func clauses(of sentence: String) -> [String] {
    if Tokenizer.hasUnspacedScript(sentence) { return unspacedClauses(of: sentence) }
    let words = sentence.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count > 3 else { return [sentence] }
    let plain = words.map { Self.plain($0) { $0.isLetter || "'-".contains($0) } }
    var clauses: [[Substring]] = [[]]
    for place in words.indices {
      let fewest = fewestWords(ofQuestionAt: place, words, plain)
      // "what and how" is no two questions.
      if let fewest, words.count > 2 * fewest - 1, clauses.last?.count ?? 0 >= fewest, words.count - place >= fewest {
        clauses.append([])
      }
      clauses[clauses.count - 1].append(words[place])
    }
    return clauses.map { withoutConjunctions($0).joined(separator: " ") }
  }

  /// How many words at least a question has that may begin here; nil when none begins.
  private func fewestWords(ofQuestionAt place: Int, _ words: [Substring], _ plain: [String]) -> Int? {
    let rest = plain[place...]
    let isAfterComma = place > 0 && ",;،؛".contains { words[place - 1].hasSuffix(String($0)) }
    for language in languages {
      let joined = language.conjunctions.length(atStartOf: rest)
      if joined > 0 {
        let next = rest.dropFirst(joined)
        if language.openers.length(atStartOf: next) > 0 || language.conjunctions.length(atStartOf: next) > 0 {
          return 3
        }
      }
      guard language.openers.length(atStartOf: rest) > 0 else { continue }
      // Arabic writes "and" onto the word after it, and its questions are short.
      if let first = plain[place].first, first == "\u{648}", plain[place].count > 2 { return 2 }
      if isAfterComma { return 3 }
    }
    return nil
  }

  private func withoutConjunctions(_ clause: [Substring]) -> ArraySlice<Substring> {
    var clause = clause[...]
    while clause.count > 2 {
      let plain = clause.map { Self.plain($0, keeping: \.isLetter) }
      let length = languages.map { $0.conjunctions.length(atStartOf: plain) }.max() ?? 0
      guard length > 0, clause.count - length >= 2 else { break }
      clause = clause.dropFirst(length)
    }
    return clause
  }

  /// The word as phrases are compared with it.
  private static func plain(_ word: Substring, keeping isKept: (Character) -> Bool) -> String {
    let normalized = TextNormalizer.normalize(String(word))
    // Most words are small letters and nothing else.
    guard !normalized.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
      return normalized
    }
    return normalized.filter(isKept)
  }

  /// Where no spaces are written between words, a blank or a comma and a conjunction after it part two clauses.
  private func unspacedClauses(of sentence: String) -> [String] {
    let chunks = sentence.split { $0.isWhitespace || "、，,".contains($0) }
    guard chunks.count > 1 else { return [sentence] }
    var clauses: [String] = []
    var open = ""
    for chunk in chunks {
      let conjunction = languages.lazy.compactMap { language in
        language.conjunctions.unspacedPrefix(of: TextNormalizer.normalize(String(chunk)))
      }.first
      let asksAlready = isQuestion(open, words: Tokenizer.words(in: TextNormalizer.normalize(open)))
      if let conjunction, !open.isEmpty, asksAlready {
        clauses.append(open)
        // What is written small or wide differs in length: then it stays, and does no harm.
        open = chunk.hasPrefix(conjunction) ? String(chunk.dropFirst(conjunction.count)) : String(chunk)
      } else {
        open += open.isEmpty ? String(chunk) : " \(chunk)"
      }
    }
    if !open.isEmpty { clauses.append(open) }
    return clauses
  }
}
