import Support
import Text

/// Puts words that nobody knows right, where a known one is a slip of the finger away.
///
/// A noisy channel (Kernighan, Church and Gale 1990): the word is taken that is likeliest to have been meant and to have
/// come out so. What may have been meant are the words of the workspace and, where an encoder brings them, the common words
/// of its language; those also tell a word that the workspace lacks from one that does not exist.
struct SpellingCorrector: Sendable {
  /// Words of one language, the commonest first.
  struct CommonWords: Sendable {
    var language: String
    var words: [String]

    init(language: String, words: [String]) {
      self.language = language
      self.words = words
    }

    /// Nil where the encoder knows several languages, or no words.
    init?(_ encoder: any SentenceEncoder) {
      guard encoder.languages.count == 1, let language = encoder.languages.first else { return nil }
      let words = encoder.commonWords
      guard !words.isEmpty else { return nil }
      self.init(language: language, words: words)
    }
  }

  /// What is known of a word.
  private struct Known: Sendable {
    var isOfWorkspace = false
    /// Of those that people write here.
    var share: Float = 0
    /// Of those that people write in the language of the common words.
    var commonShare: Float = 0
  }

  /// With common words, names of three letters can be told from slips.
  private static let shortestWord = 4
  private static let shortestCommonWord = 3
  /// From this length on two slips are forgiven, where one explains nothing.
  private static let longWord = 8
  private static let longestWord = 40
  /// What of all words written here comes from the workspace.
  private static let workspaceShare: Float = 0.5
  /// Zipf's law: the word of rank r has about this share divided by r; the very first ones are about alike.
  private static let zipf: Float = 0.1
  private static let flatRanks = 50
  /// How much likelier a word that exists is meant as it stands.
  private static let trust: Float = 3

  /// By hash: candidates are made by the hundred, and looked up without making strings of them.
  private let known: [UInt64: Known]
  private let commonLanguage: String?
  /// Words of the workspace by length, the commonest first.
  private let longWords: [Int: [[Unicode.Scalar]]]
  private let slips: TypingSlips

  /// - Parameter counts: the words of the workspace with how often they occur.
  init(_ counts: [String: Int], common: CommonWords? = nil) {
    var known: [UInt64: Known] = [:]
    known.reserveCapacity(counts.count + (common?.words.count ?? 0))
    let total = Float(max(1, counts.values.reduce(0, +)))
    var long: [Int: [(word: String, scalars: [Unicode.Scalar], count: Int)]] = [:]
    var letters: Set<Unicode.Scalar> = []
    for (word, count) in counts {
      let scalars = Array(word.unicodeScalars)
      known[Self.hash(scalars)] = Known(isOfWorkspace: true, share: Self.workspaceShare * Float(count) / total)
      guard word.allSatisfy(\.isLetter) else { continue }
      letters.formUnion(scalars)
      if scalars.count >= Self.longWord - 2 { long[scalars.count, default: []].append((word, scalars, count)) }
    }
    for (rank, word) in (common?.words ?? []).enumerated() {
      let share = (1 - Self.workspaceShare) * Self.zipf / Float(rank + Self.flatRanks)
      known[Self.hash(Array(word.unicodeScalars)), default: Known()].commonShare += share
    }
    if common != nil { letters.formUnion("abcdefghijklmnopqrstuvwxyz".unicodeScalars) }
    self.known = known
    commonLanguage = common?.language
    longWords = long.mapValues { $0.sorted { ($1.count, $0.word) < ($0.count, $1.word) }.map(\.scalars) }
    slips = TypingSlips(letters: letters)
  }

  /// The word itself where it is known or nothing is near; else what was likeliest meant.
  /// - Parameter language: of the text, as far as it is known.
  func corrected(_ word: String, language: String? = nil) -> String {
    let scalars = Array(word.unicodeScalars)
    // Common words of another language say nothing about this one.
    let isCommon = commonLanguage != nil && (language ?? commonLanguage) == commonLanguage
    let shortest = isCommon ? Self.shortestCommonWord : Self.shortestWord
    guard scalars.count >= shortest, scalars.count <= Self.longestWord, word.allSatisfy(\.isLetter) else { return word }
    let own = known[Self.hash(scalars)] ?? Known()
    if own.isOfWorkspace { return word }
    var best: (likelihood: Float, scalars: [Unicode.Scalar])?
    slips.forEachIntended(scalars) { intended, likelihood in
      guard intended.count >= shortest || isCommon else { return }
      guard isCommon || intended[0] == scalars[0] else { return }
      guard let entry = known[Self.hash(intended)] else { return }
      let product = likelihood * (entry.share + (isCommon ? entry.commonShare : 0))
      guard product > 0 else { return }
      if let best, (product, Self.order(best.scalars)) <= (best.likelihood, Self.order(intended)) { return }
      best = (product, intended)
    }
    if isCommon, own.commonShare * Self.trust > best?.likelihood ?? 0 { return word }
    if let best { return Self.text(best.scalars) }
    return nearLong(scalars).map(Self.text) ?? word
  }

  /// A long word of the workspace at two slips.
  private func nearLong(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar]? {
    guard scalars.count >= Self.longWord else { return nil }
    for length in [0, 1, -1, 2, -2].map({ scalars.count + $0 }) {
      for candidate in longWords[length] ?? [] where candidate[0] == scalars[0] {
        if EditDistance.isWithin(2, scalars, candidate) { return candidate }
      }
    }
    return nil
  }

  /// FNV-1a over scalars.
  private static func hash(_ scalars: [Unicode.Scalar]) -> UInt64 {
    scalars.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1.value)) &* 0x100_0000_01b3 }
  }

  private static func text(_ scalars: [Unicode.Scalar]) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }

  /// Among equals the same one in every run.
  private static func order(_ scalars: [Unicode.Scalar]) -> UInt64 { hash(scalars) }
}
