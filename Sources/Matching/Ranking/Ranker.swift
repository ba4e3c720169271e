import Foundation
import Support
import Text

/// Ranks the topics of a workspace for a text: examples, titles, questions and bodies together.
struct Ranker: Sendable {
  let analyzer: TextAnalyzer
  let index: LineIndex
  private let bodies: BodyIndex
  private let topicCount: Int

  init(_ catalogue: Catalogue) {
    let content = catalogue.content
    let languages = Set(content.articles.map(\.language) + content.intents.map(\.language))
    let analyzer = TextAnalyzer(defaultLanguage: content.settings.language, languages: languages)
    var lines: [IndexedLine] = []
    var analyses: [AnalyzedText] = []
    func add(_ text: String, _ location: SourceLocation, _ candidate: CandidateID?, _ language: String) {
      let topic = candidate.map { catalogue.topicOf[$0] ?? LineIndex.outOfScope } ?? LineIndex.outOfScope
      lines.append(IndexedLine(topic: topic, candidate: candidate, text: text, location: location))
      analyses.append(analyzer.analyze(text, language: language))
    }
    var bodies: [(topic: Int, stems: [FeatureKey])] = []
    for intent in content.intents {
      let id = CandidateID.intent(intent.id)
      for example in intent.examples { add(example.text, example.location, id, intent.language) }
      add(intent.title, intent.location, id, intent.language)
    }
    for article in content.articles where article.audience == .agency {
      let id = CandidateID.article(article.id)
      add(article.title, article.location, id, article.language)
      for question in article.questions { add(question.text, question.location, id, article.language) }
      let body = analyzer.analyze(Markdown.plainText(article.body), language: article.language)
      if let topic = catalogue.topicOf[id] { bodies.append((topic, body.stemKeys)) }
    }
    for line in content.outOfScope { add(line.text, line.location, nil, content.settings.language) }
    self.analyzer = analyzer
    self.bodies = BodyIndex(bodies)
    index = LineIndex(lines, analyses: analyses)
    topicCount = catalogue.topics.count
  }

  /// The topics that anything speaks for, the likeliest first.
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
    for (number, likeness) in likenesses.enumerated() where likeness > 0.02 && number != heldOut {
      let line = index.lines[number]
      guard line.topic >= 0 else {
        outOfScope = max(outOfScope, likeness)
        continue
      }
      // Cheap first: most lines of a topic do not change its three best.
      guard likeness > best[line.topic].third, line.candidate.map(admits) ?? true else { continue }
      if best[line.topic].count == 0 { touched.append(line.topic) }
      best[line.topic].add(likeness, line: number)
    }
    let coverage = bodies.coverage(of: text)
    for topic in coverage.keys.sorted() where best[topic].count == 0 { touched.append(topic) }
    let known = index.knownShare(of: text, heldOut: heldOut != nil)
    var ranked = touched.map { topic in
      RankedTopic(
        topic: topic,
        signals: Signals(
          best: best[topic].first, nearest: best[topic].mean, body: coverage[topic] ?? 0, known: known,
          outOfScope: outOfScope, lead: 0),
        line: best[topic].line)
    }
    ranked.sort { ($1.signals.plain, $0.topic) < ($0.signals.plain, $1.topic) }
    ranked = Array(ranked.prefix(limit))
    let rival = outOfScope * 0.85
    for place in ranked.indices {
      let other = place == 0 ? (ranked.count > 1 ? ranked[1].signals.plain : 0) : ranked[0].signals.plain
      ranked[place].signals.lead = ranked[place].signals.plain - max(other, rival)
    }
    return ranked
  }
}

/// The three best lines of a topic.
private struct BestLines {
  var first: Float = 0
  var second: Float = 0
  var third: Float = 0
  var line: Int?
  var count = 0

  var mean: Float { count == 0 ? 0 : (first + second + third) / Float(min(count, 3)) }

  mutating func add(_ likeness: Float, line: Int) {
    count += 1
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
