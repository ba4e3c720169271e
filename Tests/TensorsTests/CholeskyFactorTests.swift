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

  @Test(arguments: [(3, 5), (40, 97), (200, 300)])
  func `A square added to a corner is a product, on and below the diagonal, and leaves the rest`(
    _ size: (Int, Int)
  ) {
    let factor = matrix(size.0, size.1, seed: 5)
    let truth = FloatMatrix(rows: size.1, columns: size.1)
    truth.addProduct(transposed: factor, factor)
    let corner = FloatMatrix(rows: size.1 + 7, columns: size.1 + 7)
    corner.addSquare(of: factor)
    corner.addSquare(of: factor)
    for row in 0..<size.1 {
      for column in 0...row { #expect(abs(corner[row, column] - 2 * truth[row, column]) < 1e-3) }
    }
    for place in 0..<(size.1 + 7) {
      for beyond in size.1..<(size.1 + 7) { #expect(corner[place, beyond] == 0 && corner[beyond, place] == 0) }
    }
  }

  @Test func `A product is the same on any number of threads and with the first rows alone`() {
    let (one, other) = (matrix(300, 200, seed: 6), matrix(260, 520, seed: 7))
    let first = FloatMatrix(rows: 300, columns: 520)
    first.addProduct(one, firstRowsOf: other)
    for _ in 0..<3 {
      let again = FloatMatrix(rows: 300, columns: 520)
      again.addProduct(one, firstRowsOf: other)
      #expect(again.elements == first.elements)
    }
    // One row at a time is too little work for a second thread.
    for row in [0, 191, 192, 299] {
      let line = FloatMatrix(rows: 1, columns: 200)
      line.pointer.update(from: one.row(row), count: 200)
      let alone = FloatMatrix(rows: 1, columns: 520)
      alone.addProduct(line, firstRowsOf: other)
      #expect(alone.elements == Array(UnsafeBufferPointer(start: first.row(row), count: 520)))
    }
  }

  @Test(arguments: [(1, 1), (3, 70), (33, 64)])
  func `Columns become rows, and some of them a matrix of their own`(_ size: (Int, Int)) {
    let whole = matrix(size.0, size.1, seed: 8)
    let turned = whole.transposed()
    let last = whole.columns((size.1 / 2)..<size.1)
    for row in 0..<size.0 {
      for column in 0..<size.1 {
        #expect(turned[column, row] == whole[row, column])
        if column >= size.1 / 2 { #expect(last[row, column - size.1 / 2] == whole[row, column]) }
      }
    }
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
