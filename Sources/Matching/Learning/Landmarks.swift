import Dispatch
import Foundation
import Synchronization
import Tensors

/// Picks vectors that stand for all rows: the middles of each topic's clusters.
enum Landmarks {
  struct Landmark: Sendable {
    var topic: Int
    /// Of length 1.
    var vector: [Float]
  }

  private static let rounds = 6

  /// - Parameters:
  ///   - most: how many, about; each topic has at least one.
  ///   - vector: of a row; by default its own.
  static func choose(
    _ rows: [ClassifierRow], most: Int, vector: (@Sendable (Int) -> [Float]?)? = nil
  ) -> [Landmark] {
    let byTopic = Dictionary(grouping: rows.indices, by: { rows[$0].topic }).sorted { $0.key < $1.key }
    // A topic of four times the rows has twice the landmarks.
    let roots = byTopic.map { Double($0.value.count).squareRoot() }
    let all = max(roots.reduce(0, +), 1)
    let found = Mutex<[Int: [Landmark]]>([:])
    DispatchQueue.concurrentPerform(iterations: byTopic.count) { place in
      let (topic, members) = byTopic[place]
      let wanted = min(members.count, max(1, Int((roots[place] / all * Double(most)).rounded())))
      let vectors = members.compactMap { vector?($0) ?? rows[$0].input.vector }
      let landmarks = middles(of: vectors, count: wanted).map { Landmark(topic: topic, vector: $0) }
      found.withLock { $0[place] = landmarks }
    }
    let landmarks = found.withLock { $0 }
    return byTopic.indices.flatMap { landmarks[$0] ?? [] }
  }

  /// Spherical k-means from evenly spread members.
  static func middles(of vectors: [[Float]], count: Int) -> [[Float]] {
    guard count < vectors.count, let dimension = vectors.first?.count else { return vectors }
    let all = FloatMatrix(rows: vectors.count, columns: dimension)
    for (number, vector) in vectors.enumerated() { vector.withUnsafeBufferPointer { all.fill(row: number, with: $0) } }
    let middles = FloatMatrix(rows: count, columns: dimension)
    for number in 0..<count {
      vectors[number * vectors.count / count].withUnsafeBufferPointer { middles.fill(row: number, with: $0) }
    }
    let products = FloatMatrix(rows: 1, columns: count)
    for _ in 0..<rounds {
      let sums = FloatMatrix(rows: count, columns: dimension)
      for number in vectors.indices {
        Kernels.products(
          all.row(number), middles.pointer, columns: dimension, rows: count, into: products.pointer)
        var nearest = 0
        for place in 1..<max(count, 1) where products.pointer[place] > products.pointer[nearest] { nearest = place }
        Kernels.add(all.row(number), to: sums.row(nearest), count: dimension)
      }
      for number in 0..<count where Kernels.normalize(sums.row(number), count: dimension) {
        middles.fill(row: number, with: UnsafeBufferPointer(start: sums.row(number), count: dimension))
      }
    }
    return (0..<count).map { Array(UnsafeBufferPointer(start: middles.row($0), count: dimension)) }
  }
}

extension FloatMatrix {
  /// Numbers that the row has no room for are left out.
  func fill(row: Int, with numbers: UnsafeBufferPointer<Float>) {
    guard let start = numbers.baseAddress else { return }
    self.row(row).update(from: start, count: min(columns, numbers.count))
  }
}
