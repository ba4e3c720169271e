import Foundation
import Tensors
import Testing

@Suite struct KernelsTests {
  @Test func `gelu and tanh follow their definitions`() {
    let x = stride(from: Float(-12), through: 12, by: 0.01).map { $0 }
    var gelu = x
    Kernels.gelu(&gelu, count: x.count)
    var tanh = x
    Kernels.tanh(&tanh, count: x.count)
    for place in x.indices {
      let value = Double(x[place])
      #expect(abs(Double(gelu[place]) - value * 0.5 * (1 + erf(value / 2.0.squareRoot()))) < 1e-5)
      #expect(abs(Double(tanh[place]) - Foundation.tanh(value)) < 1e-6)
    }
  }

  @Test(arguments: [0, 1, 7, 8, 30]) func `a Gaussian of cosines follows its definition, whatever their number`(
    _ count: Int
  ) {
    let cosines = (0..<count).map { Float($0) / 15 - 1 }
    for (reach, sharpness) in [(1, 3), (2, 3), (1, 0)] as [(Float, Float)] {
      var found = cosines
      Kernels.gaussian(&found, count: count, reach: reach, sharpness: sharpness)
      for (one, cosine) in zip(found, cosines) {
        let truth = exp(Double(sharpness) * (Double(cosine) * Double(reach) - 1))
        #expect(abs(Double(one) - truth) < 2e-6 * max(truth, 1))
      }
    }
  }

  @Test func `rows are added in order, each with its factor`() {
    var draws = Draws(11)
    let width = Kernels.rowsChunk
    let rows = draws.numbers(20 * width)
    let places: [UInt32] = [3, 0, 19, 3, 7]
    let factors = draws.numbers(places.count)
    var result = draws.numbers(width)
    var truth = result
    for (place, factor) in zip(places, factors) {
      for column in 0..<width { truth[column] += rows[Int(place) * width + column] * factor }
    }
    Kernels.addRows(rows, places: places, factors: factors, count: places.count, to: &result)
    #expect(result == truth)
    Kernels.addRows(rows, places: places, factors: factors, count: 0, to: &result)
    #expect(result == truth)
  }

  @Test func `a norm has mean 0 and variance 1 before gamma and beta`() {
    var draws = Draws(7)
    let columns = 24
    let (x, residual) = (draws.numbers(3 * columns, scale: 5), draws.numbers(3 * columns))
    let (gamma, beta) = (draws.numbers(columns), draws.numbers(columns))
    var y = [Float](repeating: 0, count: x.count)
    Kernels.layerNorm(
      x, adding: residual, rows: 3, columns: columns, gamma: gamma, beta: beta, epsilon: 1e-12, into: &y)
    for row in 0..<3 {
      let values = (0..<columns).map { Double(x[row * columns + $0]) + Double(residual[row * columns + $0]) }
      let mean = values.reduce(0, +) / Double(columns)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(columns)
      for column in 0..<columns {
        let truth = (values[column] - mean) / variance.squareRoot() * Double(gamma[column]) + Double(beta[column])
        #expect(abs(Double(y[row * columns + column]) - truth) < 1e-4)
      }
    }
  }

  @Test(arguments: [1, 3, 8, 9, 17]) func `attention is softmax of products`(tokens: Int) {
    var draws = Draws(UInt64(tokens))
    let (width, heads) = (64, 2)
    let depth = width / heads
    let x = draws.numbers(tokens * 3 * width, scale: 2)
    var y = [Float](repeating: 0, count: tokens * width)
    Kernels.attention(x, tokens: tokens, width: width, heads: heads, into: &y)
    func at(_ token: Int, _ part: Int, _ head: Int, _ place: Int) -> Double {
      Double(x[token * 3 * width + part * width + head * depth + place])
    }
    for head in 0..<heads {
      for token in 0..<tokens {
        let scores = (0..<tokens).map { other in
          exp(
            (0..<depth).reduce(0) { $0 + at(token, 0, head, $1) * at(other, 1, head, $1) } / Double(depth).squareRoot())
        }
        let total = scores.reduce(0, +)
        for place in 0..<depth {
          let truth = (0..<tokens).reduce(0) { $0 + scores[$1] / total * at($1, 2, head, place) }
          #expect(abs(Double(y[token * width + head * depth + place]) - truth) < 1e-4)
        }
      }
    }
  }

  @Test func `a vector of zeros stays as it is`() {
    var zeros = [Float](repeating: 0, count: 9)
    #expect(!Kernels.normalize(&zeros, count: 9))
    var some: [Float] = [3, 0, 4]
    #expect(Kernels.normalize(&some, count: 3))
    #expect(some.map { ($0 * 10).rounded() } == [6, 0, 8])
  }
}
