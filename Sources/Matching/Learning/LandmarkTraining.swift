import Foundation
import Retrieval
import Tensors

/// Trains with some landmarks a topic, for many rows: (ΦᵀWΦ + λR)⁻¹ ΦᵀWY, where Φ holds each row's nearness to the landmarks
/// and its hashed n-grams.
///
/// What a set S of rows would get if it were not learnt from: e_S = (I − H_SS)⁻¹ (Y_S − F_S), with the hat matrix
/// H = Φ (ΦᵀWΦ + λR)⁻¹ ΦᵀW (Hastie et al. 2009, §7.10). The landmarks stay, which their number makes harmless.
struct LandmarkTraining {
  static let mostLandmarks = 3_072

  let rows: [ClassifierRow]
  let topicCount: Int
  /// How many landmarks, about.
  var most = LandmarkTraining.mostLandmarks

  func train(_ holdOut: HoldOut) throws -> TrainedClassifier {
    let chosen = rows.first?.input.vector == nil ? [] : Landmarks.choose(rows, most: most)
    let landmarks = try table(chosen)
    let count = chosen.count
    let nearness = nearness(landmarks)
    let size = count + HashedFeatures.count
    let gram = gramMatrix(nearness, landmarks, size: size)
    let right = FloatMatrix(rows: size, columns: max(topicCount, 1))
    for (number, row) in rows.enumerated() where row.topic >= 0 {
      for place in 0..<count { right[place, row.topic] += row.weight * nearness[number, place] }
      for entry in row.input.grams.entries { right[count + entry.place, row.topic] += row.weight * entry.value }
    }
    guard let factor = CholeskyFactor(gram) else { throw TrainingError.notPositive }
    factor.solve(right)
    let landmarkWeights = FloatMatrix(rows: topicCount, columns: count)
    let gramWeights = FloatMatrix(rows: topicCount, columns: HashedFeatures.count)
    for topic in 0..<topicCount {
      for place in 0..<count { landmarkWeights[topic, place] = right[place, topic] }
      for place in 0..<HashedFeatures.count { gramWeights[topic, place] = right[count + place, topic] }
    }
    let classifier = TopicClassifier(
      landmarks: landmarks, landmarkTopics: chosen.map(\.topic), landmarkWeights: FloatRows(landmarkWeights),
      gramWeights: FloatRows(gramWeights))
    var trained = TrainedClassifier(classifier: classifier, alone: [:], withoutTopic: [:])
    leaveOut(holdOut, nearness, factor, &trained)
    return trained
  }

  private func table(_ chosen: [Landmarks.Landmark]) throws -> VectorTable? {
    guard let dimension = chosen.first?.vector.count else { return nil }
    var builder = try VectorTableBuilder(dimension: dimension, reserving: chosen.count)
    for landmark in chosen { try builder.add(landmark.vector) }
    return try VectorTable(HeldBytes(builder.finish(groupedAbove: .max)))
  }

  private func nearness(_ landmarks: VectorTable?) -> FloatMatrix {
    let nearness = FloatMatrix(rows: rows.count, columns: landmarks?.count ?? 0)
    guard let landmarks else { return nearness }
    DispatchQueue.concurrentPerform(iterations: rows.count) { number in
      guard let vector = rows[number].input.vector else { return }
      let line = nearness.row(number)
      for (place, product) in landmarks.products(of: vector, with: 0..<landmarks.count).enumerated() {
        line[place] = exp(TopicClassifier.sharpness * (product - 1))
      }
    }
    return nearness
  }

