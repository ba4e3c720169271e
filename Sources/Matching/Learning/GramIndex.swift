/// Which rows have a hashed n-gram, and how much of it.
struct GramIndex {
  struct Posting {
    var row: Int
    var value: Float
  }

  /// Postings of place p are those from starts[p] up to starts[p + 1], by rising row.
  private(set) var starts: [Int]
  private(set) var rows: [UInt32]
  private(set) var values: [Float]

  /// - Parameter range: the rows to look at; they are numbered from its beginning.
  init(_ all: [ClassifierRow], in range: Range<Int>? = nil) {
    let range = range ?? all.indices
    var starts = [Int](repeating: 0, count: HashedFeatures.count + 1)
    for row in range { for entry in all[row].input.grams.entries { starts[entry.place + 1] += 1 } }
    for place in 0..<HashedFeatures.count { starts[place + 1] += starts[place] }
    var fill = starts
    var rows = [UInt32](repeating: 0, count: starts[HashedFeatures.count])
    var values = [Float](repeating: 0, count: rows.count)
    for row in range {
      for entry in all[row].input.grams.entries {
        rows[fill[entry.place]] = UInt32(row - range.lowerBound)
        values[fill[entry.place]] = entry.value
        fill[entry.place] += 1
      }
    }
    (self.starts, self.rows, self.values) = (starts, rows, values)
  }

  func places(of gram: Int) -> Range<Int> { starts[gram]..<starts[gram + 1] }

  func postings(of gram: Int) -> [Posting] { places(of: gram).map { Posting(row: Int(rows[$0]), value: values[$0]) } }
}
