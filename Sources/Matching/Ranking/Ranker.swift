import Foundation
import Support
import Text

/// Ranks the topics of a workspace for a text: examples, titles, questions and bodies together.
struct Ranker: Sendable {
  let analyzer: TextAnalyzer
  let index: LineIndex
  private let spelling: SpellingCorrector
  private let writings: TopicIndex
  private let topicCount: Int
  private let candidateCount: Int

  init(_ catalogue: Catalogue) {
    let content = catalogue.content
    let languages = Set(content.articles.map(\.language) + content.intents.map(\.language))
    let analyzer = TextAnalyzer(defaultLanguage: content.settings.language, languages: languages)
    var lines: [IndexedLine] = []
    var analyses: [AnalyzedText] = []
    var writings = [[FeatureKey]](repeating: [], count: catalogue.topics.count)
    var wordCounts: [String: Int] = [:]
    // 0 is what must never be answered.
    var numbers: [CandidateID: Int] = [:]
    func add(_ text: String, _ location: SourceLocation, _ candidate: CandidateID?, _ language: String) {
      let topic = candidate.map { catalogue.topicOf[$0] ?? LineIndex.outOfScope } ?? LineIndex.outOfScope
      let analysis = analyzer.analyze(text, language: language)
      let number = candidate.map { id in
        numbers[id]
          ?? {
            numbers[id] = numbers.count + 1
            return numbers.count
          }()
      }
      lines.append(
        IndexedLine(topic: topic, candidate: candidate, candidateNumber: number ?? 0, text: text, location: location))
      analyses.append(analysis)
      if topic >= 0 { writings[topic] += analysis.stemKeys }
      for word in analyzer.comparedWords(of: text) { wordCounts[word, default: 0] += 1 }
    }
    for intent in content.intents {
      let id = CandidateID.intent(intent.id)
      for example in intent.examples { add(example.text, example.location, id, intent.language) }
      add(intent.title, intent.location, id, intent.language)
    }
    for article in content.articles where article.audience == .agency {
      let id = CandidateID.article(article.id)
      add(article.title, article.location, id, article.language)
      for question in article.questions { add(question.text, question.location, id, article.language) }
      let plainBody = Markdown.plainText(article.body)
      let body = analyzer.analyze(plainBody, language: article.language)
      for word in analyzer.comparedWords(of: plainBody) { wordCounts[word, default: 0] += 1 }
      if let topic = catalogue.topicOf[id] { writings[topic] += body.stemKeys }
    }
    for line in content.outOfScope { add(line.text, line.location, nil, content.settings.language) }
    self.analyzer = analyzer
    spelling = SpellingCorrector(wordCounts)
    self.writings = TopicIndex(writings)
    topicCount = catalogue.topics.count
    candidateCount = numbers.count + 1
    index = LineIndex(lines, analyses: analyses, topicCount: topicCount)
  }

  /// What somebody asks, taken apart, its spelling put right.
  func analyzeQuestion(_ text: String, language: String?) -> AnalyzedText {
    analyzer.analyze(text, language: language, spelling: spelling)
  }

  /// The topics that anything speaks for, roughly the likeliest first: the calibration has the last word.
  /// - Parameters:
  ///   - limit: how many at most.
  ///   - heldOut: the index of a line that `text` is, and which then does not speak.
  ///   - admits: whether a candidate of a topic may be considered; lines of others do not speak.
  func rank(
    _ text: AnalyzedText, limit: Int = 8, heldOut: Int? = nil, admits: (CandidateID) -> Bool = { _ in true }
  ) -> [RankedTopic] {
    let likenesses = index.likenesses(of: text)
    var best = [BestLines](repeating: BestLines(), count: topicCount)
    var outOfScope: Float = 0
    var touched: [Int] = []
    // Asked once a candidate, not once a line.
    var admitted = [Bool?](repeating: nil, count: candidateCount)
    for (number, likeness) in likenesses.enumerated() where likeness > 0.01 && number != heldOut {
      let line = index.lines[number]
      guard line.topic >= 0 else {
        outOfScope = max(outOfScope, likeness)
        continue
      }
      if let known = admitted[line.candidateNumber] {
        guard known else { continue }
      } else {
        let isAdmitted = line.candidate.map(admits) ?? true
        admitted[line.candidateNumber] = isAdmitted
        guard isAdmitted else { continue }
      }
      if best[line.topic].count == 0 { touched.append(line.topic) }
      best[line.topic].add(likeness, line: number)
    }
    let coverage = writings.coverage(of: text, ownTopic: heldOut.map { index.lines[$0].topic })
    for topic in coverage.keys.sorted() where best[topic].count == 0 { touched.append(topic) }
    let known = index.knownShare(of: text, heldOut: heldOut != nil)
    var ranked = touched.map { topic in
      RankedTopic(
        topic: topic,
        signals: Signals(
          best: best[topic].first, nearest: best[topic].mean,
          middle: index.likenessWithMiddle(of: topic, sum: best[topic].sum), coverage: coverage[topic] ?? 0,
          known: known, outOfScope: outOfScope),
        line: best[topic].line)
    }
    ranked.sort { ($1.signals.plain, $0.topic) < ($0.signals.plain, $1.topic) }
    ranked = Array(ranked.prefix(limit))
    return ranked
  }
}

/// The three best lines of a topic, and how alike all of them are together.
private struct BestLines {
  var first: Float = 0
  var second: Float = 0
  var third: Float = 0
  var line: Int?
  var count = 0
  /// Over all lines.
  var sum: Float = 0

  var mean: Float { count == 0 ? 0 : (first + second + third) / Float(min(count, 3)) }

  mutating func add(_ likeness: Float, line: Int) {
    count += 1
    sum += likeness
    if likeness > first {
      (first, second, third) = (likeness, first, second)
      self.line = line
    } else if likeness > second {
      (second, third) = (likeness, second)
    } else {
      third = max(third, likeness)
    }
  }
}
