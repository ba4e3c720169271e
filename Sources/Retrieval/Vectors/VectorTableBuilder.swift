/// Makes a vector table of vectors, one by one.
package struct VectorTableBuilder: ~Copyable {
  /// Tables of more rows are grouped by direction, so that a search need not look at each row.
  package static let mostUngrouped = 50_000

  private let dimension: Int
  private let stride: Int
  private var scales: [Float] = []
  private var numbers: [Int8] = []

  /// - Parameter dimension: 1…65,535.
  /// - Throws: `RetrievalError` `invalid`.
  package init(dimension: Int, reserving rows: Int = 0) throws {
    guard (1...65_535).contains(dimension) else {
      throw RetrievalError(.invalid, "A vector table needs a dimension between 1 and 65,535.")
    }
    self.dimension = dimension
    stride = VectorTable.stride(for: dimension)
    scales.reserveCapacity(rows)
    numbers.reserveCapacity(rows * stride)
  }

  /// Adds the next row. Vectors are meant to have length 1; others are kept as they are.
  /// - Throws: `RetrievalError` `invalid` where the dimension is another or a number is none.
  package mutating func add(_ vector: [Float]) throws {
    guard vector.count == dimension, vector.allSatisfy(\.isFinite) else {
      throw RetrievalError(
        .invalid, "A vector of \(vector.count) numbers does not fit a table of \(dimension), or has one that is none.")
    }
    let start = numbers.count
    numbers.append(contentsOf: repeatElement(0, count: stride))
    scales.append(QuantisedVector.quantise(vector, into: &numbers[start...]))
  }

  /// The bytes of the table.
  /// - Parameters:
  ///   - contentKey: says what it was made from, so that the bytes are known again.
  ///   - groupedAbove: tables of more rows are grouped.
  ///   - recall: the share of the true ten best that searches of a grouped table find, on questions that were held out
  ///     while grouping.
  package consuming func finish(
    contentKey: [UInt8] = [], groupedAbove: Int = VectorTableBuilder.mostUngrouped, recall: Float = 0.97
  ) -> [UInt8] {
    let count = scales.count
    guard count > max(1, groupedAbove) else {
      return Self.encode(
        contentKey, [count, dimension, 0, 0], scales: scales, numbers: numbers, rows: [], places: [], starts: [],
        centreScales: [], centres: [])
    }
    let grouping = RowGrouping(numbers: numbers, scales: scales, stride: stride)
    let probes = grouping.probes(recall: recall)
    var sortedNumbers: [Int8] = []
    sortedNumbers.reserveCapacity(numbers.count)
    var places = [UInt32](repeating: 0, count: count)
    for (place, row) in grouping.rows.enumerated() {
      sortedNumbers += numbers[(Int(row) * stride)..<((Int(row) + 1) * stride)]
      places[Int(row)] = UInt32(place)
    }
    return Self.encode(
      contentKey, [count, dimension, grouping.centreScales.count, probes],
      scales: grouping.rows.map { scales[Int($0)] }, numbers: sortedNumbers, rows: grouping.rows, places: places,
      starts: grouping.starts, centreScales: grouping.centreScales, centres: grouping.centres)
  }

  private static func encode(
    _ contentKey: [UInt8], _ header: [Int], scales: [Float], numbers: [Int8], rows: [UInt32], places: [UInt32],
    starts: [UInt32], centreScales: [Float], centres: [Int8]
  ) -> [UInt8] {
    func bytes(_ numbers: [some FixedWidthInteger]) -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(littleEndian: numbers)
      return bytes
    }
    return SectionedFile.encode(
      .vectors, contentKey: contentKey,
      sections: [
        bytes(header.map { UInt64($0) }), bytes(scales.map(\.bitPattern)), bytes(numbers), bytes(rows), bytes(places),
        bytes(starts), bytes(centreScales.map(\.bitPattern)), bytes(centres),
      ])
  }
}
