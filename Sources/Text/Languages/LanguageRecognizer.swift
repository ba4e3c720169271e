import Foundation

/// What language a text is in, and how sure that is.
package struct RecognizedLanguage: Sendable, Hashable {
  /// ISO 639; nil when the text gives nothing away.
  package var language: String?
  /// 0…1.
  package var confidence: Double

  package static let unknown = RecognizedLanguage(language: nil, confidence: 0)
}

/// The languages that somebody is likely to write in, before a word is read.
package struct ExpectedLanguages: Sendable, Hashable {
  /// Of the workspace.
  package var standard: String
  /// What articles and intents are written in.
  package var written: Set<String>
  /// What the bot has phrases for.
  package var spoken: Set<String>

  /// BCP 47 tags, of which only the language counts.
  package init(standard: String, written: Set<String> = [], spoken: Set<String> = []) {
    self.standard = Self.primary(standard)
    self.written = Set(written.map(Self.primary))
    self.spoken = Set(spoken.map(Self.primary))
  }

  static func primary(_ tag: String) -> String { tag.prefix { $0 != "-" && $0 != "_" }.lowercased() }
}

/// Recognises the language of short, mixed and romanised texts.
///
/// The script comes first. Within it the known words, endings and letters of a language vote, and CLD2 votes with the more
/// weight the longer the text is; what is expected tips the balance. The votes are log-odds, and the confidence is their
/// softmax over the languages. The same text gives the same language everywhere.
package struct LanguageRecognizer: Sendable {
  /// From this confidence on a language may be acted on.
  package static let sureAt = 0.7

  package static let shared = LanguageRecognizer()

  private static let longestText = 2_000
  private static let mostWords = 120
  /// Less evidence than this is none, whatever was expected.
  private static let leastEvidence = 1.2

  /// So far ahead a language cannot be caught up with by CLD2 and what is expected.
  private static let decidedAt = 6.0

  private let lexicon = LanguageLexicon.shared

  package init() {}

  /// - Parameters:
  ///   - expecting: nil where nothing is known and any language is as likely.
  ///   - before: the language of the conversation so far.
  package func recognize(
    _ text: String, expecting: ExpectedLanguages? = nil, before: String? = nil
  ) -> RecognizedLanguage {
    let words = Array(TextWords(String(text.prefix(Self.longestText))).words.prefix(Self.mostWords))
    guard !words.isEmpty, let script = script(of: words) else { return .unknown }
    let prior = Prior(expecting, before: before)
    return script == .latin ? latin(words, prior) : other(script, words, prior)
  }

  /// The script of the larger part. Names of things stand in Latin letters in any text, so others weigh more.
  private func script(of words: [TextWords.Word]) -> WritingScript? {
    var weights = [Double](repeating: 0, count: WritingScript.allCases.count)
    for word in words {
      for scalar in word.text.unicodeScalars {
        guard let script = WritingScript(scalar) else { continue }
        weights[script.rawValue] += script.weight * (script == .latin ? word.weight : 1)
      }
    }
    weights[WritingScript.latin.rawValue] *= 0.6
    // Japanese is written in both.
    if weights[WritingScript.kana.rawValue] > 0 {
      weights[WritingScript.kana.rawValue] += weights[WritingScript.han.rawValue]
      weights[WritingScript.han.rawValue] = 0
    }
    guard let best = weights.indices.max(by: { weights[$0] < weights[$1] }), weights[best] > 0 else { return nil }
    return WritingScript(rawValue: best)
  }

  private func latin(_ words: [TextWords.Word], _ prior: Prior) -> RecognizedLanguage {
    var tally = Tally(lexicon)
    for word in words {
      vote(on: word, &tally)
      if Self.isArabizi(word.text) { tally.add(1.6, to: "ar") }
    }
    askDetector(words.filter { $0.text.utf8.count > 1 }, most: 3, &tally)
    return decide(tally, prior)
  }

  private func other(
    _ script: WritingScript, _ words: [TextWords.Word], _ prior: Prior
  ) -> RecognizedLanguage {
    let languages = script.languages
    guard let first = languages.first else { return .unknown }
    guard languages.count > 1 else { return RecognizedLanguage(language: first, confidence: 0.99) }
    var tally = Tally(lexicon)
    tally.add(2.5, to: first)
    let own = words.filter { $0.text.unicodeScalars.contains { WritingScript($0) == script } }
    for word in own { vote(on: word, &tally) }
    askDetector(own, most: 4, &tally)
    return decide(tally, prior)
  }

  /// CLD2's vote, by the length of what is no name.
  private func askDetector(_ words: [TextWords.Word], most: Double, _ tally: inout Tally) {
    // Where the words are at one, it would change nothing, and it takes longer than all else.
    guard tally.lead < Self.decidedAt else { return }
    let plain = words.filter { $0.weight == 1 }
    let asked = (plain.isEmpty ? words : plain).map(\.text)
    let letters = asked.reduce(0) { $0 + $1.unicodeScalars.count }
    for guess in CompactLanguageDetector.guesses(asked.joined(separator: " ")) {
      tally.add(guess.share * min(most, Double(letters) / 10), to: guess.language)
    }
  }

  private func vote(on word: TextWords.Word, _ tally: inout Tally) {
    func add(_ votes: [LanguageLexicon.Vote]) {
      for vote in votes { tally.add(vote.weight * word.weight, to: vote.language) }
    }
    let known = lexicon.votes(forWord: word.text)
    add(known.isEmpty ? lexicon.votes(forEndingOf: word.text) : known)
    guard word.text.utf8.contains(where: { $0 >= 0x80 }) else { return }
    for scalar in Set(word.text.unicodeScalars).sorted() { add(lexicon.votes(forLetter: scalar)) }
  }

  private func decide(_ tally: Tally, _ prior: Prior) -> RecognizedLanguage {
    let evidence = tally.sums
    guard let strongest = evidence.map(\.sum).max(), strongest >= Self.leastEvidence else { return .unknown }
    let scores = evidence.map { (language: $0.language, score: $0.sum + prior.weight(of: $0.language)) }
    guard let best = scores.max(by: { ($0.score, $1.language) < ($1.score, $0.language) }) else { return .unknown }
    // One language more that nobody thought of keeps a little doubt.
    let doubt = exp(0.5 - best.score)
    let total = scores.reduce(doubt) { $0 + exp($1.score - best.score) }
    return RecognizedLanguage(language: best.language, confidence: 1 / total)
  }

  /// A word of Latin letters with digits for Arabic ones: "3ayez", "a3raf"; not "2nd", "5pm", "100k", "b2b".
  static func isArabizi(_ word: String) -> Bool {
    let scalars = Array(word.unicodeScalars)
    let digits = scalars.filter { ("0"..."9").contains($0) }
    guard (1...2).contains(digits.count), scalars.count - digits.count >= 3,
      digits.allSatisfy({ "2356789".unicodeScalars.contains($0) }),
      scalars.allSatisfy({ $0.isASCII })
    else { return false }
    // Units after a number are short, and so is what stands before a number of its own.
    guard let first = scalars.first, let last = scalars.last else { return false }
    if ("0"..."9").contains(last) { return scalars.count > 5 && !("0"..."9").contains(scalars[scalars.count - 2]) }
    if ("0"..."9").contains(first) {
      return digits.count == 1
        ? ["2", "3", "7", "5", "9"].contains(first) && !Self.units.contains(String(word.dropFirst()))
        : !("0"..."9").contains(scalars[1])
    }
    return true
  }

  private static let units: Set<String> = ["day", "days", "usd", "eur", "min", "mins", "hrs", "kbps", "mbps", "nite"]
}

