import Retrieval
import Support
import Tensors

/// What was learnt from a workspace, kept for the next start.
struct KeptLearning: Sendable {
  /// Goes up with every change to how or what is learnt, so that nothing is taken over from a program that did otherwise.
  static let kind = "learning-3"

  let version: String
  let cache: (any ModelCache)?

  init(_ content: WorkspaceContent, cache: (any ModelCache)?) {
    version = content.version
    // Without a version there is nothing to know the workspace again by.
    self.cache = content.version == WorkspaceContent.unversioned ? nil : cache
  }

  private func key(_ encoders: [any SentenceEncoder]) -> String {
    ([version] + encoders.map { "\($0.name) \($0.version)" }).joined(separator: "\n")
  }

  /// - Parameters:
  ///   - units: how many there are: a number out of range never gets in.
  /// - Returns: nil where nothing is kept, or nothing that can be used.
  func load(encoders: [any SentenceEncoder], units: Int, topics: Int) -> (TopicClassifier, Lesson)? {
    guard var file = cache?.reader(kind: Self.kind, key: key(encoders)),
      let classifier = try? Self.classifier(&file, topics: topics),
      let lesson = try? Self.lesson(&file, units: units, topics: topics, encoders: encoders.count), file.isAtEnd
    else { return nil }
    return (classifier, lesson)
  }

  func keep(_ classifier: TopicClassifier, _ lesson: Lesson, of encoders: [any SentenceEncoder]) {
    guard let cache else { return }
    var sections = NumberSections()
    sections.add(classifier.landmarkTopics.map(Int32.init))
    sections.add(classifier.landmarks?.withUnsafeBytes { Array($0) } ?? [])
    sections.add(classifier.landmarkWeights.view)
    sections.add(classifier.gramWeights.view)
    var writer = ByteWriter()
    writer.add(lesson.ranking.weights)
    writer.add(lesson.certainty.weights)
    writer.add(lesson.trials.count)
    for trial in lesson.trials {
      writer.add(trial.unit)
      writer.add(trial.topic)
      writer.add(trial.hasAnswer)
      writer.add(trial.weight)
      writer.add(trial.ranked.map(\.topic))
      writer.add(trial.ranked.map(\.confidence))
    }
    sections.add(writer.bytes)
    cache.store(sections, kind: Self.kind, key: key(encoders))
  }

  private static func classifier(_ file: inout KeptFileReader, topics: Int) throws -> TopicClassifier {
    let landmarkTopics = try file.next(Int32.self).elements.map(Int.init)
    let table = try file.nextRegion()
    let landmarks = table.withUnsafeBytes(\.isEmpty) ? nil : try VectorTable(table)
    let columns = landmarks?.count ?? 0
    let (landmarkNumbers, gramNumbers) = (try file.next(Float.self), try file.next(Float.self))
    let grams = gramNumbers.count == 0 ? 0 : HashedFeatures.count
    guard let landmarkWeights = FloatRows(landmarkNumbers, rows: topics, columns: columns),
      let gramWeights = FloatRows(gramNumbers, rows: topics, columns: grams),
      landmarkTopics.allSatisfy({ $0 < topics }), landmarkTopics.count == columns
    else { throw KeptFileError() }
    return TopicClassifier(
      landmarks: landmarks, landmarkTopics: landmarkTopics, landmarkWeights: landmarkWeights, gramWeights: gramWeights)
  }

  private static func lesson(
    _ file: inout KeptFileReader, units: Int, topics: Int, encoders: Int
  ) throws -> Lesson {
    let bytes = try file.next(UInt8.self)
    var reader = ByteReader(UnsafeRawBufferPointer(start: bytes.pointer, count: bytes.count))
    return try withExtendedLifetime(bytes) {
      let lesson = try lesson(&reader, units: units, topics: topics, encoders: encoders)
      guard reader.isAtEnd else { throw KeptFileError() }
      return lesson
    }
  }

  private static func lesson(
    _ reader: inout ByteReader, units: Int, topics: Int, encoders: Int
  ) throws -> Lesson {
    let ranking = TopicModel(weights: try reader.doubles())
    let certainty = LogisticModel(weights: try reader.doubles())
    guard ranking.weights.count == Lesson.rankingPrior(encoders: encoders).count,
      certainty.weights.count == Lesson.certaintyPrior.count
    else { throw ByteReader.Ended() }
    var trials: [Lesson.Trial] = []
    for _ in 0..<(try reader.count(of: 33)) {
      let (unit, topic) = (try reader.integer(), try reader.integer())
      let (hasAnswer, weight) = (try reader.flag(), try reader.double())
      let (ranked, confidences) = (try reader.integers(), try reader.doubles())
      guard (0..<units).contains(unit), topic < topics, ranked.count == confidences.count,
        ranked.allSatisfy({ (0..<topics).contains($0) })
      else { throw ByteReader.Ended() }
      trials.append(
        Lesson.Trial(
          unit: unit, topic: topic, hasAnswer: hasAnswer, weight: weight,
          ranked: zip(ranked, confidences).map { HeldOutTrial.Ranked(topic: $0, confidence: $1) }))
    }
    return Lesson(ranking: ranking, certainty: certainty, trials: trials)
  }
}
