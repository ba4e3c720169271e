/// A row of a vector table that was found.
package struct VectorHit: Sendable, Hashable {
  package var row: Int
  /// The product with what was asked for: the cosine where both have length 1.
  package var score: Float
}

/// The best rows so far; of equal scores the lower row. A heap with the worst on top.
package struct BestRows {
  private let capacity: Int
  private var heap: [VectorHit] = []
  /// Scores below this cannot get in.
  package private(set) var bar = -Float.infinity

  package init(_ capacity: Int) { self.capacity = capacity }

  private static func isWorse(_ one: VectorHit, _ other: VectorHit) -> Bool {
    one.score != other.score ? one.score < other.score : one.row > other.row
  }

  package mutating func consider(_ row: Int, _ score: Float) {
    let hit = VectorHit(row: row, score: score)
    if heap.count < capacity {
      heap.append(hit)
      var at = heap.count - 1
      while at > 0, Self.isWorse(heap[at], heap[(at - 1) / 2]) {
        heap.swapAt(at, (at - 1) / 2)
        at = (at - 1) / 2
      }
    } else {
      guard let worst = heap.first, Self.isWorse(worst, hit) else { return }
      heap[0] = hit
      var at = 0
      while true {
        var next = at
        for child in [2 * at + 1, 2 * at + 2] where child < heap.count && Self.isWorse(heap[child], heap[next]) {
          next = child
        }
        if next == at { break }
        heap.swapAt(at, next)
        at = next
      }
    }
    if heap.count == capacity { bar = heap[0].score }
  }

  /// Best first.
  package func sorted() -> [VectorHit] { heap.sorted { Self.isWorse($1, $0) } }
}
