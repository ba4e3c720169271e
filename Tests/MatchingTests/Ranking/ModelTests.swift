import Foundation
import Testing

@testable import Matching

@Suite struct TopicModelTests {
  /// Choices among `size` topics that somebody of these weights would make.
  private func choices(_ count: Int, weights: [Double], seed: UInt64) -> [TopicModel.Choice] {
    var draws = Problem(seed: seed, rows: 0, topics: 1, dimension: nil)
    return (0..<count).map { _ in
      let vectors = (0..<5).map { _ in weights.map { _ in Double(draws.uniform()) } }
      let scores = vectors.map { exp(TopicModel(weights: weights).score($0)) }
      var left = Double(draws.uniform() + 1) / 2 * scores.reduce(0, +)
      var meant = 0
      while meant < 4, left > scores[meant] {
        left -= scores[meant]
        meant += 1
      }
      return TopicModel.Choice(vectors: vectors, meant: meant, weight: 1)
    }
  }

  @Test func `known weights are found again in the choices they lead to`() {
    let weights = [3.0, 1.5, 0.5, 0]
    let model = TopicModel.fit(
      choices(2_000, weights: weights, seed: 1), prior: [0, 0, 0, 0], strength: 0.1)
    for (found, real) in zip(model.weights, weights) { #expect(abs(found - real) < 0.25) }
  }

  @Test func `without choices it is the prior`() {
    #expect(TopicModel.fit([], prior: [5, 0, 2], strength: 1).weights == [5, 0, 2])
    #expect(TopicModel.fit([], prior: [], strength: 1).weights == [])
  }

  @Test func `evidence never counts against what it speaks for`() {
    let model = TopicModel.fit(choices(500, weights: [2, -3, 1], seed: 2), prior: [1, 1, 1], strength: 0.1)
    #expect(model.weights.allSatisfy { $0 >= 0 })
    #expect(model.weights[1] == 0)
    #expect(model.weights[0] > 1)
  }

  @Test func `a choice of one topic teaches nothing, and weights of 0 neither`() {
    let single = TopicModel.Choice(vectors: [[1, 0]], meant: 0, weight: 1)
    #expect(TopicModel.fit([single, single], prior: [2, 1], strength: 1).weights == [2, 1])
    let unweighed = TopicModel.Choice(vectors: [[1, 0], [0, 1]], meant: 1, weight: 0)
    #expect(TopicModel.fit([unweighed], prior: [2, 1], strength: 1).weights == [2, 1])
  }

  @Test func `the stronger the prior, the less a few choices move it`() {
    let few = choices(5, weights: [6, 0], seed: 3)
    let (weak, strong) = (
      TopicModel.fit(few, prior: [1, 1], strength: 0.1), TopicModel.fit(few, prior: [1, 1], strength: 100)
    )
    #expect(abs(strong.weights[0] - 1) < 0.1)
    #expect(abs(weak.weights[0] - 1) > abs(strong.weights[0] - 1))
  }

  @Test func `choices that one signal decides wholly do not lead to infinity`() {
    let certain = (0..<200).map { _ in TopicModel.Choice(vectors: [[1, 0.2], [0, 0.3]], meant: 0, weight: 1) }
    let model = TopicModel.fit(certain, prior: [1, 1], strength: 0.5)
    #expect(model.weights.allSatisfy { $0.isFinite && $0 < 100 })
    #expect(model.score([1, 0.2]) > model.score([0, 0.3]) + 2)
  }
}

@Suite struct LogisticModelTests {
  private func samples(_ count: Int, weights: [Double], seed: UInt64) -> [LogisticModel.Sample] {
    var draws = Problem(seed: seed, rows: 0, topics: 1, dimension: nil)
    return (0..<count).map { _ in
      let vector = [2 * Double(draws.uniform()), 2 * Double(draws.uniform()), 1]
      let probability = LogisticModel(weights: weights).probability(vector)
      return LogisticModel.Sample(
        vector: vector, isPositive: Double(draws.uniform() + 1) / 2 < probability, weight: 1)
    }
  }

  @Test func `known weights are found again`() {
    let weights = [1.5, 0.5, -1]
    let model = LogisticModel.fit(
      samples(4_000, weights: weights, seed: 5), prior: LogisticModel(weights: [0, 0, 0]), strength: 0.1,
      floors: [0, 0, -1e9])
    for (found, real) in zip(model.weights, weights) { #expect(abs(found - real) < 0.2) }
  }

  @Test func `without samples it is the prior, and with them no weight falls below its floor`() {
    let prior = LogisticModel(weights: [1, 1, -2])
    #expect(LogisticModel.fit([], prior: prior, strength: 1, floors: [0, 0, -1e9]) == prior)
    let model = LogisticModel.fit(
      samples(500, weights: [-2, 1, 0], seed: 6), prior: prior, strength: 0.1, floors: [0, 0, -1e9])
    #expect(model.weights[0] == 0 && model.weights[1] > 0)
  }

  @Test func `samples that a line separates, or of one kind alone, do not lead to infinity`() {
    let separated = (0..<100).map {
      LogisticModel.Sample(vector: [Double($0 % 2), 1], isPositive: $0 % 2 == 1, weight: 1)
    }
    let model = LogisticModel.fit(
      separated, prior: LogisticModel(weights: [1, -1]), strength: 0.3, floors: [0, -1e9])
    #expect(model.weights.allSatisfy { $0.isFinite && abs($0) < 50 })
    #expect(model.probability([1, 1]) > 0.9 && model.probability([0, 1]) < 0.1)
    let right = separated.map { LogisticModel.Sample(vector: $0.vector, isPositive: true, weight: 1) }
    let sure = LogisticModel.fit(right, prior: LogisticModel(weights: [1, -1]), strength: 0.3, floors: [0, -1e9])
    #expect(sure.weights.allSatisfy { $0.isFinite && abs($0) < 50 })
  }

  @Test func `probabilities stay between 0 and 1, however large the score`() {
    let model = LogisticModel(weights: [1])
    #expect(model.probability([1e6]) == 1 && model.probability([-1e6]) == 0 && model.probability([0]) == 0.5)
  }
}

@Suite struct LinearSystemTests {
  @Test func `what is solved, multiplied again, is what was asked`() throws {
    var draws = Problem(seed: 7, rows: 0, topics: 1, dimension: nil)
    for size in 1...9 {
      let matrix = (0..<size).map { _ in (0..<size).map { _ in Double(draws.uniform()) } }
      let wanted = (0..<size).map { _ in Double(draws.uniform()) }
      let solution = try #require(LinearSystem.solve(matrix, wanted))
      for (row, number) in zip(matrix, wanted) {
        #expect(abs(zip(row, solution).reduce(0) { $0 + $1.0 * $1.1 } - number) < 1e-6)
      }
    }
  }

  @Test func `a zero on the diagonal is no obstacle, a singular matrix has no solution`() {
    #expect(LinearSystem.solve([[0, 1], [1, 0]], [2, 3]) == [3, 2])
    #expect(LinearSystem.solve([[1, 2], [2, 4]], [1, 2]) == nil)
    #expect(LinearSystem.solve([[0, 0], [0, 0]], [0, 0]) == nil)
    #expect(LinearSystem.solve([[.nan]], [1]) == nil)
    #expect(LinearSystem.solve([], []) == [])
  }
}
