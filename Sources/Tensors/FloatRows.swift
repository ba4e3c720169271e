/// Rows of floats that lie one after another in somebody's memory, to be read.
package struct FloatRows: Sendable {
  package let rows: Int
  package let columns: Int
  package let view: TensorView<Float>

  /// - Returns: nil where there are not `rows` · `columns` numbers.
  package init?(_ view: TensorView<Float>, rows: Int, columns: Int) {
    guard rows >= 0, columns >= 0, view.count == rows * columns else { return nil }
    (self.rows, self.columns, self.view) = (rows, columns, view)
  }

  /// The numbers of a matrix that nobody writes to any more, in place.
  package init(_ matrix: FloatMatrix) {
    (rows, columns) = (matrix.rows, matrix.columns)
    view = TensorView(matrix.pointer, count: matrix.rows * matrix.columns, owner: matrix)
  }

  package func row(_ row: Int) -> UnsafePointer<Float> { view.pointer + row * columns }

  package var elements: [Float] { view.elements }
}
