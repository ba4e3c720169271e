import Foundation
import Retrieval
import Tensors

/// Trains with every row as a landmark: exact, for some thousand rows.
///
/// α = (K + λ W⁻¹)⁻¹ Y. What a row, or a set S of rows, would get if it were not learnt from follows from the inverse:
/// Y_S − ((K + λ W⁻¹)⁻¹_SS)⁻¹ α_S (Cawley and Talbot 2004, "Fast exact leave-one-out cross-validation of sparse
/// least-squares support vector machines").
struct ExactTraining {
  static let mostRows = 2_500

  let rows: [ClassifierRow]
  let topicCount: Int

  func train(_ holdOut: HoldOut) throws -> TrainedClassifier {
    let count = rows.count
    let landmarks = try table()
    guard let factor = CholeskyFactor(kernel(landmarks)) else { throw TrainingError.notPositive }
    let targets = FloatMatrix(rows: count, columns: max(topicCount, 1))
    for (number, row) in rows.enumerated() where row.topic >= 0 { targets[number, row.topic] = 1 }
    let solution = targets
    factor.solve(solution)
    let classifier = classifier(landmarks, solution)
    let wanted = Set(holdOut.alone).union(holdOut.topics).sorted()
    let inverse = FloatMatrix(rows: count, columns: wanted.count)
    var columnOf: [Int: Int] = [:]
    for (column, row) in wanted.enumerated() {
      inverse[row, column] = 1
      columnOf[row] = column
    }
    if !wanted.isEmpty { factor.solve(inverse) }
    var trained = TrainedClassifier(classifier: classifier, alone: [:], withoutTopic: [:])
    for row in holdOut.alone {
      guard let column = columnOf[row] else { continue }
      let own = inverse[row, column]
      trained.alone[row] = (0..<topicCount).map { (rows[row].topic == $0 ? 1 : 0) - solution[row, $0] / own }
    }
    for (_, block) in Dictionary(grouping: holdOut.topics, by: { rows[$0].topic }).sorted(by: { $0.key < $1.key }) {
      let corner = FloatMatrix(rows: block.count, columns: block.count)
      let right = FloatMatrix(rows: block.count, columns: topicCount)
      for (line, row) in block.enumerated() {
        for (place, other) in block.enumerated() { corner[line, place] = inverse[row, columnOf[other] ?? 0] }
        for topic in 0..<topicCount { right[line, topic] = solution[row, topic] }
      }
      guard let small = CholeskyFactor(corner) else { continue }
      small.solve(right)
      for (line, row) in block.enumerated() {
        trained.withoutTopic[row] = (0..<topicCount).map { (rows[row].topic == $0 ? 1 : 0) - right[line, $0] }
      }
    }
    return trained
  }

  private func table() throws -> VectorTable? {
    guard let dimension = rows.first?.input.vector?.count else { return nil }
    var builder = try VectorTableBuilder(dimension: dimension, reserving: rows.count)
    for row in rows { try builder.add(row.input.vector ?? []) }
    return try VectorTable(HeldBytes(builder.finish(groupedAbove: .max)))
  }

  private func kernel(_ landmarks: VectorTable?) -> FloatMatrix {
    let kernel = FloatMatrix(rows: rows.count, columns: rows.count)
    let index = GramIndex(rows)
    DispatchQueue.concurrentPerform(iterations: rows.count) { number in
      let line = kernel.row(number)
      if let landmarks, let vector = rows[number].input.vector {
        for (place, product) in landmarks.products(of: vector, with: 0..<rows.count).enumerated() {
          line[place] = product
        }
        Kernels.gaussian(line, count: rows.count, sharpness: TopicClassifier.sharpness)
      }
      for entry in rows[number].input.grams.entries {
        for place in index.places(of: entry.place) { line[Int(index.rows[place])] += entry.value * index.values[place] }
      }
      line[number] += TopicClassifier.ridge / rows[number].weight
    }
    return kernel
  }

  private func classifier(_ landmarks: VectorTable?, _ solution: FloatMatrix) -> TopicClassifier {
    let landmarkWeights = FloatMatrix(rows: topicCount, columns: landmarks == nil ? 0 : rows.count)
    let gramWeights = FloatMatrix(rows: topicCount, columns: HashedFeatures.count)
    for topic in 0..<topicCount {
      for (number, row) in rows.enumerated() {
        let said = solution[number, topic]
        if landmarks != nil { landmarkWeights[topic, number] = said }
        for entry in row.input.grams.entries { gramWeights[topic, entry.place] += said * entry.value }
      }
    }
    return TopicClassifier(
      landmarks: landmarks, landmarkTopics: rows.map(\.topic), landmarkWeights: FloatRows(landmarkWeights),
      gramWeights: FloatRows(gramWeights))
  }
}

enum TrainingError: Error {
  /// The lines are so alike that floats cannot tell them apart.
  case notPositive
}
