import Foundation
import Retrieval
import Tensors
import Testing

@testable import Matching

@Suite struct LandmarkTrainingTests {
  /// By name, with how near the closed form comes: a hundredth more on the diagonal keeps topics that explain
  /// themselves wholly from breaking it.
  static let problems: [(name: String, problem: Problem)] = [
    ("vectors", Problem(seed: 21, rows: 40, topics: 4, dimension: 24, outOfScope: 4)),
    ("weights", Problem(seed: 22, rows: 30, topics: 3, dimension: 16, weights: [1, 0.3, 2])),
    ("words alone", Problem(seed: 23, rows: 30, topics: 3, dimension: nil, outOfScope: 3, weights: [1, 0.3])),
  ]

  @Test(arguments: problems)
  func `with every row as a landmark it agrees with exact training`(_ name: String, _ problem: Problem) throws {
    let (rows, topicCount) = (problem.rows, problem.topicCount)
    let exact = try ExactTraining(rows: rows, topicCount: topicCount).train(problem.everything)
    let some = try LandmarkTraining(rows: rows, topicCount: topicCount).train(problem.everything)
    #expect(some.classifier.landmarkTopics.count == (rows[0].input.vector == nil ? 0 : rows.count))
    for (number, row) in rows.enumerated() {
      #expect(distance(exact.classifier.scores(row.input), some.classifier.scores(row.input)) < 0.01)
      #expect(distance(exact.alone[number], some.alone[number]) < 0.02)
      #expect(distance(exact.withoutTopic[number], some.withoutTopic[number]) < 0.03)
    }
    let strange = Problem(seed: 99, rows: 5, topics: 3, dimension: rows[0].input.vector?.count).rows
    for row in strange {
      #expect(distance(exact.classifier.scores(row.input), some.classifier.scores(row.input)) < 0.01)
    }
  }

  /// Landmarks fewer than rows: retraining is done in the dual, in doubles, with the kernel that the landmarks make.
  @Test(arguments: [(31, [Float(1)]), (32, [1, 0.3])])
  func `rows and topics held out score as after training without them, by the same landmarks`(
    _ seed: Int, _ weights: [Float]
  ) throws {
    let problem = Problem(seed: UInt64(seed), rows: 36, topics: 3, dimension: 12, outOfScope: 3, weights: weights)
    let training = LandmarkTraining(rows: problem.rows, topicCount: 3, most: 9)
    let trained = try training.train(problem.everything)
    let count = trained.classifier.landmarkTopics.count
    #expect((4...13).contains(count))
    let reference = LandmarkReference(problem, trained.classifier)
    for row in problem.rows.indices {
      let everything = reference.scores(of: row, without: [])
      #expect(distance(trained.classifier.scores(problem.rows[row].input), everything) < 5e-3)
      #expect(distance(trained.alone[row], reference.scores(of: row, without: [row])) < 0.01)
      let topic = problem.members(of: problem.rows[row].topic)
      #expect(distance(trained.withoutTopic[row], reference.scores(of: row, without: topic)) < 0.03)
    }
  }

  // What a workspace may hold.

  @Test func `no rows teach nothing`() throws {
    let trained = try LandmarkTraining(rows: [], topicCount: 2).train(HoldOut(alone: [], topics: []))
    let input = Problem(seed: 1, rows: 1, topics: 1, dimension: 4).rows[0].input
    #expect(trained.classifier.scores(input).allSatisfy { $0.magnitude < 1e-6 })
  }

  @Test func `identical rows, zero vectors and no topics`() throws {
    var problem = Problem(seed: 24, rows: 12, topics: 2, dimension: 8, outOfScope: 2)
    for place in 4..<12 { problem.rows[place].input = problem.rows[3].input }
    problem.rows[2].input.vector = [Float](repeating: 0, count: 8)
    let trained = try LandmarkTraining(rows: problem.rows, topicCount: 2).train(problem.everything)
    for row in problem.rows.indices {
      #expect(trained.classifier.scores(problem.rows[row].input).allSatisfy { $0.isFinite && $0.magnitude < 2 })
      #expect(trained.alone[row]?.allSatisfy { $0.isFinite && $0.magnitude < 2 } == true)
      #expect(trained.withoutTopic[row]?.allSatisfy { $0.isFinite && $0.magnitude < 2 } == true)
    }
    problem.topicCount = 0
    for place in problem.rows.indices { problem.rows[place].topic = -1 }
    let none = try LandmarkTraining(rows: problem.rows, topicCount: 0).train(problem.everything)
    #expect(none.alone[0] == [])
  }
}

/// Ridge regression on nearness to landmarks and n-grams, as kernel ridge regression of the kernel that they make:
/// φ(x)ᵀ R⁻¹ φ(y) + grams. Solved anew for every set of rows.
private struct LandmarkReference {
  let problem: Problem
  let kernel: [[Double]]

  init(_ problem: Problem, _ classifier: TopicClassifier) {
    self.problem = problem
    let count = classifier.landmarkTopics.count
    let near = problem.rows.map { classifier.nearness($0.input).map(Double.init) }
    let table = (0..<count).map { classifier.landmarks?.vector($0) ?? [] }
    var penalty = table.map {
      classifier.nearness(.init(vector: $0, grams: HashedFeatures([], scale: 1))).map(Double.init)
    }
    for row in 0..<count {
      for column in 0..<row { penalty[column][row] = penalty[row][column] }
      penalty[row][row] += Double(problem.rows.count) * 1e-6 / Double(TopicClassifier.ridge)
    }
    let solved = near.map { LinearSystem.solve(penalty, $0) ?? [] }
    kernel = problem.rows.indices.map { one in
      problem.rows.indices.map { other in
        zip(near[one], solved[other]).reduce(0) { $0 + $1.0 * $1.1 }
          + Double(problem.rows[one].input.grams.product(with: problem.rows[other].input.grams))
      }
    }
  }

  func scores(of row: Int, without left: [Int]) -> [Float] {
    let rows = problem.rows.indices.filter { !left.contains($0) }
    let matrix = rows.enumerated().map { place, one in
      rows.enumerated().map { other, number in
        kernel[one][number]
          + (place == other ? Double(TopicClassifier.ridge) / Double(problem.rows[one].weight) : 0)
      }
    }
    return (0..<problem.topicCount).map { topic in
      let said = LinearSystem.solve(matrix, rows.map { problem.rows[$0].topic == topic ? 1 : 0 }) ?? []
      return Float(zip(said, rows).reduce(0) { $0 + $1.0 * kernel[row][$1.1] })
    }
  }
}
