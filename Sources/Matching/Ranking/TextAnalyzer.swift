import Support
import Text

/// A text taken apart for ranking.
struct AnalyzedText: Sendable {
  /// In order, unstemmed.
  let words: [String]
  /// The same as they are compared: masked, folded, and with what spelling put right.
  let compared: [String]
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
    let stemmer = stemmer(for: language)
    var corrections: [AnalyzedText.Correction] = []
    let masked = words.map { word in
      let masked = Self.mask(word)
      guard let read = spelling?.corrected(masked, language: language?.primaryLanguage), read != masked else {
        return masked
      }
      corrections.append(AnalyzedText.Correction(written: word, read: read))
      return read
    }
    let stemKeys = masked.map { FeatureHash.key(of: stemmer?.stem($0) ?? $0, block: .word) }
    return AnalyzedText(
      words: words, compared: masked, wordFeatures: Self.wordFeatures(of: stemKeys), stemKeys: stemKeys,
      characterFeatures: Self.characterFeatures(of: masked), language: language?.primaryLanguage,
      plainText: Self.plainText(text.text, words: words, masked: masked, corrections: corrections),
      corrections: corrections)
  }

  /// Of a long text, only its words as they are compared and the keys of their stems: no n-grams.
  func stems(of text: String, language: String?) -> (compared: [String], keys: [FeatureKey]) {
    let stemmer = stemmer(for: language)
    let compared = Tokenizer.words(in: TextNormalizer.normalize(text)).map(Self.mask)
    return (compared, compared.map { FeatureHash.key(of: stemmer?.stem($0) ?? $0, block: .word) })
  }

  private func stemmer(for language: String?) -> Stemmer? {
    stemmers[language?.primaryLanguage ?? defaultLanguage] ?? stemmers[defaultLanguage]
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

  /// Whose handle, which number and how much do not tell one question from another.
  private static func mask(_ word: String) -> String {
    guard let first = word.unicodeScalars.first else { return word }
    if first == "@" { return "@handle" }
    if first.properties.numericType != nil { return "0" }
    return TextNormalizer.folded(word)
  }

  /// By rising key; what a key comes with is added up.
  private static func wordFeatures(of stems: [FeatureKey]) -> [AnalyzedText.Feature] {
    var features = stems.map { AnalyzedText.Feature(key: $0, frequency: 1) }
    for (one, next) in zip(stems, stems.dropFirst()) {
      features.append(AnalyzedText.Feature(key: FeatureHash.pair(one, next), frequency: pairWeight))
    }
    features.sort { ($0.key, $0.frequency) < ($1.key, $1.frequency) }
    return features.reduce(into: []) { merged, feature in
      if let last = merged.indices.last, merged[last].key == feature.key {
        merged[last].frequency += feature.frequency
      } else {
        merged.append(feature)
      }
    }
  }

  /// By rising key.
  private static func characterFeatures(of words: [String]) -> [AnalyzedText.Feature] {
    var keys: [FeatureKey] = []
    keys.reserveCapacity(words.count * 16)
    var scalars: [UInt32] = []
    for word in words {
      scalars.removeAll(keepingCapacity: true)
      scalars.append(0x20)
      for scalar in word.unicodeScalars { scalars.append(scalar.value) }
      scalars.append(0x20)
      let lengths = Tokenizer.gramLengths(of: word)
      for start in scalars.indices {
        FeatureHash.forEachKey(of: scalars[start...].prefix(lengths.upperBound), from: lengths.lowerBound) {
          keys.append($0)
        }
      }
    }
    keys.sort()
    var features: [AnalyzedText.Feature] = []
    features.reserveCapacity(keys.count)
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end] == keys[start] { end += 1 }
      features.append(AnalyzedText.Feature(key: keys[start], frequency: Float(end - start)))
      start = end
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
  /// The kind alone is not enough: the n-gram "das" would be the word "gas", their first letters being as far apart as
  /// the kinds are.
  private static let charactersApart: UInt64 = 0x5A5A << 32

  static func key(of text: String, block: Block) -> FeatureKey {
    text.utf8.reduce(offset ^ block.rawValue) { ($0 ^ UInt64($1)) &* prime }
  }

  /// Calls `body` with the keys of all beginnings of `scalars` that have at least `shortest` of them, the shortest first.
  @inline(__always) static func forEachKey(
    of scalars: ArraySlice<UInt32>, from shortest: Int, _ body: (FeatureKey) -> Void
  ) {
    var key = offset ^ Block.characters.rawValue
    var length = 0
    for scalar in scalars {
      key = (key ^ UInt64(scalar)) &* prime
      length += 1
      if length >= shortest { body(key ^ charactersApart) }
    }
  }

  static func pair(_ one: FeatureKey, _ next: FeatureKey) -> FeatureKey {
    ((offset ^ Block.pair.rawValue ^ one) &* prime ^ next) &* prime
  }
}
