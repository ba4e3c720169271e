/// A few equations with as many unknowns.
enum LinearSystem {
  /// Gaussian elimination with partial pivoting; nil when the matrix is singular.
  static func solve(_ matrix: [[Double]], _ vector: [Double]) -> [Double]? {
    var matrix = matrix
    var vector = vector
    let size = vector.count
    for column in 0..<size {
      let pivot = (column..<size).max { abs(matrix[$0][column]) < abs(matrix[$1][column]) } ?? column
      guard abs(matrix[pivot][column]) > 1e-12 else { return nil }
      matrix.swapAt(pivot, column)
      vector.swapAt(pivot, column)
      for row in (column + 1)..<size where matrix[row][column] != 0 {
        let factor = matrix[row][column] / matrix[column][column]
        for index in column..<size { matrix[row][index] -= factor * matrix[column][index] }
        vector[row] -= factor * vector[column]
      }
    }
    for row in (0..<size).reversed() {
      for column in (row + 1)..<size { vector[row] -= matrix[row][column] * vector[column] }
      vector[row] /= matrix[row][row]
    }
    return vector
  }
}
