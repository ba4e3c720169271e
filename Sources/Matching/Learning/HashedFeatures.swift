/// Words and characters of a text as a vector of fixed length: each n-gram is added to, or taken from, the number that its
/// hash names, so that products of two texts come out, on average, as those of all their n-grams (Weinberger et al. 2009,
/// "Feature Hashing for Large Scale Multitask Learning").
struct HashedFeatures: Sendable {
  static let count = 4_096

  struct Entry: Sendable {
    var place: Int
    var value: Float
  }

  /// By rising place, each once.
  let entries: [Entry]

  init(_ weighted: [(key: FeatureKey, weight: Float)], scale: Float) {
    let placed = weighted.map { key, weight in
      // The lowest bits say where, another says which way.
      Entry(place: Int(key % UInt64(Self.count)), value: key >> 60 & 1 == 0 ? weight * scale : -weight * scale)
    }.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
    var entries: [Entry] = []
    entries.reserveCapacity(placed.count)
    for (_, entry) in placed {
      if let last = entries.indices.last, entries[last].place == entry.place {
        entries[last].value += entry.value
      } else {
        entries.append(entry)
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
