import Foundation
import Retrieval
import Tensors

/// What a set S of rows would get if it were not learnt from: e_S = (I − H_SS)⁻¹ (Y_S − F_S), with the hat matrix
/// H = Φ (ΦᵀWΦ + λR)⁻¹ ΦᵀW (Hastie et al. 2009, §7.10). The landmarks stay, which their number makes harmless.
struct LeaveOut {
  let training: LandmarkTraining
  let landmarks: VectorTable?
  let factor: CholeskyFactor
  /// For each landmark and each n-gram, a number for each topic.
  let solution: FloatMatrix

  /// Rows at once: of H only what lies within a topic, or on the diagonal, is asked for.
  private static let batch = 512

  private var rows: [ClassifierRow] { training.rows }
  private var topicCount: Int { training.topicCount }

  func fill(_ trained: inout TrainedClassifier, _ holdOut: HoldOut) {
    let topics = Dictionary(grouping: holdOut.topics, by: { rows[$0].topic }).sorted { $0.key < $1.key }.map(\.value)
    let inTopics = Set(holdOut.topics)
    let alone = Set(holdOut.alone)
    let others = holdOut.alone.filter { !inTopics.contains($0) }
    for blocks in Self.batches(topics) {
      let batch = Batch(self, blocks.flatMap(\.self))
      fill(&trained, alone: alone, batch)
      fill(&trained, blocks: blocks, batch)
    }
    for start in stride(from: 0, to: others.count, by: Self.batch) {
      fill(&trained, alone: alone, Batch(self, Array(others[start..<min(start + Self.batch, others.count)])))
    }
  }

  /// Whole topics together, as long as there is room.
  private static func batches(_ topics: [[Int]]) -> [[[Int]]] {
    topics.reduce(into: [[[Int]]]()) { batches, topic in
      let last = batches.last?.reduce(0) { $0 + $1.count } ?? batch
      if last + topic.count <= batch { batches[batches.count - 1].append(topic) } else { batches.append([topic]) }
    }
  }

  /// What is worked out for several rows at once.
  private struct Batch {
    let rows: [Int]
    /// Y − F, a line a row.
    let missing: FloatMatrix
    /// L⁻¹√w·φ, a line a row: products of lines are the hat matrix.
    let halves: FloatMatrix

    init(_ leaveOut: LeaveOut, _ rows: [Int]) {
      self.rows = rows
      let nearness = leaveOut.training.nearness(of: rows, leaveOut.landmarks)
      missing = leaveOut.missing(rows, nearness)
      let columns = leaveOut.columns(rows, nearness)
      leaveOut.factor.halfSolve(columns)
      halves = columns.transposed()
    }

    func hat(_ one: Int, _ other: Int) -> Float {
      var product: Float = 0
      Kernels.products(halves.row(one), halves.row(other), columns: halves.columns, rows: 1, into: &product)
      return product
    }
  }

  private func fill(_ trained: inout TrainedClassifier, alone: Set<Int>, _ batch: Batch) {
    for (line, row) in batch.rows.enumerated() where alone.contains(row) {
      let left = max(1 - batch.hat(line, line), 1e-3)
      trained.alone[row] = (0..<topicCount).map { target(row, $0) - batch.missing[line, $0] / left }
    }
  }

  private func fill(_ trained: inout TrainedClassifier, blocks: [[Int]], _ batch: Batch) {
    var first = 0
    for block in blocks {
      let corner = FloatMatrix(rows: block.count, columns: block.count)
      let right = FloatMatrix(rows: block.count, columns: topicCount)
      for number in block.indices {
        for other in 0...number {
          corner[number, other] = (number == other ? 1.0002 : 0) - batch.hat(first + number, first + other)
        }
        let root = rows[block[number]].weight.squareRoot()
        FloatMatrix.add(batch.missing.row(first + number), times: root, count: topicCount, to: right.row(number))
      }
      first += block.count
      guard let small = CholeskyFactor(corner) else { continue }
      small.solve(right)
      for (number, row) in block.enumerated() {
        let root = rows[row].weight.squareRoot()
        trained.withoutTopic[row] = (0..<topicCount).map { target(row, $0) - right[number, $0] / root }
      }
    }
  }

  private func target(_ row: Int, _ topic: Int) -> Float { rows[row].topic == topic ? 1 : 0 }

  /// Y − F, a line a row.
  private func missing(_ some: [Int], _ nearness: FloatMatrix) -> FloatMatrix {
    let scores = FloatMatrix(rows: some.count, columns: topicCount)
    if nearness.columns > 0 { scores.addProduct(nearness, firstRowsOf: solution) }
    for (line, row) in some.enumerated() {
      let score = scores.row(line)
      for entry in rows[row].input.grams.entries {
        FloatMatrix.add(
          solution.row(nearness.columns + entry.place), times: entry.value, count: topicCount, to: score)
      }
      for topic in 0..<topicCount { score[topic] = target(row, topic) - score[topic] }
    }
    return scores
  }

  private func columns(_ some: [Int], _ nearness: FloatMatrix) -> FloatMatrix {
    let columns = FloatMatrix(rows: factor.size, columns: some.count)
    for (line, row) in some.enumerated() {
      let root = rows[row].weight.squareRoot()
      for place in 0..<nearness.columns { columns[place, line] = nearness[line, place] * root }
      for entry in rows[row].input.grams.entries { columns[nearness.columns + entry.place, line] = entry.value * root }
    }
    return columns
  }
}
