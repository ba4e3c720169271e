import CTensors

/// The small steps between matrix products, each on rows that lie one after another (CTensors.h says what each computes).
///
/// Pointers must lead to as many numbers as the counts say; nothing is kept.
package enum Kernels {
  /// LayerNorm over rows of `columns` (a multiple of 8) numbers of `values` + `residual`; in place is fine.
  /// - Parameter stride: from row to row of `values` and `residual`, and of `result` unless `resultStride` says otherwise.
  package static func layerNorm(
    _ values: UnsafePointer<Float>, adding residual: UnsafePointer<Float>? = nil, rows: Int, columns: Int,
    gamma: UnsafePointer<Float>, beta: UnsafePointer<Float>, epsilon: Float, into result: UnsafeMutablePointer<Float>,
    stride: Int? = nil, resultStride: Int? = nil
  ) {
    greenroom_layer_norm(
      values, residual, rows, columns, stride ?? columns, gamma, beta, epsilon, result,
      resultStride ?? stride ?? columns)
  }

  /// x·Φ(x), by the error function.
  package static func gelu(_ values: UnsafeMutablePointer<Float>, count: Int) { greenroom_gelu(values, count) }
  package static func relu(_ values: UnsafeMutablePointer<Float>, count: Int) { greenroom_relu(values, count) }
  package static func tanh(_ values: UnsafeMutablePointer<Float>, count: Int) { greenroom_tanh(values, count) }

  /// Softmax(q·kᵀ/√d)·v for each of the heads.
  /// - Parameter queriesKeysValues: rows of 3·`width` numbers.
  package static func attention(
    _ queriesKeysValues: UnsafePointer<Float>, tokens: Int, width: Int, heads: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    let scratch = Buffer<Float>(count: greenroom_attention_scratch(tokens, width, heads))
    greenroom_attention(queriesKeysValues, tokens, width, heads, result, scratch.pointer)
  }

  /// result += row · scale
  package static func add(
    row: UnsafePointer<Int8>, scale: Float, columns: Int, to result: UnsafeMutablePointer<Float>
  ) {
    greenroom_add_row(row, scale, columns, result)
  }

  /// result = row · scale + low
  package static func expand(
    row: UnsafePointer<UInt8>, scale: Float, low: Float, columns: Int, into result: UnsafeMutablePointer<Float>
  ) {
    greenroom_expand_row(row, scale, low, columns, result)
  }

  package static func sum(
    _ values: UnsafePointer<Float>, rows: Int, columns: Int, into result: UnsafeMutablePointer<Float>
  ) {
    greenroom_sum_rows(values, rows, columns, columns, result)
  }

  package static func scale(_ values: UnsafeMutablePointer<Float>, count: Int, by factor: Float) {
    greenroom_scale(values, count, factor)
  }

  /// values += others
  package static func add(
    _ others: UnsafePointer<Float>, to values: UnsafeMutablePointer<Float>, count: Int
  ) {
    greenroom_add(values, others, count)
  }

  /// Brings the vector to length 1.
  /// - Returns: false, with the vector as it was, where its length is 0 or not a number.
  package static func normalize(_ values: UnsafeMutablePointer<Float>, count: Int) -> Bool {
    greenroom_normalize(values, count) == 1
  }
}

extension Kernels {
  /// values[i] = e^(sharpness·(values[i]·reach − 1)): of cosines, the Gaussian of their distance.
  package static func gaussian(
    _ values: UnsafeMutablePointer<Float>, count: Int, reach: Float = 1, sharpness: Float
  ) {
    greenroom_gaussian(values, count, reach, sharpness)
  }

  /// How many numbers the rows of `addRows` have.
  package static var rowsChunk: Int { greenroom_rows_chunk() }

  /// result += the sum of factors[i] · row places[i] of `rows`, in order; rows have `rowsChunk` numbers each.
  package static func addRows(
    _ rows: UnsafePointer<Float>, places: UnsafePointer<UInt32>, factors: UnsafePointer<Float>, count: Int,
    to result: UnsafeMutablePointer<Float>
  ) {
    greenroom_add_rows(result, rows, places, factors, count)
  }

  /// The products of one row with several that lie one after another, each in eight lanes.
  package static func products(
    _ one: UnsafePointer<Float>, _ others: UnsafePointer<Float>, columns: Int, rows: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    greenroom_multiply_float(one, 1, columns, others, rows, result)
  }

  /// The sum of the products, in eight lanes.
  /// - Parameter other: as many numbers as `one` has.
  package static func product(_ one: [Float], _ other: UnsafePointer<Float>) -> Float {
    var result: Float = 0
    one.withUnsafeBufferPointer { one in
      guard let start = one.baseAddress else { return }
      greenroom_multiply_float(start, 1, one.count, other, 1, &result)
    }
    return result
  }
}
