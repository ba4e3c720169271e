/// Which rows have a hashed n-gram, and how much of it.
struct GramIndex {
  struct Posting {
    var row: Int
    var value: Float
  }

  private(set) var postings: [[Posting]]

  init(_ rows: [ClassifierRow]) {
    postings = [[Posting]](repeating: [], count: HashedFeatures.count)
    for (number, row) in rows.enumerated() {
      for entry in row.input.grams.entries { postings[entry.place].append(Posting(row: number, value: entry.value)) }
    }
  }
}
