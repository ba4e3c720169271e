import Support
import Text

/// A line of the workspace, and what it belongs to.
struct WrittenLine: Sendable {
  var text: String
  var location: SourceLocation
  /// Nil for an example of what must never be answered.
  var topic: Int?
  var candidate: CandidateID?
  /// Titles are none.
  var isExample: Bool

  init(_ trial: HeldOutTrial) {
    (text, location, topic) = (trial.text, trial.location, trial.topic)
    (candidate, isExample) = (trial.candidate, trial.isExample)
  }

  init(_ line: IndexedLine) {
    (text, location, topic) = (line.text, line.location, line.topic >= 0 ? line.topic : nil)
    (candidate, isExample) = (line.candidate, line.isExample)
  }
}

/// Lines of the same words in two topics: whoever asks them gets one or the other by chance.
struct DuplicateLines: Sendable {
  private let keys: Set<String>
  /// In the order of the files.
  let problems: [Problem]

  init(_ lines: [WrittenLine], _ catalogue: Catalogue) {
    var owners: [String: [WrittenLine]] = [:]
    for line in lines.sorted(by: { ($0.location, $0.text) < ($1.location, $1.text) }) {
      let key = Self.key(line.text)
      if !key.isEmpty { owners[key, default: []].append(line) }
    }
    var keys: Set<String> = []
    var problems: [Problem] = []
    for (key, group) in owners where group.count > 1 {
      let first = group[0]
      for line in group.dropFirst() where line.topic != first.topic {
        keys.insert(key)
        // Of two articles the review of articles speaks, which knows their regions and dates; of two intents the reader
        // of the workspace does, where the texts are the same to the letter.
        if line.isOfArticle, first.isOfArticle { continue }
        if Self.isSameExample(line, first, catalogue) { continue }
        problems.append(
          Problem(
            .warning, at: line.location,
            "\(CrossValidationReview.quoted(line.text)) stands here and in \(Self.owner(first)) (\(first.location)). Keep it where it belongs."
          ))
      }
    }
    self.keys = keys
    self.problems = problems.sorted { ($0.location, $0.message) < ($1.location, $1.message) }
  }

  /// Whether lines of these words stand in two topics.
  func contain(_ text: String) -> Bool { keys.contains(Self.key(text)) }

  private static func key(_ text: String) -> String {
    Tokenizer.words(in: TextNormalizer.normalize(text)).joined(separator: " ")
  }

  private static func isSameExample(_ line: WrittenLine, _ other: WrittenLine, _ catalogue: Catalogue) -> Bool {
    guard case .intent(let one) = line.candidate, case .intent(let two) = other.candidate,
      catalogue.intents[one]?.language == catalogue.intents[two]?.language, line.isExample, other.isExample
    else { return false }
    return line.text.lowercased() == other.text.lowercased()
  }

  private static func owner(_ line: WrittenLine) -> String {
    switch line.candidate {
    case .intent(let id): "the intent '\(id)'"
    case .article(let id): "the article '\(id)'"
    case nil: "the out-of-scope examples"
    }
  }
}

extension WrittenLine {
  fileprivate var isOfArticle: Bool {
    if case .article = candidate { return true }
    return false
  }
}
