/// Vectors in whole numbers, each with the factor that gives it back.
enum QuantisedVector {
  /// In bytes, −127…127, written to `out` from its start; the rest of `out` stays.
  /// - Returns: the factor; 0 for a vector of zeros.
  static func quantise(_ vector: some Collection<Float>, into out: inout ArraySlice<Int8>) -> Float {
    let most = vector.reduce(Float(0)) { max($0, abs($1)) }
    guard most > 0 else { return 0 }
    let scale = most / 127
    var at = out.startIndex
    for value in vector {
      out[at] = Int8(max(-127, min(127, (value / scale).rounded())))
      at += 1
    }
    return scale
  }

  /// What is asked for, as finely as sums of products with rows stay below 2³¹; filled up with zeros to `stride`.
  static func query(_ vector: [Float], stride: Int) -> (values: [Int16], scale: Float) {
    var values = [Int16](repeating: 0, count: stride)
    let most = vector.reduce(Float(0)) { max($0, abs($1)) }
    guard most > 0 else { return (values, 0) }
    let limit = Float(min(Int(Int16.max), Int(Int32.max) / (127 * max(1, vector.count))))
    let scale = most / limit
    for (index, value) in vector.enumerated() {
      values[index] = Int16(max(-limit, min(limit, (value / scale).rounded())))
    }
    return (values, scale)
  }

  /// A row as a query, exactly.
  static func widened(_ row: UnsafePointer<Int8>, stride: Int) -> [Int16] { (0..<stride).map { Int16(row[$0]) } }
}
