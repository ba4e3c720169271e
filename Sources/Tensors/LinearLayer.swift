import CTensors

/// y = activation(x·Wᵀ + b) + residual, with weights in bytes.
package struct LinearLayer: Sendable {
  package enum Activation: Sendable { case linear, relu }

  package let inputs: Int
  package let outputs: Int
  private let weights: TensorView<Int8>
  private let scales: TensorView<Float>
  private let bias: TensorView<Float>?

  /// - Parameter weights: packed as `PackedWeights` does it. Counts that do not fit each other give nil.
  package init?(
    inputs: Int, outputs: Int, weights: TensorView<Int8>, scales: TensorView<Float>, bias: TensorView<Float>?
  ) {
    guard inputs > 0, outputs > 0, inputs % 2 == 0, inputs <= PackedWeights.maximumInputs,
      outputs % PackedWeights.panel == 0, weights.count == inputs * outputs, scales.count == outputs,
      bias.map({ $0.count == outputs }) ?? true
    else { return nil }
    self.inputs = inputs
    self.outputs = outputs
    self.weights = weights
    self.scales = scales
    self.bias = bias
  }

  /// - Parameters:
  ///   - values: `rows` rows of `inputs` numbers.
  ///   - residual: rows of `outputs` numbers, added after the activation.
  ///   - result: rows `stride` apart (by default `outputs`).
  package func apply(
    _ values: UnsafePointer<Float>, rows: Int, activation: Activation = .linear,
    adding residual: UnsafePointer<Float>? = nil, into result: UnsafeMutablePointer<Float>, stride: Int? = nil
  ) {
    let quantised = Buffer<Int16>(count: rows * inputs)
    let rowScales = Buffer<Float>(count: rows)
    greenroom_quantize(values, rows, inputs, quantised.pointer, rowScales.pointer)
    multiply(
      quantised.pointer, offsets: nil, scales: rowScales.pointer, rows: rows, activation: activation,
      residual: residual,
      result: result, stride: stride ?? outputs)
  }

  /// Applies the layer to windows of rows, as a convolution over a sequence does: with `width` = inputs / order numbers
  /// a row, output t sees the rows t - `before` … t - `before` + order - 1, zeros where there is none.
  ///
  /// All of a sequence has one scale, so that its rows are quantised once and not once a window.
  /// - Parameter lengths: how many rows each sequence has; the sequences follow each other in `values`.
  package func applyToWindows(
    _ values: UnsafePointer<Float>, lengths: [Int], order: Int, before: Int, activation: Activation,
    adding residual: UnsafePointer<Float>?, into result: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let width = inputs / order
    let rows = lengths.reduce(0, +)
    // Before and after each sequence stand `order` - 1 rows of zeros.
    let padded = rows + (lengths.count + 1) * (order - 1)
    let quantised = Buffer<Int16>(count: padded * width)
    let rowScales = Buffer<Float>(count: rows)
    let offsets = Buffer<UInt32>(count: rows)
    var (row, place) = (0, 0)
    func skip() {
      (quantised.pointer + place * width).update(repeating: 0, count: (order - 1) * width)
      place += order - 1
    }
    for length in lengths where length > 0 {
      skip()
      var scale: Float = 0
      greenroom_quantize(values + row * width, 1, length * width, quantised.pointer + place * width, &scale)
      for step in 0..<length {
        rowScales.pointer[row + step] = scale
        offsets.pointer[row + step] = UInt32((place + step - before) * width)
      }
      row += length
      place += length
    }
    skip()
    multiply(
      quantised.pointer, offsets: offsets.pointer, scales: rowScales.pointer, rows: rows, activation: activation,
      residual: residual, result: result, stride: stride)
  }

  private func multiply(
    _ quantised: UnsafePointer<Int16>, offsets: UnsafePointer<UInt32>?, scales rowScales: UnsafePointer<Float>,
    rows: Int,
    activation: Activation, residual: UnsafePointer<Float>?, result: UnsafeMutablePointer<Float>, stride: Int
  ) {
    greenroom_multiply(
      quantised, offsets, rowScales, rows, inputs, weights.pointer, scales.pointer, bias?.pointer, outputs,
      activation == .relu ? GREENROOM_RELU : GREENROOM_LINEAR, residual, outputs, result, stride)
  }
}
