import Foundation
import Support
import Text

/// Ranks the topics of a workspace for a text: examples, titles, questions and bodies together.
struct Ranker: Sendable {
  let analyzer: TextAnalyzer
  let index: LineIndex
  let writing: Writing
  let spaces: [MeaningSpace]
  let classifier: TopicClassifier
  /// Of the rows that were asked back, what the classifier says without them.
  let heldOutScores: HeldOutScores
  /// What was learnt at an earlier start from the same workspace by the same encoders.
  let keptLesson: Lesson?
  private let spelling: SpellingCorrector
  let siblings: RegionalSiblings
  private let coverageIndex: TopicIndex
  private let topicCount: Int
  /// By candidate number: what may be sent to anybody on any day needs no asking.
  private let alwaysAdmitted: [Bool?]
  let outOfScopeUnits: [Int]

  /// What is known of a text that is asked while something is held out.
  struct HeldOut {
    /// The unit that is the text.
    var unit: Int
    /// Whether all of its topic is held out.
    var withTopic: Bool
  }

  /// An encoder that fails is left out: what can be learnt without it is better than nothing.
  init(_ catalogue: Catalogue, encoders: [any SentenceEncoder], store: VectorStore, learning: KeptLearning) {
    let start =
      Start(catalogue, encoders: encoders, keptBy: learning)
      ?? Start(catalogue, encoders: encoders, store: store, learning: learning)
    analyzer = TextAnalyzer(catalogue.content)
    index = start.index.lines
    writing = start.index.writing
    spaces = start.spaces
    spelling = SpellingCorrector(
      start.index.wordCounts, common: encoders.compactMap(SpellingCorrector.CommonWords.init).first)
    coverageIndex = start.index.coverage
    topicCount = catalogue.topics.count
    alwaysAdmitted = Self.alwaysAdmitted(writing, catalogue, candidates: start.index.candidateCount + 1)
    siblings = start.index.siblings
    let lines = start.index.writing.lines
    outOfScopeUnits = lines.indices.filter { lines[$0].topic < 0 }
    classifier = start.classifier
    keptLesson = start.lesson
    heldOutScores = start.heldOutScores
  }

  static func gramScale(_ encoders: Int) -> Float { encoders == 0 ? 1 : TopicClassifier.gramScale }

  /// Vectors of several encoders as one of length 1, in which each counts the same.
  static func joined(_ vectors: [[Float]]) -> [Float]? {
    guard !vectors.isEmpty else { return nil }
    let share = (1 / Float(vectors.count)).squareRoot()
    return vectors.flatMap { $0.map { $0 * share } }
  }

  /// What somebody asks, taken apart, its spelling put right.
  func analyzeQuestion(_ text: String, language: String?) -> AnalyzedText {
    analyzeQuestion(ReadText(text), language: language)
  }

  func analyzeQuestion(_ text: ReadText, language: String?) -> AnalyzedText {
    analyzer.analyze(text, language: language, spelling: spelling)
  }

  /// The topics that anything speaks for, roughly the likeliest first: the calibration has the last word.
  /// - Parameters:
  ///   - heldOut: the unit that `text` is, which then does not speak.
  ///   - admits: whether a candidate of a topic may be considered; units of others do not speak.
  func rank(
    _ text: AnalyzedText, limit: Int = 12, heldOut: HeldOut? = nil,
    admits: @escaping (CandidateID) -> Bool = { _ in true }
  ) -> [RankedTopic] {
    var admission = Admission(alwaysAdmitted, admits)
    let words = wordsAndCharacters(text, heldOut, &admission)
    let vectors = vectors(of: text, heldOut)
    let speaking = speaking(text.language)
    let input = input(text, vectors: vectors, speaking: speaking)
    var nearness = classifier.nearness(input)
    if let heldOut, nearness.count == writing.unitCount { nearness[heldOut.unit] = 0 }
    let near = nearTopics(nearness, vectors: vectors, speaking: speaking, heldOut)
    let topics = contenders(words, near: near, without: heldOut)
    var found = topics.map { self.found(on: $0, by: words, &admission) }
    let scores = classifierScores(input, nearness, topics, heldOut)
    for (place, score) in scores.enumerated() { found[place].signals.classifier = score }
    if heldOut == nil { inherit(&found, topics, input, nearness, &admission) }
    addMeanings(&found, topics: topics, vectors: vectors, speaking: speaking, heldOut: heldOut, &admission)
    var ranked = zip(topics, found).compactMap { topic, entry -> RankedTopic? in
      entry.isAdmitted ? RankedTopic(topic: topic, signals: entry.signals, nearest: entry.nearest) : nil
    }
    ranked.sort { ($1.signals.rough, $0.topic) < ($0.signals.rough, $1.topic) }
    return Array(ranked.prefix(limit))
  }

