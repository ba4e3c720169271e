import Testing

@testable import Tensors

@Suite struct CholeskyFactorTests {
  /// Numbers that look random and are the same in every run.
  struct Numbers {
    var state: UInt64
    mutating func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
  }

  func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> FloatMatrix {
    var numbers = Numbers(state: seed)
    let matrix = FloatMatrix(rows: rows, columns: columns)
    for index in 0..<rows * columns { matrix.pointer[index] = numbers.next() }
    return matrix
  }

  @Test(arguments: [(1, 1, 1), (5, 17, 3), (96, 96, 96), (97, 200, 300), (410, 33, 7)])
  func `A product is the sum of the products of its numbers`(_ size: (Int, Int, Int)) {
    let (rows, columns, inner) = size
    let (one, other) = (matrix(inner, rows, seed: 1), matrix(inner, columns, seed: 2))
    let result = FloatMatrix(rows: rows, columns: columns)
    result.addProduct(transposed: one, other)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum: Double = 0
        for k in 0..<inner { sum += Double(one[k, row]) * Double(other[k, column]) }
        #expect(abs(Double(result[row, column]) - sum) < 1e-4 * Double(inner))
      }
    }
  }

  @Test(arguments: [1, 2, 95, 96, 97, 250])
  func `What is solved, multiplied again, is what was asked`(_ size: Int) throws {
    let factor = matrix(size + 10, size, seed: 3)
    let (square, copy) = (FloatMatrix(rows: size, columns: size), FloatMatrix(rows: size, columns: size))
    for target in [square, copy] {
      target.addProduct(transposed: factor, factor)
      for index in 0..<size { target[index, index] += 1 }
    }
    let wanted = matrix(size, 3, seed: 4)
    let solution = FloatMatrix(rows: size, columns: 3)
    for index in 0..<size * 3 { solution.pointer[index] = wanted.pointer[index] }
    try #require(CholeskyFactor(square)).solve(solution)
    let again = FloatMatrix(rows: size, columns: 3)
    again.addProduct(copy, solution)
    for index in 0..<size * 3 { #expect(abs(again.pointer[index] - wanted.pointer[index]) < 2e-3) }
  }

  @Test func `A matrix that is not positive definite has no factor`() {
    let matrix = FloatMatrix(rows: 2, columns: 2)
    matrix[0, 0] = 1
    matrix[1, 0] = 2
    matrix[1, 1] = 1
    #expect(CholeskyFactor(matrix) == nil)
    #expect(CholeskyFactor(FloatMatrix(rows: 3, columns: 3)) == nil)
    let bad = FloatMatrix(rows: 1, columns: 1)
    bad[0, 0] = .nan
    #expect(CholeskyFactor(bad) == nil)
  }
}
