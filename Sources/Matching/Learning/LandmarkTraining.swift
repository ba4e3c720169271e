import Foundation
import Retrieval
import Tensors

/// Trains with some landmarks a topic, for many rows: (ΦᵀWΦ + λR)⁻¹ ΦᵀWY, where Φ holds each row's nearness to the landmarks
/// and its hashed n-grams.
///
/// Rows are gone through a block at a time, so that of Φ there is never more than a block.
struct LandmarkTraining {
  static let mostLandmarks = 3_072

  let rows: [ClassifierRow]
  let topicCount: Int
  /// How many landmarks, about.
  var most = LandmarkTraining.mostLandmarks
  /// The vectors of rows, where their inputs hold none because there are so many.
  var vectors: (@Sendable (Int) -> [Float]?)?

  func train(_ holdOut: HoldOut) throws -> TrainedClassifier {
    let chosen = rows.isEmpty || vector(of: 0) == nil ? [] : Landmarks.choose(rows, most: most, vector: vectors)
    let landmarks = try table(chosen)
    let equations = NormalEquations(self, landmarks)
    guard let factor = CholeskyFactor(equations.matrix) else { throw TrainingError.notPositive }
    let solution = equations.right.transposed()
    factor.solve(solution)
    let weights = solution.transposed()
    let classifier = TopicClassifier(
      landmarks: landmarks, landmarkTopics: chosen.map(\.topic),
      landmarkWeights: FloatRows(weights.columns(0..<chosen.count)),
      gramWeights: FloatRows(weights.columns(chosen.count..<(chosen.count + HashedFeatures.count))))
    var trained = TrainedClassifier(classifier: classifier, alone: [:], withoutTopic: [:])
    LeaveOut(training: self, landmarks: landmarks, factor: factor, solution: solution).fill(&trained, holdOut)
    return trained
  }

  func vector(of row: Int) -> [Float]? { vectors?(row) ?? rows[row].input.vector }

  private func table(_ chosen: [Landmarks.Landmark]) throws -> VectorTable? {
    guard let dimension = chosen.first?.vector.count else { return nil }
    var builder = try VectorTableBuilder(dimension: dimension, reserving: chosen.count)
    for landmark in chosen { try builder.add(landmark.vector) }
    return try VectorTable(HeldBytes(builder.finish(groupedAbove: .max)))
  }

  /// What the landmarks make of some rows, a row each.
  func nearness(of some: [Int], _ landmarks: VectorTable?) -> FloatMatrix {
    let nearness = FloatMatrix(rows: some.count, columns: landmarks?.count ?? 0)
    guard let landmarks else { return nearness }
    let share = 64
    DispatchQueue.concurrentPerform(iterations: (some.count + share - 1) / share) { number in
      let own = (number * share)..<min((number + 1) * share, some.count)
      let start = nearness.row(own.lowerBound)
      landmarks.products(of: own.map { vector(of: some[$0]) ?? [] }, into: start, stride: nearness.columns)
      Kernels.gaussian(start, count: own.count * nearness.columns, sharpness: TopicClassifier.sharpness)
    }
    return nearness
  }
}
