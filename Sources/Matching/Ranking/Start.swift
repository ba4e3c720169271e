import Support
import Tensors

/// What a ranker is made of: as an earlier start left it, or worked out.
struct Start {
  var index: WorkspaceIndex
  var spaces: [MeaningSpace]
  var classifier: TopicClassifier
  var heldOutScores: HeldOutScores
  /// Nil where it has yet to be learnt.
  var lesson: Lesson?

  /// A passage is longer than a question and says more than one.
  private static let passageWeight: Float = 0.3

  /// Takes nothing apart and asks no encoder: nil unless everything was kept.
  init?(_ catalogue: Catalogue, encoders: [any SentenceEncoder], keptBy learning: KeptLearning) {
    guard let cache = learning.cache,
      let index = WorkspaceIndex(catalogue, keptIn: cache, version: learning.version)
    else { return nil }
    let units = index.writing.unitCount
    let spaces = encoders.compactMap { MeaningSpace($0, units: units, keptIn: cache, version: learning.version) }
    guard spaces.count == encoders.count,
      let (classifier, lesson) = learning.load(encoders: encoders, units: units, topics: catalogue.topics.count)
    else { return nil }
    self.init(index: index, spaces: spaces, classifier: classifier, lesson: lesson)
  }

  /// Reads everything, encodes what `store` has not, and learns what `learning` has not.
  init(_ catalogue: Catalogue, encoders: [any SentenceEncoder], store: VectorStore, learning: KeptLearning) {
    var reader = WritingReader(catalogue)
    reader.read()
    let index = WorkspaceIndex(catalogue, reader)
    let texts = reader.plainTexts + reader.passages.map(\.titledText)
    let spaces = encoders.compactMap { try? MeaningSpace($0, texts: texts, store: store) }
    if let cache = learning.cache {
      index.keep(in: cache, version: learning.version)
      for space in spaces { space.keep(in: cache, version: learning.version) }
    }
    let topicCount = catalogue.topics.count
    let units = index.writing.unitCount
    if let (classifier, lesson) = learning.load(encoders: spaces.map(\.encoder), units: units, topics: topicCount) {
      self.init(index: index, spaces: spaces, classifier: classifier, lesson: lesson)
      return
    }
    store.progress(.learning)
    let plan = TrialPlan(index.writing)
    let rows = topicCount > TopicClassifier.mostTopics ? [] : Self.rows(index, reader, encoders: spaces.count)
    let trained = Self.train(rows, spaces, topicCount: topicCount, plan: plan)
    self.init(
      index: index, spaces: spaces, classifier: trained.classifier,
      heldOutScores: HeldOutScores(plan: plan, alone: trained.alone, withoutTopic: trained.withoutTopic), lesson: nil)
  }

  private init(index: WorkspaceIndex, spaces: [MeaningSpace], classifier: TopicClassifier, lesson: Lesson) {
    self.init(
      index: index, spaces: spaces, classifier: classifier,
      heldOutScores: HeldOutScores(plan: TrialPlan(index.writing), alone: [:], withoutTopic: [:]), lesson: lesson)
  }

  private init(
    index: WorkspaceIndex, spaces: [MeaningSpace], classifier: TopicClassifier, heldOutScores: HeldOutScores,
    lesson: Lesson?
  ) {
    self.index = index
    self.spaces = spaces
    self.classifier = classifier
    self.heldOutScores = heldOutScores
    self.lesson = lesson
  }

  private static func rows(
    _ index: WorkspaceIndex, _ reader: WritingReader, encoders: Int
  ) -> [ClassifierRow] {
    let scale = Ranker.gramScale(encoders)
    let writing = index.writing
    let keys = reader.rows.table.keysByNumber
    let inverseFrequency = index.lines.inverseFrequency.elements
    return (0..<writing.unitCount).map { unit in
      var weighted: [(key: FeatureKey, weight: Float)] = []
      let isLine = unit < writing.lines.count
      if isLine {
        reader.rows.forEachWeight(of: unit, inverseFrequency) { weighted.append((keys[$0], $1)) }
      } else {
        weighted = index.lines.weighted(reader.analysis(ofPassage: unit - writing.lines.count))
      }
      return ClassifierRow(
        topic: writing.topic(of: unit),
        input: TopicClassifier.Input(vector: nil, grams: HashedFeatures(weighted, scale: scale)),
        weight: isLine ? 1 : passageWeight)
    }
  }

  private static func train(
    _ rows: consuming [ClassifierRow], _ spaces: [MeaningSpace], topicCount: Int, plan: TrialPlan
  ) -> TrainedClassifier {
    let holdOut = HoldOut(alone: plan.alone, topics: plan.withoutTopic)
    let vector: @Sendable (Int) -> [Float]? = { unit in Ranker.joined(spaces.map { $0.vector(of: unit) }) }
    var trained: TrainedClassifier?
    if rows.count <= ExactTraining.mostRows {
      for unit in rows.indices { rows[unit].input.vector = vector(unit) }
      trained = try? ExactTraining(rows: rows, topicCount: topicCount).train(holdOut)
    } else {
      trained = try? LandmarkTraining(rows: rows, topicCount: topicCount, vectors: vector).train(holdOut)
    }
    return trained ?? TrainedClassifier(classifier: .silent(topicCount: topicCount), alone: [:], withoutTopic: [:])
  }
}
