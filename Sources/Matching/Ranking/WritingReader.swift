import Support
import Text

/// Takes everything in a workspace apart that a question is compared with.
struct WritingReader {
  let analyzer: TextAnalyzer
  private let catalogue: Catalogue
  private(set) var lines: [IndexedLine] = []
  private(set) var analyses: [AnalyzedText] = []
  private(set) var passages: [Writing.Passage] = []
  private(set) var passageAnalyses: [AnalyzedText] = []
  /// Stems of all that is written, by topic.
  private(set) var written: [[FeatureKey]]
  private(set) var wordCounts: [String: Int] = [:]
  private var numbers: [CandidateID: Int] = [:]

  var candidateCount: Int { numbers.count }

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
    let content = catalogue.content
    let languages = Set(content.articles.map(\.language) + content.intents.map(\.language))
    analyzer = TextAnalyzer(defaultLanguage: content.settings.language, languages: languages)
    written = [[FeatureKey]](repeating: [], count: catalogue.topics.count)
  }

  mutating func read() {
    let content = catalogue.content
    for intent in content.intents {
      let id = CandidateID.intent(intent.id)
      for example in intent.examples { add(example.text, example.location, id, intent.language, isExample: true) }
      add(intent.title, intent.location, id, intent.language)
    }
    for article in content.articles where article.audience == .agency {
      let id = CandidateID.article(article.id)
      add(article.title, article.location, id, article.language)
      for question in article.questions { add(question.text, question.location, id, article.language, isExample: true) }
      addBody(of: article, id)
    }
    for line in content.outOfScope { add(line.text, line.location, nil, content.settings.language, isExample: true) }
  }

  private mutating func add(
    _ text: String, _ location: SourceLocation, _ candidate: CandidateID?, _ language: String, isExample: Bool = false
  ) {
    let topic = candidate.map { catalogue.topicOf[$0] ?? LineIndex.outOfScope } ?? LineIndex.outOfScope
    let analysis = analyzer.analyze(text, language: language)
    lines.append(
      IndexedLine(
        topic: topic, candidate: candidate, candidateNumber: candidate.map { number(of: $0) } ?? 0, text: text,
        isExample: isExample, location: location))
    analyses.append(analysis)
    if topic >= 0 { written[topic] += analysis.stemKeys }
    for word in analyzer.comparedWords(of: text) { wordCounts[word, default: 0] += 1 }
  }

  private mutating func addBody(of article: Article, _ id: CandidateID) {
    guard let topic = catalogue.topicOf[id] else { return }
    let body = Markdown.plainText(article.body)
    written[topic] += analyzer.analyze(body, language: article.language).stemKeys
    for word in analyzer.comparedWords(of: body) { wordCounts[word, default: 0] += 1 }
    for passage in Passages.of(body) {
      passages.append(
        Writing.Passage(
          topic: topic, candidate: id, candidateNumber: number(of: id), title: article.title, text: passage,
          location: article.location))
      passageAnalyses.append(analyzer.analyze(passage, language: article.language))
    }
  }

  /// Counts the candidates up from 1: 0 is what must never be answered.
  private mutating func number(of id: CandidateID) -> Int {
    if let number = numbers[id] { return number }
    numbers[id] = numbers.count + 1
    return numbers.count
  }
}
