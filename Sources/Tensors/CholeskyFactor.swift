import CTensors

/// A symmetric positive definite matrix as the product of a lower triangle and its transpose, to solve with.
package struct CholeskyFactor: Sendable {
  /// Only what lies on and below the diagonal counts.
  private let lower: FloatMatrix
  private static let block = 96

  package var size: Int { lower.rows }

  /// Takes over the lower triangle of `matrix`, by blocks (right-looking; Golub and Van Loan 2013, §4.2.5).
  /// - Returns: nil where the matrix is not positive definite as far as floats can tell.
  package init?(_ matrix: consuming FloatMatrix) {
    let size = matrix.rows
    guard size == matrix.columns, size > 0 else { return nil }
    let pointer = matrix.pointer
    for start in stride(from: 0, to: size, by: Self.block) {
      let width = min(Self.block, size - start)
      let corner = pointer + start * size + start
      guard greenroom_cholesky_block(corner, width, size) == 1 else { return nil }
      let below = size - start - width
      guard below > 0 else { break }
      let panel = FloatMatrix(rows: width, columns: below)
      for row in 0..<below {
        let line = pointer + (start + width + row) * size + start
        for column in 0..<width { panel.pointer[column * below + row] = line[column] }
      }
      greenroom_solve_lower(corner, width, size, panel.pointer, below, below)
      for row in 0..<below {
        let line = pointer + (start + width + row) * size + start
        for column in 0..<width { line[column] = panel.pointer[column * below + row] }
      }
      multiply(
        rows: below, columns: below, inner: width, factor: -1, panel.pointer, 1, below, panel.pointer, below,
        pointer + (start + width) * size + start + width, size, lowerOnly: true)
    }
    lower = matrix
  }

  /// Solves matrix · x = right in place of `right`, whose rows are as many as the matrix has.
  package func solve(_ right: FloatMatrix) {
    halfSolve(right)
    let columns = right.columns
    for start in stride(from: 0, to: size, by: Self.block).reversed() {
      let width = min(Self.block, size - start)
      let below = size - start - width
      multiply(
        rows: width, columns: columns, inner: below, factor: -1, lower.pointer + (start + width) * size + start, 1,
        size,
        right.pointer + (start + width) * columns, columns, right.pointer + start * columns, columns, lowerOnly: false)
      greenroom_solve_lower_transposed(
        lower.pointer + start * size + start, width, size, right.pointer + start * columns, columns, columns)
    }
  }

  /// Solves lower · x = right in place of `right`. The sum of squares of a column of x is then bᵀ·matrix⁻¹·b for the
  /// column b that was there.
  package func halfSolve(_ right: FloatMatrix) {
    let columns = right.columns
    for start in stride(from: 0, to: size, by: Self.block) {
      let width = min(Self.block, size - start)
      multiply(
        rows: width, columns: columns, inner: start, factor: -1, lower.pointer + start * size, size, 1, right.pointer,
        columns, right.pointer + start * columns, columns, lowerOnly: false)
      greenroom_solve_lower(
        lower.pointer + start * size + start, width, size, right.pointer + start * columns, columns, columns)
    }
  }
}
