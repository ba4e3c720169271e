import Foundation
import Retrieval
import Tensors

/// ΦᵀWΦ + λR and the transpose of ΦᵀWY, summed up over blocks of rows.
struct NormalEquations {
  /// The lower triangle: landmarks first, then n-grams.
  let matrix: FloatMatrix
  /// For each topic, a number for each landmark and each n-gram.
  let right: FloatMatrix

  /// So many rows' nearness takes 25 MB.
  private static let block = 2_048

  private let training: LandmarkTraining
  private let count: Int

  init(_ training: LandmarkTraining, _ landmarks: VectorTable?) {
    self.training = training
    count = landmarks?.count ?? 0
    let size = count + HashedFeatures.count
    matrix = FloatMatrix(rows: size, columns: size)
    right = FloatMatrix(rows: training.topicCount, columns: size)
    for start in stride(from: 0, to: training.rows.count, by: Self.block) {
      let range = start..<min(start + Self.block, training.rows.count)
      let nearness = training.nearness(of: Array(range), landmarks)
      addTargets(range, nearness)
      let grams = GramIndex(training.rows, in: range)
      addMixed(range, nearness, grams)
      addGrams(range, grams)
      guard count > 0 else { continue }
      for (line, row) in range.enumerated() {
        Kernels.scale(nearness.row(line), count: count, by: training.rows[row].weight.squareRoot())
      }
      matrix.addSquare(of: nearness)
    }
    addPenalty(landmarks)
  }

  private func addTargets(_ range: Range<Int>, _ nearness: FloatMatrix) {
    for (line, row) in range.enumerated() where training.rows[row].topic >= 0 {
      let (target, weight) = (right.row(training.rows[row].topic), training.rows[row].weight)
      FloatMatrix.add(nearness.row(line), times: weight, count: count, to: target)
      for entry in training.rows[row].input.grams.entries { target[count + entry.place] += weight * entry.value }
    }
  }

  /// N-grams with landmarks: for each n-gram the sum of the rows that have it, a few columns at a time, so that what is
  /// read again and again stays near.
  private func addMixed(_ range: Range<Int>, _ nearness: FloatMatrix, _ grams: GramIndex) {
    guard count > 0 else { return }
    let width = Kernels.rowsChunk
    let factors = grams.rows.indices.map {
      grams.values[$0] * training.rows[range.lowerBound + Int(grams.rows[$0])].weight
    }
    DispatchQueue.concurrentPerform(iterations: (count + width - 1) / width) { number in
      let first = number * width
      let own = min(width, count - first)
      let slice = FloatMatrix(rows: range.count, columns: width)
      for line in 0..<range.count { slice.row(line).update(from: nearness.row(line) + first, count: own) }
      // Where the last columns are fewer, the line of the matrix goes on with other things.
      let last = FloatMatrix(rows: 1, columns: width)
      grams.rows.withUnsafeBufferPointer { rows in
        factors.withUnsafeBufferPointer { factors in
          guard let rows = rows.baseAddress, let factors = factors.baseAddress else { return }
          for gram in 0..<HashedFeatures.count where grams.starts[gram] < grams.starts[gram + 1] {
            let target = matrix.row(count + gram) + first
            let result = own == width ? target : last.pointer
            if own < width { result.update(from: target, count: own) }
            Kernels.addRows(
              slice.pointer, places: rows + grams.starts[gram], factors: factors + grams.starts[gram],
              count: grams.starts[gram + 1] - grams.starts[gram], to: result)
            if own < width { target.update(from: result, count: own) }
          }
        }
      }
    }
  }

  /// N-grams with one another.
  private func addGrams(_ range: Range<Int>, _ grams: GramIndex) {
    let entries = range.flatMap { training.rows[$0].input.grams.entries }
    let starts = range.reduce(into: [0]) { starts, row in
      starts.append((starts.last ?? 0) + training.rows[row].input.grams.entries.count)
    }
    let weights = range.map { training.rows[$0].weight }
    let share = 64
    DispatchQueue.concurrentPerform(iterations: HashedFeatures.count / share) { number in
      entries.withUnsafeBufferPointer { entries in
        for gram in (number * share)..<((number + 1) * share) {
          let line = matrix.row(count + gram) + count
          for place in grams.places(of: gram) {
            let row = Int(grams.rows[place])
            let value = grams.values[place] * weights[row]
            var entry = starts[row]
            // The row has the n-gram itself, so that this comes to an end.
            while entries[entry].place < gram {
              line[entries[entry].place] += value * entries[entry].value
              entry += 1
            }
            line[gram] += value * entries[entry].value
          }
        }
      }
    }
  }

  private func addPenalty(_ landmarks: VectorTable?) {
    if let landmarks {
      // Floats tell landmarks that lie side by side apart by this much.
      let slack = Float(training.rows.count) * 1e-6
      let share = 64
      DispatchQueue.concurrentPerform(iterations: (count + share - 1) / share) { number in
        let own = (number * share)..<min((number + 1) * share, count)
        let products = FloatMatrix(rows: own.count, columns: count)
        landmarks.products(of: own.map(landmarks.vector), into: products.pointer, stride: count)
        Kernels.gaussian(products.pointer, count: own.count * count, sharpness: TopicClassifier.sharpness)
        for (line, place) in own.enumerated() {
          FloatMatrix.add(products.row(line), times: TopicClassifier.ridge, count: place + 1, to: matrix.row(place))
          matrix[place, place] += slack
        }
      }
    }
    for gram in 0..<HashedFeatures.count { matrix[count + gram, count + gram] += TopicClassifier.ridge }
  }
}