  private static func alwaysAdmitted(_ writing: Writing, _ catalogue: Catalogue, candidates: Int) -> [Bool?] {
    var known = [Bool?](repeating: nil, count: candidates)
    var isAsked = [Bool](repeating: false, count: candidates)
    for unit in 0..<writing.unitCount {
      let number = writing.candidateNumber(of: unit)
      guard !isAsked[number] else { continue }
      isAsked[number] = true
      if writing.candidate(of: unit).map(catalogue.isForEverybody) ?? true { known[number] = true }
    }
    return known
  }

  func coverageOf(_ text: AnalyzedText, ownTopic: Int?) -> [Float] {
    coverageIndex.coverage(of: text, ownTopic: ownTopic.flatMap { $0 >= 0 ? $0 : nil })
  }

  private func vectors(of text: AnalyzedText, _ heldOut: HeldOut?) -> [[Float]] {
    if let heldOut { return spaces.map { $0.vector(of: heldOut.unit) } }
    return spaces.compactMap { try? $0.encoder.encode([text.plainText]).first }
  }

  /// Which encoders were made for the language; all of them where that is not known, or where none was.
  private func speaking(_ language: String?) -> [Int] {
    guard let language else { return Array(spaces.indices) }
    let speaking = spaces.indices.filter {
      let languages = spaces[$0].encoder.languages
      return languages.isEmpty || languages.contains(language)
    }
    guard speaking.isEmpty else { return speaking }
    // One that knows several languages makes more of a strange one than one that knows its own.
    let several = spaces.indices.filter { spaces[$0].encoder.languages.count != 1 }
    return several.isEmpty ? Array(spaces.indices) : several
  }

  /// What an encoder that does not know the language would say is noise: the others speak for it.
  private func input(_ text: AnalyzedText, vectors: [[Float]], speaking: [Int]) -> TopicClassifier.Input {
    let grams = HashedFeatures(index.weighted(text), scale: Self.gramScale(spaces.count))
    guard !spaces.isEmpty, vectors.count == spaces.count else {
      return TopicClassifier.Input(vector: nil, grams: grams)
    }
    let heard = vectors.enumerated().map { number, vector in
      speaking.contains(number) ? vector : [Float](repeating: 0, count: vector.count)
    }
    return TopicClassifier.Input(
      vector: Self.joined(heard), reach: Float(spaces.count) / Float(speaking.count), grams: grams)
  }

  /// What spoke for a sibling that this asker may not be sent speaks for the one that may be.
  private func inherit(
    _ found: inout [Found], _ topics: [Int], _ input: TopicClassifier.Input, _ nearness: [Float],
    _ admission: inout Admission
  ) {
    for (place, topic) in topics.enumerated() {
      for sibling in siblings.of(topic) {
        let isSent = writing.unitsOf[sibling].contains { admission.admits($0, of: writing) }
        guard !isSent, let score = classifier.scores(input, nearness: nearness, topics: [sibling]).first else {
          continue
        }
        found[place].signals.classifier = max(found[place].signals.classifier, score)
      }
    }
  }

  private func classifierScores(
    _ input: TopicClassifier.Input, _ nearness: [Float], _ topics: [Int], _ heldOut: HeldOut?
  ) -> [Float] {
    guard let heldOut, let known = heldOutScores.scores(of: heldOut) else {
      return classifier.scores(input, nearness: nearness, topics: topics)
    }
    return topics.map { known[$0] }
  }
}
