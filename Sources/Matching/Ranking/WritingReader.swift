import Support
import Text

/// Takes everything in a workspace apart that a question is compared with.
struct WritingReader {
  let analyzer: TextAnalyzer
  private let catalogue: Catalogue
  let list: LineList
  /// What the lines are made of.
  private(set) var rows = FeatureRows()
  /// By line, as it is given to encoders.
  private(set) var plainTexts: [String] = []
  private(set) var passages: [Writing.Passage] = []
  /// By passage.
  private var passageLanguages: [String] = []
  /// Stems of all that is written, by topic.
  private(set) var written: [[FeatureKey]]
  private(set) var wordCounts: [String: Int] = [:]

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
    analyzer = TextAnalyzer(catalogue.content)
    list = LineList(catalogue)
    written = [[FeatureKey]](repeating: [], count: catalogue.topics.count)
  }

  var lines: [IndexedLine] { list.lines }

  mutating func read() {
    plainTexts.reserveCapacity(lines.count)
    for number in lines.indices {
      let line = analysis(ofLine: number)
      rows.add(line)
      plainTexts.append(line.plainText)
      if lines[number].topic >= 0 { written[lines[number].topic] += line.stemKeys }
      for word in line.compared { wordCounts[word, default: 0] += 1 }
    }
    for article in catalogue.content.articles where article.audience == .agency { readBody(of: article) }
  }

  private mutating func readBody(of article: Article) {
    let id = CandidateID.article(article.id)
    guard let topic = catalogue.topicOf[id], let number = list.numbers[id] else { return }
    let body = Markdown.plainText(article.body)
    let stems = analyzer.stems(of: body, language: article.language)
    written[topic] += stems.keys
    for word in stems.compared { wordCounts[word, default: 0] += 1 }
    for passage in Passages.of(body) {
      passages.append(
        Writing.Passage(
          topic: topic, candidate: id, candidateNumber: number, title: article.title, text: passage,
          location: article.location))
      passageLanguages.append(article.language)
    }
  }

  func analysis(ofLine line: Int) -> AnalyzedText {
    analyzer.analyze(lines[line].text, language: list.languages[line])
  }

  func analysis(ofPassage passage: Int) -> AnalyzedText {
    analyzer.analyze(passages[passage].text, language: passageLanguages[passage])
  }
}

extension TextAnalyzer {
  /// For all languages that a workspace is written in.
  init(_ content: WorkspaceContent) {
    self.init(
      defaultLanguage: content.settings.language,
      languages: Set(content.articles.map(\.language) + content.intents.map(\.language)))
  }
}
