import Synchronization

/// Vectors that several threads fill in, each its own places.
final class VectorSlots: Sendable {
  private let slots: Mutex<[[Float]]>

  init(count: Int) { slots = Mutex(Array(repeating: [], count: count)) }

  /// - Parameter places: as many as there are vectors.
  func fill(_ places: some Collection<Int>, _ vectors: [[Float]]) {
    slots.withLock { slots in
      for (place, vector) in zip(places, vectors) { slots[place] = vector }
    }
  }

  var vectors: [[Float]] { slots.withLock { $0 } }
}