/// Log-odds, by language.
private struct Tally {
  private let lexicon: LanguageLexicon
  private var known: [Double]
  /// Of languages that only CLD2 knows.
  private var others: [String: Double] = [:]

  init(_ lexicon: LanguageLexicon) {
    self.lexicon = lexicon
    known = [Double](repeating: 0, count: lexicon.languages.count)
  }

  mutating func add(_ weight: Double, to language: Int) { known[language] += weight }

  mutating func add(_ weight: Double, to language: String) {
    if let place = lexicon.place(of: language) {
      known[place] += weight
    } else {
      others[language, default: 0] += weight
    }
  }

  /// How far the first is ahead of the second.
  var lead: Double {
    var first = 0.0
    var second = 0.0
    for sum in known {
      if sum > first { (first, second) = (sum, first) } else if sum > second { second = sum }
    }
    return first - second
  }

  /// Languages with a vote, in a fixed order.
  var sums: [(language: String, sum: Double)] {
    let found = known.indices.filter { known[$0] > 0 }.map { (language: lexicon.languages[$0], sum: known[$0]) }
    return found + others.sorted { $0.key < $1.key }.map { (language: $0.key, sum: $0.value) }
  }
}

/// What was expected before a word was read, in log-odds.
private struct Prior {
  private let expecting: ExpectedLanguages?
  private let before: String?

  init(_ expecting: ExpectedLanguages?, before: String?) {
    self.expecting = expecting
    self.before = before.map(ExpectedLanguages.primary)
  }

  func weight(of language: String) -> Double {
    var weight = language == before ? 1.0 : 0
    guard let expecting else { return weight }
    if language == expecting.standard { weight += 1.2 }
    if expecting.written.contains(language) { weight += 0.8 }
    if expecting.spoken.contains(language) { weight += 0.8 }
    return weight
  }
}
