/// A table of vectors in signed bytes, one scale a row.
struct ByteRows {
  var bytes: [Int8]
  var scales: [Float]

  /// - Throws: `WeightsError` where a number is none.
  init(_ values: [Float], columns: Int) throws(WeightsError) {
    bytes = [Int8](repeating: 0, count: values.count)
    scales = []
    for start in stride(from: 0, to: values.count, by: columns) {
      let row = values[start..<min(start + columns, values.count)]
      var largest: Float = 0
      for value in row {
        guard value.isFinite else { throw WeightsError("has a weight that is no number") }
        largest = max(largest, value.magnitude)
      }
      let scale = largest / 127
      scales.append(scale)
      guard scale > 0 else { continue }
      for place in row.indices {
        bytes[place] = Int8(max(-127, min(127, (values[place] / scale).rounded(.toNearestOrEven))))
      }
    }
  }
}
