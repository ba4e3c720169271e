import Tensors
import Testing

@testable import Matching

/// What is said in closed form is held against really training again.
@Suite struct ExactTrainingTests {
  /// Sums of floats, and vectors kept in a byte a number, are right to about this.
  private static let tolerance: Float = 4e-3

  static let problems: [(name: String, problem: Problem)] = [
    ("words alone", Problem(seed: 1, rows: 18, topics: 3, dimension: nil)),
    ("vectors", Problem(seed: 2, rows: 20, topics: 4, dimension: 24)),
    ("weights", Problem(seed: 3, rows: 22, topics: 3, dimension: 16, weights: [1, 0.3, 2])),
    ("out of scope", Problem(seed: 4, rows: 21, topics: 3, dimension: 16, outOfScope: 6, weights: [1, 0.3])),
    (
      "words alone, out of scope, weights",
      Problem(seed: 5, rows: 24, topics: 5, dimension: nil, outOfScope: 4, weights: [0.3, 1])
    ),
    ("a topic a row", Problem(seed: 6, rows: 8, topics: 40, dimension: 8)),
    ("one topic", Problem(seed: 7, rows: 7, topics: 1, dimension: 8, outOfScope: 2)),
    ("one dimension", Problem(seed: 8, rows: 9, topics: 2, dimension: 1)),
  ]

  @Test(arguments: problems)
  func `a row held out scores as after training without it`(_ name: String, _ problem: Problem) throws {
    let trained = try ExactTraining(rows: problem.rows, topicCount: problem.topicCount).train(problem.everything)
    for row in problem.rows.indices {
      let again = try ExactTraining(rows: problem.without([row]), topicCount: problem.topicCount)
        .train(HoldOut(alone: [], topics: [])).classifier
      #expect(distance(trained.alone[row], again.scores(problem.rows[row].input)) < Self.tolerance, "row \(row)")
    }
  }

  @Test(arguments: problems)
  func `a topic held out scores as after training without all of its rows`(_ name: String, _ problem: Problem) throws {
    let trained = try ExactTraining(rows: problem.rows, topicCount: problem.topicCount).train(problem.everything)
    for topic in Set(problem.rows.map(\.topic)) {
      let members = problem.members(of: topic)
      guard members.count < problem.rows.count else { continue }
      let again = try ExactTraining(rows: problem.without(members), topicCount: problem.topicCount)
        .train(HoldOut(alone: [], topics: [])).classifier
      for row in members {
        #expect(
          distance(trained.withoutTopic[row], again.scores(problem.rows[row].input)) < Self.tolerance, "row \(row)")
        if topic >= 0 { #expect((trained.withoutTopic[row]?[topic] ?? 1).magnitude < Self.tolerance) }
      }
    }
  }

  @Test(arguments: problems)
  func `rows that are learnt from score nearer to what they are than held out`(
    _ name: String, _ problem: Problem
  ) throws {
    let trained = try ExactTraining(rows: problem.rows, topicCount: problem.topicCount).train(problem.everything)
    for (number, row) in problem.rows.enumerated() where row.topic >= 0 {
      let learnt = trained.classifier.scores(row.input)[row.topic]
      let heldOut = try #require(trained.alone[number])[row.topic]
      #expect((1 - learnt).magnitude < (1 - heldOut).magnitude + Self.tolerance)
      #expect(learnt > heldOut - Self.tolerance)
    }
  }

  @Test func `only what is asked for is held out`() throws {
    let problem = Problem(seed: 9, rows: 12, topics: 2, dimension: 8)
    let topic = problem.members(of: 1)
    let trained = try ExactTraining(rows: problem.rows, topicCount: 2).train(HoldOut(alone: [3], topics: topic))
    #expect(Array(trained.alone.keys) == [3])
    #expect(trained.withoutTopic.keys.sorted() == topic)
  }

  @Test func `the same rows give the same bits`() throws {
    let problem = Problem(seed: 10, rows: 60, topics: 5, dimension: 24, outOfScope: 5)
    let training = ExactTraining(rows: problem.rows, topicCount: 5)
    let (one, other) = (try training.train(problem.everything), try training.train(problem.everything))
    #expect(one.alone == other.alone && one.withoutTopic == other.withoutTopic)
    #expect(one.classifier.landmarkWeights.elements == other.classifier.landmarkWeights.elements)
  }

  // What a workspace may hold.

  @Test func `no rows is an error, and the ranker does without`() {
    #expect(throws: TrainingError.self) {
      try ExactTraining(rows: [], topicCount: 0).train(HoldOut(alone: [], topics: []))
    }
    #expect(
      TopicClassifier.silent(topicCount: 2).scores(Problem(seed: 1, rows: 1, topics: 1, dimension: 4).rows[0].input)
        == [0, 0])
  }

  @Test func `one row speaks for its topic, and for nothing once it is held out`() throws {
    let problem = Problem(seed: 11, rows: 1, topics: 1, dimension: 8)
    let trained = try ExactTraining(rows: problem.rows, topicCount: 1).train(problem.everything)
    #expect(trained.classifier.scores(problem.rows[0].input)[0] > 0.8)
    #expect(distance(trained.alone[0], [0]) < 1e-5)
    #expect(distance(trained.withoutTopic[0], [0]) < 1e-5)
  }

  @Test func `zero topics with rows out of scope only`() throws {
    var problem = Problem(seed: 12, rows: 5, topics: 1, dimension: 8, outOfScope: 5)
    problem.topicCount = 0
    let trained = try ExactTraining(rows: problem.rows, topicCount: 0).train(problem.everything)
    #expect(trained.classifier.scores(problem.rows[0].input) == [])
    #expect(trained.alone[2] == [])
  }

  @Test func `a line that two topics share is half of each, and held out the other's`() throws {
    var problem = Problem(seed: 13, rows: 10, topics: 2, dimension: 8)
    for place in 0..<10 { problem.rows[place].topic = place % 2 }
    problem.rows[1].input = problem.rows[0].input
    let trained = try ExactTraining(rows: problem.rows, topicCount: 2).train(problem.everything)
    let scores = trained.classifier.scores(problem.rows[0].input)
    #expect((scores[0] - scores[1]).magnitude < 0.2)
    let (first, second) = (try #require(trained.alone[0]), try #require(trained.alone[1]))
    #expect(first[1] > first[0] && second[0] > second[1])
  }

  @Test func `many copies of one line do not break it`() throws {
    var problem = Problem(seed: 14, rows: 40, topics: 2, dimension: 8)
    for place in problem.rows.indices {
      problem.rows[place].input = problem.rows[0].input
      problem.rows[place].topic = place % 4 == 0 ? 1 : 0
    }
    let trained = try ExactTraining(rows: problem.rows, topicCount: 2).train(problem.everything)
    let scores = trained.classifier.scores(problem.rows[0].input)
    #expect((scores[0] - 0.75).magnitude < 0.02 && (scores[1] - 0.25).magnitude < 0.02)
  }

  @Test func `a vector of zeros and a text without n-grams are near nothing`() throws {
    var problem = Problem(seed: 15, rows: 8, topics: 2, dimension: 8)
    problem.rows[0].input = TopicClassifier.Input(
      vector: [Float](repeating: 0, count: 8), grams: HashedFeatures([], scale: 1))
    let trained = try ExactTraining(rows: problem.rows, topicCount: 2).train(problem.everything)
    #expect(trained.classifier.scores(problem.rows[0].input).allSatisfy { $0.isFinite })
    #expect(trained.alone[0]?.allSatisfy { $0.magnitude < 0.3 } == true)
  }
}
