import Testing

@testable import Matching

@Suite struct HashedFeaturesTests {
  /// A key that lands on `place` and is added, or taken away.
  private func key(_ place: Int, taken: Bool = false) -> FeatureKey { UInt64(place) | (taken ? 1 << 60 : 0) }

  @Test func `places rise, each once, and n-grams on one place are summed`() {
    let features = HashedFeatures(
      [(key(9), 1), (key(3), 2), (key(9, taken: true), 0.25), (key(3 + HashedFeatures.count), 4)], scale: 0.5)
    #expect(features.entries.map(\.place) == [3, 9])
    #expect(features.entries.map(\.value) == [3, 0.375])
  }

  @Test func `products are those of all numbers`() {
    for seed in 0..<50 as Range<UInt64> {
      let rows = Problem(seed: seed, rows: 2, topics: 1, dimension: nil).rows
      func whole(_ features: HashedFeatures) -> [Float] {
        var whole = [Float](repeating: 0, count: HashedFeatures.count)
        for entry in features.entries { whole[entry.place] = entry.value }
        return whole
      }
      let (one, other) = (rows[0].input.grams, rows[1].input.grams)
      let full = zip(whole(one), whole(other)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      #expect(one.product(with: other) == full)
      #expect(other.product(with: one) == full)
    }
  }

  @Test func `texts of nothing have products of nothing`() {
    let some = HashedFeatures([(key(1), 1)], scale: 1)
    let none = HashedFeatures([], scale: 1)
    #expect(some.product(with: none) == 0 && none.product(with: some) == 0 && none.product(with: none) == 0)
    #expect(some.product(with: HashedFeatures([(key(2), 1)], scale: 1)) == 0)
  }

  @Test func `hashed products come near those of the n-grams themselves`() {
    // Texts of twenty n-grams, half of them shared.
    for round in 0..<40 as Range<UInt64> {
      func texts(_ first: UInt64) -> [(key: FeatureKey, weight: Float)] {
        (first..<(first + 20)).map { ((($0 &+ round &* 1_000) &* 0x9E37_79B9_7F4A_7C15), Float(0.05).squareRoot()) }
      }
      let product = HashedFeatures(texts(0), scale: 1).product(with: HashedFeatures(texts(10), scale: 1))
      #expect((product - 0.5).magnitude < 0.3)
    }
  }

  @Test func `the index of n-grams has every entry once, by rising row`() {
    let rows = Problem(seed: 51, rows: 30, topics: 3, dimension: nil).rows
    let index = GramIndex(rows)
    let postings = (0..<HashedFeatures.count).map { index.postings(of: $0) }
    #expect(postings.reduce(0) { $0 + $1.count } == rows.reduce(0) { $0 + $1.input.grams.entries.count })
    for (number, row) in rows.enumerated() {
      for entry in row.input.grams.entries {
        #expect(postings[entry.place].filter { $0.row == number }.map(\.value) == [entry.value])
      }
    }
    #expect(postings.allSatisfy { $0.map(\.row) == $0.map(\.row).sorted() })
    // A part of the rows, numbered from its beginning.
    let part = GramIndex(rows, in: 10..<20)
    for gram in 0..<HashedFeatures.count {
      let own = postings[gram].filter { (10..<20).contains($0.row) }
      #expect(part.postings(of: gram).map(\.row) == own.map { $0.row - 10 })
      #expect(part.postings(of: gram).map(\.value) == own.map(\.value))
    }
    #expect((0..<HashedFeatures.count).allSatisfy { GramIndex([]).places(of: $0).isEmpty })
  }
}
