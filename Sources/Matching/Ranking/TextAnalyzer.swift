import Support
import Text

/// A text taken apart for ranking.
struct AnalyzedText: Sendable {
  /// In order, unstemmed.
  let words: [String]
  /// Stems and pairs of stems, by rising key.
  let wordFeatures: [Feature]
  /// Keys of stems alone, in order.
  let stemKeys: [FeatureKey]
  /// Character n-grams, by rising key.
  let characterFeatures: [Feature]
  /// Primary BCP 47 subtag; nil where it is not known.
  let language: String?
  /// For sentence encoders: as it was written, but for handles and numbers, and for what spelling put right.
  let plainText: String
  /// What spelling put right: the word as it was written and as it was read.
  let corrections: [Correction]

  struct Correction: Sendable, Hashable {
    var written: String
    var read: String
  }

  /// What occurs in a text, and how often. Kept in order, so that sums of floating-point numbers come out the same in
  /// every run.
  struct Feature: Sendable {
    var key: FeatureKey
    var frequency: Float
  }
}

/// The hash of a feature. Stable from run to run, so that the same workspace ranks the same everywhere.
typealias FeatureKey = UInt64

/// Takes texts apart: stems and pairs of stems for meaning, character n-grams for what typing does to words.
struct TextAnalyzer: Sendable {
  private static let pairWeight: Float = 0.6

  let defaultLanguage: String
  private let stemmers: [String: Stemmer]

  init(defaultLanguage: String, languages: Set<String>) {
    self.defaultLanguage = defaultLanguage.primaryLanguage
    let all = languages.map(\.primaryLanguage) + [defaultLanguage.primaryLanguage]
    stemmers = Dictionary(all.map { ($0, Stemmer(language: $0)) }) { first, _ in first }
  }

  func analyze(_ text: String, language: String?) -> AnalyzedText { analyze(ReadText(text), language: language) }

  /// - Parameter spelling: puts right what askers mistype; nil for what authors wrote.
  func analyze(_ text: ReadText, language: String?, spelling: SpellingCorrector? = nil) -> AnalyzedText {
    let words = text.words
    let stemmer = stemmers[(language ?? defaultLanguage).primaryLanguage] ?? stemmers[defaultLanguage]
    var corrections: [AnalyzedText.Correction] = []
    let masked = words.map { word in
      let masked = Self.mask(word)
      guard let read = spelling?.corrected(masked), read != masked else { return masked }
      corrections.append(AnalyzedText.Correction(written: word, read: read))
      return read
    }
    var wordFeatures: [FeatureKey: Float] = [:]
    var stemKeys: [FeatureKey] = []
    for word in masked {
      let stem = FeatureHash.key(of: stemmer?.stem(word) ?? word, block: .word)
      stemKeys.append(stem)
      wordFeatures[stem, default: 0] += 1
    }
    for (one, next) in zip(stemKeys, stemKeys.dropFirst()) {
      wordFeatures[FeatureHash.pair(one, next), default: 0] += Self.pairWeight
    }
    return AnalyzedText(
      words: words, wordFeatures: Self.ordered(wordFeatures), stemKeys: stemKeys,
      characterFeatures: Self.ordered(Self.characterFeatures(of: masked)), language: language?.primaryLanguage,
      plainText: Self.plainText(text.text, words: words, masked: masked, corrections: corrections),
      corrections: corrections)
  }

  /// Encoders were made for sentences as people write them: only what has to be is changed.
  private static func plainText(
    _ text: String, words: [String], masked: [String], corrections: [AnalyzedText.Correction]
  ) -> String {
    let hasNames = zip(words, masked).contains { word, masked in
      masked == "@handle" || masked == "0" && word.count > 3
    }
    guard hasNames || !corrections.isEmpty else { return ReadText.cut(text) }
    let read = zip(words, masked).map { word, masked in
      switch masked {
      case "@handle": "creator"
      case "0": word.count > 3 ? "100" : word
      default: corrections.contains { $0.written == word } ? masked : word
      }
    }
    return read.joined(separator: " ") + (text.contains("?") ? "?" : "")
  }

  /// The words of a text as they are compared: for the spelling of the workspace.
  func comparedWords(of text: String) -> [String] {
    Tokenizer.words(in: TextNormalizer.normalize(text)).map(Self.mask)
  }

  /// Whose handle, which number and how much do not tell one question from another.
  private static func mask(_ word: String) -> String {
    guard let first = word.unicodeScalars.first else { return word }
    if first == "@" { return "@handle" }
    if first.properties.numericType != nil { return "0" }
    return TextNormalizer.folded(word)
  }

  private static func ordered(_ counts: [FeatureKey: Float]) -> [AnalyzedText.Feature] {
    counts.map { AnalyzedText.Feature(key: $0.key, frequency: $0.value) }.sorted { $0.key < $1.key }
  }

  private static func characterFeatures(of words: [String]) -> [FeatureKey: Float] {
    var features: [FeatureKey: Float] = [:]
    for word in words {
      let scalars = [0x20] + word.unicodeScalars.map(\.value) + [0x20]
      for length in 3...5 where scalars.count >= length {
        for start in 0...(scalars.count - length) {
          features[FeatureHash.key(of: scalars[start..<(start + length)]), default: 0] += 1
        }
      }
    }
    return features
  }
}

/// FNV-1a, with the kind of feature mixed in.
enum FeatureHash {
  enum Block: UInt64 {
    case word = 1
    case characters = 2
    case pair = 3
  }

  private static let offset: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01b3

  static func key(of text: String, block: Block) -> FeatureKey {
    text.utf8.reduce(offset ^ block.rawValue) { ($0 ^ UInt64($1)) &* prime }
  }

  static func key(of scalars: ArraySlice<UInt32>) -> FeatureKey {
    scalars.reduce(offset ^ Block.characters.rawValue) { ($0 ^ UInt64($1)) &* prime }
  }

  static func pair(_ one: FeatureKey, _ next: FeatureKey) -> FeatureKey {
    ((offset ^ Block.pair.rawValue ^ one) &* prime ^ next) &* prime
  }
}
