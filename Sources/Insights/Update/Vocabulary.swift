import Foundation
import Text

/// The words of a set of texts, brought to their stems, each with how much it tells: a word that stands everywhere tells
/// little, whatever its language, so no list of stop words is needed.
struct Vocabulary {
  private var places: [String: Int] = [:]
  /// In how many texts each word stands.
  private var texts: [Int] = []
  private var textCount = 0
  private var weights: [Int] = []
  private var stemmers: [String: Stemmer] = [:]

  /// More of a text than this says nothing new about what it asks, and costs time.
  static let longestText = 1000

  /// A text in the form in which it is compared with others.
  static func normalized(_ text: String) -> String {
    TextNormalizer.normalize(String(String.UnicodeScalarView(text.unicodeScalars.prefix(longestText))))
  }

  /// The places of a text's words, rising, each once. Words not met before get a place.
  mutating func words(of normalized: String, language: String) -> [Int] {
    let stemmer = stemmer(for: language)
    var found: Set<Int> = []
    for word in Tokenizer.words(in: normalized) {
      let stem = stemmer.stem(word)
      if let place = places[stem] {
        found.insert(place)
      } else {
        places[stem] = texts.count
        found.insert(texts.count)
        texts.append(0)
      }
    }
    return found.sorted()
  }

  /// Counts a text towards how common its words are.
  mutating func learn(_ words: [Int]) {
    textCount += 1
    for word in words { texts[word] += 1 }
  }

  /// To be called once all texts are learned.
  mutating func weigh() {
    weights = texts.map { count in
      // Inverse document frequency (Spärck Jones, 1972), smoothed, in thousandths.
      Int((1000 * log(Double(textCount + 1) / Double(count + 1))).rounded()) + 100
    }
  }

  /// At least 100.
  func weight(_ word: Int) -> Int { weights[word] }
  func weight(_ words: [Int]) -> Int { words.reduce(0) { $0 + weights[$1] } }

  private mutating func stemmer(for language: String) -> Stemmer {
    let primary = String(language.prefix { $0 != "-" && $0 != "_" }.prefix(8))
    if let stemmer = stemmers[primary] { return stemmer }
    let made = Stemmer(language: primary)
    stemmers[primary] = made
    return made
  }
}