  /// The lower triangle: landmarks first, then n-grams.
  private func gramMatrix(_ nearness: FloatMatrix, _ landmarks: VectorTable?, size: Int) -> FloatMatrix {
    let count = nearness.columns
    let gram = FloatMatrix(rows: size, columns: size)
    if let landmarks {
      let weighted = FloatMatrix(rows: rows.count, columns: count)
      for (number, row) in rows.enumerated() {
        FloatMatrix.add(nearness.row(number), times: row.weight, count: count, to: weighted.row(number))
      }
      let corner = FloatMatrix(rows: count, columns: count)
      corner.addProduct(transposed: weighted, nearness, lowerOnly: true)
      // Floats tell landmarks that lie side by side apart by this much.
      let slack = Float(rows.count) * 1e-6
      for place in 0..<count {
        let products = landmarks.products(of: landmarks.vector(place), with: 0..<(place + 1))
        for other in 0...place {
          gram[place, other] =
            corner[place, other] + TopicClassifier.ridge * exp(TopicClassifier.sharpness * (products[other] - 1))
        }
        gram[place, place] += slack
      }
    }
    let index = GramIndex(rows)
    DispatchQueue.concurrentPerform(iterations: HashedFeatures.count) { place in
      let line = gram.row(count + place)
      for posting in index.postings[place] {
        let row = rows[posting.row]
        let value = posting.value * row.weight
        FloatMatrix.add(nearness.row(posting.row), times: value, count: count, to: line)
        for entry in row.input.grams.entries {
          guard entry.place <= place else { break }
          line[count + entry.place] += value * entry.value
        }
      }
      line[count + place] += TopicClassifier.ridge
    }
    return gram
  }

  private func leaveOut(
    _ holdOut: HoldOut, _ nearness: FloatMatrix, _ factor: CholeskyFactor, _ trained: inout TrainedClassifier
  ) {
    let wanted = Set(holdOut.alone).union(holdOut.topics).sorted()
    guard !wanted.isEmpty else { return }
    let count = nearness.columns
    // Column by column L⁻¹√w·φ, so that products of columns are the hat matrix.
    let columns = FloatMatrix(rows: factor.size, columns: wanted.count)
    var columnOf: [Int: Int] = [:]
    for (column, number) in wanted.enumerated() {
      columnOf[number] = column
      let root = rows[number].weight.squareRoot()
      for place in 0..<count { columns[place, column] = nearness[number, place] * root }
      for entry in rows[number].input.grams.entries { columns[count + entry.place, column] = entry.value * root }
    }
    factor.halfSolve(columns)
    let hat = FloatMatrix(rows: wanted.count, columns: wanted.count)
    hat.addProduct(transposed: columns, columns)
    let all = Array(0..<topicCount)
    func fitted(_ number: Int) -> [Float] {
      let line = Array(UnsafeBufferPointer(start: nearness.row(number), count: count))
      return trained.classifier.scores(rows[number].input, nearness: line, topics: all)
    }
    for number in holdOut.alone {
      guard let column = columnOf[number] else { continue }
      let left = max(1 - hat[column, column], 1e-3)
      let scores = fitted(number)
      trained.alone[number] = all.map { topic in
        let target: Float = rows[number].topic == topic ? 1 : 0
        return target - (target - scores[topic]) / left
      }
    }
    for (_, block) in Dictionary(grouping: holdOut.topics, by: { rows[$0].topic }).sorted(by: { $0.key < $1.key }) {
      let corner = FloatMatrix(rows: block.count, columns: block.count)
      let right = FloatMatrix(rows: block.count, columns: topicCount)
      for (line, row) in block.enumerated() {
        let scores = fitted(row)
        let root = rows[row].weight.squareRoot()
        for topic in all { right[line, topic] = ((rows[row].topic == topic ? 1 : 0) - scores[topic]) * root }
        for (place, other) in block.enumerated() {
          corner[line, place] = (line == place ? 1.0002 : 0) - hat[columnOf[row] ?? 0, columnOf[other] ?? 0]
        }
      }
      guard let small = CholeskyFactor(corner) else { continue }
      small.solve(right)
      for (line, row) in block.enumerated() {
        let root = rows[row].weight.squareRoot()
        trained.withoutTopic[row] = all.map { (rows[row].topic == $0 ? 1 : 0) - right[line, $0] / root }
      }
    }
  }
}
