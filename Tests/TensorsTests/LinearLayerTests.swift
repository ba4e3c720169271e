import Tensors
import Testing

@Suite struct LinearLayerTests {
  static let (inputs, outputs) = (48, 32)

  struct Sample {
    var rows: [Float]
    var bias: [Float]
    var packed: PackedWeights

    init?(_ draws: inout Draws, inputs: Int = LinearLayerTests.inputs) {
      rows = draws.numbers(inputs * LinearLayerTests.outputs)
      bias = draws.numbers(LinearLayerTests.outputs)
      guard let packed = PackedWeights(rows: rows, inputs: inputs, outputs: LinearLayerTests.outputs) else {
        return nil
      }
      self.packed = packed
    }

    func layer(_ arithmetic: Arithmetic) -> LinearLayer? {
      arithmetic == .float
        ? LinearLayer(
          inputs: packed.inputs, outputs: packed.outputs, rows: TensorView(rows), bias: TensorView(bias))
        : LinearLayer(
          inputs: packed.inputs, outputs: packed.outputs, weights: TensorView(packed.weights),
          scales: TensorView(packed.scales), bias: TensorView(bias), arithmetic: arithmetic)
    }

    /// In 64 bits, by the definition.
    func truth(_ x: [Float], row: Int, output: Int) -> Double {
      let inputs = packed.inputs
      return (0..<inputs).reduce(Double(bias[output])) {
        $0 + Double(x[row * inputs + $1]) * Double(rows[output * inputs + $1])
      }
    }
  }

  static func apply(
    _ layer: LinearLayer, _ x: [Float], activation: LinearLayer.Activation = .linear, residual: [Float]? = nil
  ) -> [Float] {
    let rows = x.count / layer.inputs
    return [Float](unsafeUninitializedCapacity: rows * layer.outputs) { result, count in
      count = rows * layer.outputs
      guard let start = result.baseAddress else { return }
      layer.apply(x, rows: rows, activation: activation, adding: residual, into: start)
    }
  }

  @Test(arguments: [(Arithmetic.wide, 0.1), (.bytes, 0.25), (.float, 1e-4)])
  func `each arithmetic comes as close to the product as its bits allow`(arithmetic: Arithmetic, bound: Double) throws {
    var draws = Draws(1)
    for rows in [1, 2, 5, 6, 7, 12, 13, 40] {
      let sample = try #require(Sample(&draws))
      let layer = try #require(sample.layer(arithmetic))
      let x = draws.numbers(rows * Self.inputs, scale: 3)
      let y = Self.apply(layer, x)
      for row in 0..<rows {
        for output in 0..<Self.outputs {
          #expect(abs(Double(y[row * Self.outputs + output]) - sample.truth(x, row: row, output: output)) < bound)
        }
      }
    }
  }

  @Test(arguments: [Arithmetic.wide, .bytes])
  func `a row gets the same bits whatever rows are beside it`(arithmetic: Arithmetic) throws {
    var draws = Draws(2)
    let sample = try #require(Sample(&draws))
    let layer = try #require(sample.layer(arithmetic))
    let x = draws.numbers(23 * Self.inputs)
    let together = Self.apply(layer, x)
    for row in 0..<23 {
      let alone = Self.apply(layer, Array(x[(row * Self.inputs)..<((row + 1) * Self.inputs)]))
      #expect(alone == Array(together[(row * Self.outputs)..<((row + 1) * Self.outputs)]))
    }
  }

  @Test func `the residual is added after the activation`() throws {
    var draws = Draws(3)
    let sample = try #require(Sample(&draws))
    let layer = try #require(sample.layer(.wide))
    let x = draws.numbers(3 * Self.inputs)
    let residual = draws.numbers(3 * Self.outputs)
    let plain = Self.apply(layer, x)
    #expect(Self.apply(layer, x, activation: .relu, residual: residual) == zip(plain, residual).map { max($0, 0) + $1 })
  }

  @Test(arguments: [Arithmetic.wide, .bytes, .float])
  func `windows see their own sequence and zeros around it`(arithmetic: Arithmetic) throws {
    var draws = Draws(4)
    let sample = try #require(Sample(&draws, inputs: 48))
    let layer = try #require(sample.layer(arithmetic))
    let (order, before, width) = (3, 1, 16)
    let lengths = [1, 4, 2, 7]
    let x = draws.numbers(lengths.reduce(0, +) * width)
    let residual = [Float](repeating: 0, count: lengths.reduce(0, +) * Self.outputs)
    var y = [Float](repeating: 0, count: residual.count)
    layer.applyToWindows(
      x, lengths: lengths, order: order, before: before, activation: .linear, adding: residual, into: &y,
      stride: Self.outputs)
    var start = 0
    for length in lengths {
      for step in 0..<length {
        var window: [Float] = []
        for place in (step - before)..<(step - before + order) {
          let row =
            (0..<length).contains(place) ? Array(x[((start + place) * width)..<((start + place + 1) * width)]) : []
          window += row.isEmpty ? [Float](repeating: 0, count: width) : row
        }
        for output in 0..<Self.outputs {
          let truth = sample.truth(window, row: 0, output: output)
          #expect(abs(Double(y[(start + step) * Self.outputs + output]) - truth) < 0.2)
        }
      }
      start += length
    }
  }

  @Test func `rows of zeros and rows that hold no numbers do no harm`() throws {
    var draws = Draws(5)
    let sample = try #require(Sample(&draws))
    let layer = try #require(sample.layer(.wide))
    #expect(Self.apply(layer, [Float](repeating: 0, count: Self.inputs)) == sample.bias)
    #expect(Self.apply(layer, [Float](repeating: .infinity, count: Self.inputs)).count == Self.outputs)
    #expect(Self.apply(layer, [Float](repeating: .nan, count: Self.inputs)).count == Self.outputs)
  }

  @Test func `sizes that cannot be packed are refused`() {
    #expect(PackedWeights(rows: [1, 2, 3], inputs: 3, outputs: 1) == nil)
    #expect(PackedWeights(rows: [], inputs: 0, outputs: 16) == nil)
    #expect(PackedWeights(rows: [Float](repeating: 0, count: 2050 * 16), inputs: 2050, outputs: 16) == nil)
    #expect(PackedWeights(rows: [Float](repeating: .nan, count: 32), inputs: 2, outputs: 16) == nil)
    #expect(PackedWeights(rows: [Float](repeating: 0, count: 32), inputs: 2, outputs: 16) != nil)
  }

  @Test func `sums of the largest numbers do not overflow`() throws {
    let inputs = PackedWeights.maximumInputs
    let packed = try #require(
      PackedWeights(rows: [Float](repeating: 1, count: inputs * 16), inputs: inputs, outputs: 16))
    let layer = try #require(
      LinearLayer(
        inputs: inputs, outputs: 16, weights: TensorView(packed.weights), scales: TensorView(packed.scales), bias: nil))
    let y = Self.apply(layer, [Float](repeating: 2, count: inputs))
    for value in y { #expect(abs(value - Float(2 * inputs)) < 1) }
  }
}
