/// Words and characters of a text as a vector of fixed length: each n-gram is added to, or taken from, the number that its
/// hash names, so that products of two texts come out, on average, as those of all their n-grams (Weinberger et al. 2009,
/// "Feature Hashing for Large Scale Multitask Learning").
struct HashedFeatures: Sendable {
  static let count = 4_096

  struct Entry: Sendable {
    private var number: UInt16
    var value: Float

    init(place: Int, value: Float) {
      number = UInt16(truncatingIfNeeded: place)
      self.value = value
    }

    var place: Int { Int(number) }
  }

  /// By rising place, each once.
  let entries: [Entry]

  init(_ weighted: [(key: FeatureKey, weight: Float)], scale: Float) {
    // By place, and among equals as they came.
    var order = weighted.indices.map { UInt64(weighted[$0].key % UInt64(Self.count)) << 32 | UInt64($0) }
    order.sort()
    var entries: [Entry] = []
    entries.reserveCapacity(order.count)
    for entry in order {
      let (place, feature) = (Int(entry >> 32), weighted[Int(entry & 0xFFFF_FFFF)])
      // The lowest bits say where, another says which way.
      let value = feature.key >> 60 & 1 == 0 ? feature.weight * scale : -feature.weight * scale
      if let last = entries.indices.last, entries[last].place == place {
        entries[last].value += value
      } else {
        entries.append(Entry(place: place, value: value))
      }
    }
    self.entries = entries
  }

  func product(with other: HashedFeatures) -> Float {
    var sum: Float = 0
    var (one, next) = (0, 0)
    while one < entries.count, next < other.entries.count {
      let (left, right) = (entries[one], other.entries[next])
      if left.place == right.place { sum += left.value * right.value }
      if left.place <= right.place { one += 1 }
      if right.place <= left.place { next += 1 }
    }
    return sum
  }
}
