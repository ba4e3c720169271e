import Support
import Text

/// The words by which the bot understands what is said to it in one language.
///
/// An object, since a decision passes a dozen of them around, and copying so many sets each time takes longer than reading
/// them.
final class Comprehension: Sendable {
  /// BCP 47.
  let language: String
  let yes: Set<String>
  let no: Set<String>
  let choiceFillers: Set<String>
  /// From 1; 0 is the last.
  let ordinals: [String: Int]
  let greetings: Set<String>
  let thanks: Set<String>
  let smallTalkFillers: Set<String>
  /// What greetings, thanks and fillers begin with, word by word: most messages are no small talk, and show it soon.
  let smallTalkPrefixes: Set<String>
  let cancel: Set<String>
  let person: [[String]]
  let conjunctions: PhraseList
  let leaders: Set<String>
  let storyOpeners: Set<String>
  let openers: PhraseList
  let questionWords: PhraseList
  let followUps: PhraseList
  let followUpFillers: Set<String>

  init(_ phrases: Phrases) {
    func said(_ hearing: Phrases.Hearing) -> [String] { phrases.hear[hearing] ?? [] }
    func compared(_ hearing: Phrases.Hearing) -> Set<String> { Set(said(hearing).map(Self.compared)) }
    func asWritten(_ hearing: Phrases.Hearing) -> Set<String> {
      Set(said(hearing).map { Tokenizer.words(in: TextNormalizer.normalize($0)).joined() })
    }
    language = phrases.language
    yes = compared(.yes)
    no = compared(.no)
    choiceFillers = compared(.choiceFillers)
    let places: [(Phrases.Hearing, Int)] = [(.first, 1), (.second, 2), (.third, 3), (.last, 0)]
    ordinals = Dictionary(
      places.flatMap { hearing, number in said(hearing).map { (Self.compared($0), number) } }
    ) { first, _ in first }
    greetings = compared(.greetings)
    thanks = compared(.thanks)
    smallTalkFillers = compared(.smallTalkFillers)
    smallTalkPrefixes = Set(
      (said(.greetings) + said(.thanks) + said(.smallTalkFillers)).flatMap { phrase in
        Self.words(phrase).reduce(into: [String]()) { prefixes, word in prefixes.append((prefixes.last ?? "") + word) }
      })
    cancel = compared(.cancel)
    person = said(.person).map(Self.words).filter { !$0.isEmpty }
    conjunctions = PhraseList(said(.conjunctions))
    leaders = asWritten(.leaders)
    storyOpeners = asWritten(.storyOpeners)
    openers = PhraseList(said(.openers))
    questionWords = PhraseList(said(.questionWords))
    followUps = PhraseList(said(.followUps))
    followUpFillers = compared(.followUpFillers)
  }

  /// The words as they are compared: without diacritics, which are so often left out.
  static func words(_ text: String) -> [String] { Tokenizer.words(in: TextNormalizer.folded(text)) }

  /// A whole phrase as it is compared: without blanks, so that it does not matter where words are thought to end.
  static func compared(_ text: String) -> String { words(text).joined() }

  /// Whether a person is asked for.
  func asksForPerson(_ words: [String]) -> Bool {
    person.contains { wanted in
      words.count >= wanted.count
        && (0...(words.count - wanted.count)).contains { words[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
  }
}

/// Phrases of a few words, looked for in what somebody wrote.
struct PhraseList: Sendable {
  /// By their first words; the longest first.
  private let phrases: [String: [[String]]]
  private let unspaced: [String]

  init(_ texts: [String]) {
    let normalized = texts.map(TextNormalizer.normalize)
    let phrases = normalized.map(Tokenizer.words).filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    self.phrases = Dictionary(grouping: phrases) { $0[0] }
    unspaced = normalized.filter(Tokenizer.hasUnspacedScript).sorted { $0.utf8.count > $1.utf8.count }
  }

  var isEmpty: Bool { phrases.isEmpty }

  /// How many of the words the longest phrase takes that they begin with; 0 when none does.
  func length(atStartOf words: some Collection<String>) -> Int {
    guard let first = words.first, let phrases = phrases[first] else { return 0 }
    return phrases.first { words.starts(with: $0) }?.count ?? 0
  }

  func contains(_ word: String) -> Bool { phrases[word]?.last?.count == 1 }

  /// Whether a phrase stands somewhere in the text.
  func occurs(in text: String, words: [String]) -> Bool {
    if !unspaced.isEmpty, unspaced.contains(where: text.contains) { return true }
    return words.indices.contains { length(atStartOf: words[$0...]) > 0 }
  }

  /// The longest phrase of a script without spaces that the text begins with.
  func unspacedPrefix(of text: some StringProtocol) -> String? { unspaced.first { text.hasPrefix($0) } }
}
