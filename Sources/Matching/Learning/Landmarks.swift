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

  /// - Parameter most: how many, about; each topic has at least one.
  static func choose(_ rows: [ClassifierRow], most: Int) -> [Landmark] {
    let byTopic = Dictionary(grouping: rows.indices, by: { rows[$0].topic }).sorted { $0.key < $1.key }
    // A topic of four times the rows has twice the landmarks.
    let roots = byTopic.map { Double($0.value.count).squareRoot() }
    let all = max(roots.reduce(0, +), 1)
    let found = Mutex<[Int: [Landmark]]>([:])
    DispatchQueue.concurrentPerform(iterations: byTopic.count) { place in
      let (topic, members) = byTopic[place]
      let wanted = min(members.count, max(1, Int((roots[place] / all * Double(most)).rounded())))
      let vectors = members.compactMap { rows[$0].input.vector }
      let landmarks = middles(of: vectors, count: wanted).map { Landmark(topic: topic, vector: $0) }
      found.withLock { $0[place] = landmarks }
    }
    let landmarks = found.withLock { $0 }
    return byTopic.indices.flatMap { landmarks[$0] ?? [] }
  }

  /// Spherical k-means from evenly spread members.
  static func middles(of vectors: [[Float]], count: Int) -> [[Float]] {
    guard count < vectors.count, let dimension = vectors.first?.count else { return vectors }
    var middles = (0..<count).map { vectors[$0 * vectors.count / count] }
    for _ in 0..<rounds {
      var sums = [[Float]](repeating: [Float](repeating: 0, count: dimension), count: count)
      for vector in vectors {
        var (nearest, best) = (0, -Float.infinity)
        for (number, middle) in middles.enumerated() {
          let product = middle.withUnsafeBufferPointer { middle in
            middle.baseAddress.map { Kernels.product(vector, $0) } ?? 0
          }
          if product > best { (nearest, best) = (number, product) }
        }
        for place in 0..<dimension { sums[nearest][place] += vector[place] }
      }
      for (number, sum) in sums.enumerated() {
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if length > 0 { middles[number] = sum.map { $0 / length } }
      }
    }
    return middles
  }
}
