/// How many typing slips lie between two words: letters put in, left out, exchanged, or swapped with their neighbour.
///
/// The optimal string alignment distance, the form of Damerau–Levenshtein in which no piece is edited twice
/// (L. Boytsov, "Indexing methods for approximate dictionary searching", 2011, section 2.2.2).
package struct EditDistance {
  /// Whether at most `limit` slips lie between the two. Takes time linear in the shorter for a given limit.
  package static func isWithin(_ limit: Int, _ first: some StringProtocol, _ second: some StringProtocol) -> Bool {
    distance(Array(first.unicodeScalars), Array(second.unicodeScalars), limit: limit) != nil
  }

  package static func isWithin(_ limit: Int, _ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Bool {
    distance(first, second, limit: limit) != nil
  }

  /// The number of slips; nil when there are more than `limit`.
  package static func distance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar], limit: Int) -> Int? {
    guard limit >= 0, abs(first.count - second.count) <= limit else { return nil }
    // What both begin or end with costs nothing.
    let prefix = zip(first, second).prefix { $0 == $1 }.count
    let suffix = zip(first.dropFirst(prefix).reversed(), second.dropFirst(prefix).reversed()).prefix { $0 == $1 }.count
    let rows = first[prefix..<(first.count - suffix)]
    let columns = second[prefix..<(second.count - suffix)]
    if rows.isEmpty || columns.isEmpty { return max(rows.count, columns.count) }
    guard limit > 0 else { return nil }
    return banded(Array(rows), Array(columns), limit: min(limit, max(rows.count, columns.count)))
  }

  /// Fills only the cells that lie at most `limit` off the diagonal: outside of them the distance is larger anyway.
  private static func banded(_ rows: [Unicode.Scalar], _ columns: [Unicode.Scalar], limit: Int) -> Int? {
    let tooMany = limit + 1
    let width = columns.count
    var beforeLast = [Int](repeating: tooMany, count: width + 1)
    var last = (0...width).map { min($0, tooMany) }
    var current = last
    for row in 1...rows.count {
      let lower = max(1, row - limit)
      let upper = min(width, row + limit)
      guard lower <= upper else { return nil }
      current[lower - 1] = lower == 1 ? min(row, tooMany) : tooMany
      var best = current[lower - 1]
      for column in lower...upper {
        let isSame = rows[row - 1] == columns[column - 1]
        var cost = last[column - 1] + (isSame ? 0 : 1)
        cost = min(cost, current[column - 1] + 1)
        if column < row + limit { cost = min(cost, last[column] + 1) }
        if row > 1, column > 1, rows[row - 1] == columns[column - 2], rows[row - 2] == columns[column - 1] {
          cost = min(cost, beforeLast[column - 2] + 1)
        }
        current[column] = min(cost, tooMany)
        best = min(best, current[column])
      }
      guard best <= limit else { return nil }
      (beforeLast, last, current) = (last, current, beforeLast)
    }
    return last[width] <= limit ? last[width] : nil
  }
}
