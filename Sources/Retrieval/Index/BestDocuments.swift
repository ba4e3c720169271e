/// The best documents so far: a heap with the worst of them on top. Which they are does not depend on the order in which
/// documents come.
struct BestDocuments {
  struct Entry {
    var score: Int32
    var number: UInt32

    func isWorse(than other: Entry) -> Bool {
      score != other.score ? score < other.score : number > other.number
    }
  }

  private let capacity: Int
  private let allows: ((UInt32) -> Bool)?
  private var heap: [Entry] = []
  /// The lowest score that may still get in.
  private(set) var bar: Int32 = 1

  init(_ capacity: Int, allows: ((UInt32) -> Bool)?) {
    self.capacity = capacity
    self.allows = allows
    heap.reserveCapacity(min(capacity, 1_024))
  }

  /// Whether a document of this score and at least this number may get in.
  func admits(_ score: Int32, from number: UInt32) -> Bool {
    guard score >= bar else { return false }
    return heap.count < capacity || score > bar || number < heap[0].number
  }

  mutating func consider(_ score: Int32, _ number: UInt32) {
    guard admits(score, from: number), allows?(number) ?? true else { return }
    let entry = Entry(score: score, number: number)
    if heap.count < capacity {
      heap.append(entry)
      var at = heap.count - 1
      while at > 0, heap[at].isWorse(than: heap[(at - 1) / 2]) {
        heap.swapAt(at, (at - 1) / 2)
        at = (at - 1) / 2
      }
      if heap.count == capacity { bar = heap[0].score }
      return
    }
    heap[0] = entry
    var at = 0
    while true {
      var worst = at
      for child in [2 * at + 1, 2 * at + 2] where child < heap.count && heap[child].isWorse(than: heap[worst]) {
        worst = child
      }
      if worst == at { break }
      heap.swapAt(at, worst)
      at = worst
    }
    bar = heap[0].score
  }

  /// Best first.
  func sorted() -> [Entry] { heap.sorted { $1.isWorse(than: $0) } }
}
