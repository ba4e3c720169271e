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

  /// self += one · other
  package func addProduct(_ one: FloatMatrix, _ other: FloatMatrix) {
    multiply(
      rows: rows, columns: columns, inner: one.columns, factor: 1, one.pointer, one.columns, 1, other.pointer,
      other.columns, pointer, columns, lowerOnly: false)
  }

  /// result += row · factor
  package static func add(
    _ row: UnsafePointer<Float>, times factor: Float, count: Int, to result: UnsafeMutablePointer<Float>
  ) {
    greenroom_add_scaled(result, row, count, factor)
  }
}

/// c += factor · a · b, on both cores where it is worth it. Each number of c is summed by one core in one order.
func multiply(
  rows: Int, columns: Int, inner: Int, factor: Float, _ a: UnsafePointer<Float>, _ aRow: Int, _ aColumn: Int,
  _ b: UnsafePointer<Float>, _ bRow: Int, _ c: UnsafeMutablePointer<Float>, _ cRow: Int, lowerOnly: Bool
) {
  guard rows > 0, columns > 0, inner > 0 else { return }
  let band = 192
  let bands = (rows + band - 1) / band
  // Handed to threads that are done before this returns.
  nonisolated(unsafe) let (a, b, c) = (a, b, c)
  @Sendable func run(_ number: Int) {
    // The bands at the bottom of a triangle are the longest: they come first.
    let first = (bands - 1 - number) * band
    let height = min(band, rows - first)
    let width = lowerOnly ? min(columns, first + height) : columns
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: greenroom_product_scratch(), alignment: 32)
    defer { scratch.deallocate() }
    greenroom_matrix_product(
      height, width, inner, factor, a + first * aRow, aRow, aColumn, b, bRow, c + first * cRow, cRow, 0,
      scratch.assumingMemoryBound(to: Float.self))
  }
  if rows * columns * inner < 4_000_000 {
    for number in 0..<bands { run(number) }
  } else {
    DispatchQueue.concurrentPerform(iterations: bands, execute: run)
  }
}
