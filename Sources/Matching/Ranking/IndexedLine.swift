import Support

/// A line of the workspace that speaks for a topic: an example, a title or a question.
struct IndexedLine: Sendable {
  /// The topic's number; `LineIndex.outOfScope` for what must never be answered.
  var topic: Int
  var candidate: CandidateID?
  /// Counts the candidates up from 1.
  var candidateNumber: Int
  var text: String
  /// An example or a question, not a title.
  var isExample: Bool
  var location: SourceLocation
}

/// The lines of a workspace in their order, found without taking any of them apart.
struct LineList: Sendable {
  private(set) var lines: [IndexedLine] = []
  /// By line, the language that it is written in.
  private(set) var languages: [String] = []
  /// Of each candidate that has lines, from 1: 0 is what must never be answered.
  private(set) var numbers: [CandidateID: Int] = [:]

  init(_ catalogue: Catalogue) {
    let content = catalogue.content
    let count =
      content.intents.reduce(0) { $0 + $1.examples.count + 1 }
      + content.articles.reduce(0) { $0 + $1.questions.count + 1 }
      + content.outOfScope.count
    lines.reserveCapacity(count)
    languages.reserveCapacity(count)
    for intent in content.intents {
      let example = line(of: .intent(intent.id), catalogue, isExample: true)
      for line in intent.examples { add(example, line.text, line.location, intent.language) }
      var title = example
      title.isExample = false
      add(title, intent.title, intent.location, intent.language)
    }
    for article in content.articles where article.audience == .agency {
      let question = line(of: .article(article.id), catalogue, isExample: true)
      var title = question
      title.isExample = false
      add(title, article.title, article.location, article.language)
      for line in article.questions { add(question, line.text, line.location, article.language) }
    }
    let never = line(of: nil, catalogue, isExample: true)
    for line in content.outOfScope { add(never, line.text, line.location, content.settings.language) }
  }

  private mutating func line(of candidate: CandidateID?, _ catalogue: Catalogue, isExample: Bool) -> IndexedLine {
    var number = 0
    if let candidate {
      number = numbers[candidate] ?? numbers.count + 1
      numbers[candidate] = number
    }
    return IndexedLine(
      topic: candidate.flatMap { catalogue.topicOf[$0] } ?? LineIndex.outOfScope, candidate: candidate,
      candidateNumber: number, text: "", isExample: isExample, location: SourceLocation(file: ""))
  }

  private mutating func add(_ line: IndexedLine, _ text: String, _ location: SourceLocation, _ language: String) {
    var line = line
    (line.text, line.location) = (text, location)
    lines.append(line)
    languages.append(language)
  }
}
