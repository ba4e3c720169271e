import Synchronization

/// Vectors that several threads fill in, each its own places.
final class VectorSlots: Sendable {
  private let slots: Mutex<[[Float]]>

  init(count: Int) { slots = Mutex(Array(repeating: [], count: count)) }

  func fill(from start: Int, _ vectors: [[Float]]) {
    slots.withLock { slots in
      for (offset, vector) in vectors.enumerated() { slots[start + offset] = vector }
    }
  }

  var vectors: [[Float]] { slots.withLock { $0 } }
}
