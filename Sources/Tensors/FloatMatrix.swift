import CTensors
import Dispatch

/// Rows of floats that lie one after another, in memory of their own; zeros at first.
///
/// `@unchecked Sendable`: whoever fills it does so before anybody else sees it.
package final class FloatMatrix: @unchecked Sendable {
  package let rows: Int
  package let columns: Int
  package let pointer: UnsafeMutablePointer<Float>

  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    pointer = .allocate(capacity: max(rows * columns, 1))
    pointer.initialize(repeating: 0, count: max(rows * columns, 1))
  }

  /// - Returns: nil where there are not `rows` · `columns` elements.
  package convenience init?(rows: Int, columns: Int, elements: [Float]) {
    guard elements.count == rows * columns else { return nil }
    self.init(rows: rows, columns: columns)
    for (place, element) in elements.enumerated() { pointer[place] = element }
  }

  deinit { pointer.deallocate() }

  package subscript(row: Int, column: Int) -> Float {
    get { pointer[row * columns + column] }
    set { pointer[row * columns + column] = newValue }
  }

  package func row(_ row: Int) -> UnsafeMutablePointer<Float> { pointer + row * columns }

  package var elements: [Float] { Array(UnsafeBufferPointer(start: pointer, count: rows * columns)) }

  /// self += factor · oneᵀ · other: the sum over their common rows of outer products.
  /// - Parameter lowerOnly: what lies above the diagonal need not be right.
  package func addProduct(
    transposed one: FloatMatrix, _ other: FloatMatrix, factor: Float = 1, lowerOnly: Bool = false
  ) {
    multiply(
      rows: rows, columns: columns, inner: one.rows, factor: factor, one.pointer, 1, one.columns, other.pointer,
      other.columns, pointer, columns, lowerOnly: lowerOnly)
  }

  /// Adds matrixᵀ · matrix to the top left corner; what lies above the diagonal need not be right.
  package func addSquare(of matrix: FloatMatrix) {
    multiply(
      rows: matrix.columns, columns: matrix.columns, inner: matrix.rows, factor: 1, matrix.pointer, 1, matrix.columns,
      matrix.pointer, matrix.columns, pointer, columns, lowerOnly: true)
  }

  /// Adds one · other, of which the first rows are used that `one` has columns for.
  package func addProduct(_ one: FloatMatrix, firstRowsOf other: FloatMatrix) {
    multiply(
      rows: rows, columns: columns, inner: one.columns, factor: 1, one.pointer, one.columns, 1, other.pointer,
      other.columns, pointer, columns, lowerOnly: false)
  }

  /// self += one · other
  package func addProduct(_ one: FloatMatrix, _ other: FloatMatrix) {
    multiply(
      rows: rows, columns: columns, inner: one.columns, factor: 1, one.pointer, one.columns, 1, other.pointer,
      other.columns, pointer, columns, lowerOnly: false)
  }

  /// Its columns as rows.
  package func transposed() -> FloatMatrix {
    let other = FloatMatrix(rows: columns, columns: rows)
    // Square by square, so that neither side is gone through at long strides for long.
    let side = 32
    for top in stride(from: 0, to: rows, by: side) {
      for left in stride(from: 0, to: columns, by: side) {
        for row in top..<min(top + side, rows) {
          for column in left..<min(left + side, columns) {
            other.pointer[column * rows + row] = pointer[row * columns + column]
          }
        }
      }
    }
    return other
  }

  /// Some of its columns, in memory of their own.
  package func columns(_ range: Range<Int>) -> FloatMatrix {
    let other = FloatMatrix(rows: rows, columns: range.count)
    for row in 0..<rows { other.row(row).update(from: self.row(row) + range.lowerBound, count: range.count) }
    return other
  }

  /// result += row · factor
  package static func add(
    _ row: UnsafePointer<Float>, times factor: Float, count: Int, to result: UnsafeMutablePointer<Float>
  ) {
    greenroom_add_scaled(result, row, count, factor)
  }
}

/// c += factor · a · b, on all cores where it is worth it. Each number of c is summed by one core in one order, which the
/// number of cores has no part in.
func multiply(
  rows: Int, columns: Int, inner: Int, factor: Float, _ a: UnsafePointer<Float>, _ aRow: Int, _ aColumn: Int,
  _ b: UnsafePointer<Float>, _ bRow: Int, _ c: UnsafeMutablePointer<Float>, _ cRow: Int, lowerOnly: Bool
) {
  guard rows > 0, columns > 0, inner > 0 else { return }
  // Handed to threads that are done before this returns.
  nonisolated(unsafe) let (a, b, c) = (a, b, c)
  let (depth, band) = (greenroom_product_depth(), greenroom_product_rows())
  // A multiple of what lies side by side in `packed`.
  let chunk = 256
  let (bands, chunks) = ((rows + band - 1) / band, (columns + chunk - 1) / chunk)
  let isLarge = rows * columns * inner >= 4_000_000
  func perform(_ count: Int, _ work: @Sendable (Int) -> Void) {
    if isLarge { DispatchQueue.concurrentPerform(iterations: count, execute: work) } else { (0..<count).forEach(work) }
  }
  let memory = Buffer<Float>(count: greenroom_packed_columns(columns) * min(depth, inner))
  nonisolated(unsafe) let packed = memory.pointer
  for k in stride(from: 0, to: inner, by: depth) {
    let length = min(depth, inner - k)
    perform(chunks) { number in
      let first = number * chunk
      greenroom_pack_columns(
        b + k * bRow + first, bRow, min(chunk, columns - first), length, packed + first * length)
    }
    perform(bands * chunks) { number in
      // The bands at the bottom of a triangle are the longest: they come first.
      let (row, column) = ((bands - 1 - number / chunks) * band, number % chunks * chunk)
      let height = min(band, rows - row)
      let width = min(chunk, columns - column, lowerOnly ? row + height - column : columns)
      guard width > 0 else { return }
      withUnsafeTemporaryAllocation(byteCount: greenroom_product_scratch(), alignment: 32) { scratch in
        guard let start = scratch.baseAddress else { return }
        greenroom_matrix_product(
          height, width, length, factor, a + row * aRow + k * aColumn, aRow, aColumn, packed + column * length,
          c + row * cRow + column, cRow, start.assumingMemoryBound(to: Float.self))
      }
    }
  }
}
