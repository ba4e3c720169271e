/// The words, endings and letters by which languages are told apart, with the weight of each.
struct LanguageLexicon: Sendable {
  /// A language by its place in `languages`, and how much a find speaks for it.
  struct Vote: Sendable, Hashable {
    var language: Int
    var weight: Double
  }

  /// ISO 639; a language typed in two scripts stands here once.
  let languages: [String]
  private let places: [String: Int]
  private let words: [String: [Vote]]
  private let endings: [String: [Vote]]
  private let letters: [Unicode.Scalar: [Vote]]

  static let shared = LanguageLexicon(String(decoding: PackageResources.words_txt, as: UTF8.self))

  private static let wordWeight = 2.0
  /// Of a word typed without its diacritics.
  private static let foldedShare = 0.75
  private static let endingWeight = 0.8
  private static let letterWeight = 1.6

  init(_ text: String) {
    var languages: [String] = []
    var words: [String: [Int: Double]] = [:]
    var endings: [String: Set<Int>] = [:]
    var letters: [Unicode.Scalar: Set<Int>] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let tag = parts[0].split(separator: "-").first.map(String.init) else { continue }
      let language = languages.firstIndex(of: tag) ?? languages.count
      if language == languages.count { languages.append(tag) }
      for item in parts[1].split(separator: " ") {
        switch item.first {
        case "~": endings[String(item.dropFirst()), default: []].insert(language)
        case "=": for letter in item.unicodeScalars.dropFirst() { letters[letter, default: []].insert(language) }
        default:
          for word in Tokenizer.words(in: TextNormalizer.normalize(String(item))) {
            let folded = TextNormalizer.folded(word)
            words[word, default: [:]][language] = 1
            if folded != word, words[folded]?[language] == nil {
              words[folded, default: [:]][language] = Self.foldedShare
            }
          }
        }
      }
    }
    self.languages = languages
    places = Dictionary(languages.enumerated().map { ($1, $0) }) { first, _ in first }
    // What several languages have says less for each; order by language, so that sums come out the same everywhere.
    self.words = words.mapValues { votes in
      votes.sorted { $0.key < $1.key }.map {
        Vote(language: $0.key, weight: Self.wordWeight * $0.value / Double(votes.count).squareRoot())
      }
    }
    self.endings = endings.mapValues { Self.votes($0, Self.endingWeight) }
    self.letters = letters.mapValues { Self.votes($0, Self.letterWeight) }
  }

  private static func votes(_ languages: Set<Int>, _ weight: Double) -> [Vote] {
    languages.sorted().map { Vote(language: $0, weight: weight / Double(languages.count).squareRoot()) }
  }

  /// Its place in `languages`.
  func place(of language: String) -> Int? { places[language] }

  /// - Parameter word: in small letters, as `Tokenizer` gives it.
  func votes(forWord word: String) -> [Vote] { words[word] ?? [] }

  /// Of the longest known ending of a word that leaves two letters or more before it.
  func votes(forEndingOf word: String) -> [Vote] {
    let letters = Array(word.unicodeScalars)
    for length in stride(from: min(5, letters.count - 2), through: 2, by: -1) {
      var ending = String.UnicodeScalarView()
      ending.append(contentsOf: letters.suffix(length))
      if let votes = endings[String(ending)] { return votes }
    }
    return []
  }

  func votes(forLetter letter: Unicode.Scalar) -> [Vote] { letters[letter] ?? [] }
}
