import CTensors

/// y = activation(x·Wᵀ + b) + residual.
package struct LinearLayer: Sendable {
  package enum Activation: Sendable { case linear, relu }

  private enum Weights: Sendable {
    case wide(TensorView<Int8>, scales: TensorView<Float>)
    case bytes(OneDNNMatrix, packed: TensorView<Int8>, scales: TensorView<Float>)
    case float(OneDNNMatrix, rows: TensorView<Float>)
  }

  package let inputs: Int
  package let outputs: Int
  private let weights: Weights
  private let bias: TensorView<Float>?

  /// A layer with weights in bytes.
  /// - Parameter weights: packed as `PackedWeights` does it. Counts that do not fit each other give nil.
  /// - Parameter arithmetic: `wide` or `bytes`; where oneDNN cannot take the matrix, `wide`.
  package init?(
    inputs: Int, outputs: Int, weights: TensorView<Int8>, scales: TensorView<Float>, bias: TensorView<Float>?,
    arithmetic: Arithmetic = .wide
  ) {
    guard inputs > 0, outputs > 0, inputs % 2 == 0, inputs <= PackedWeights.maximumInputs,
      outputs % PackedWeights.panel == 0, weights.count == inputs * outputs, scales.count == outputs,
      bias.map({ $0.count == outputs }) ?? true
    else { return nil }
    self.inputs = inputs
    self.outputs = outputs
    self.bias = bias
    if arithmetic == .bytes,
      let matrix = OneDNNMatrix(
        bytes: PackedWeights.unpacked(weights, inputs: inputs, outputs: outputs), inputs: inputs, outputs: outputs)
    {
      self.weights = .bytes(matrix, packed: weights, scales: scales)
    } else {
      self.weights = .wide(weights, scales: scales)
    }
  }

  /// A layer in floating point.
  /// - Parameter rows: an output's weights a row. Counts that do not fit each other give nil.
  package init?(inputs: Int, outputs: Int, rows: TensorView<Float>, bias: TensorView<Float>?) {
    guard inputs > 0, outputs > 0, outputs % PackedWeights.panel == 0, rows.count == inputs * outputs,
      bias.map({ $0.count == outputs }) ?? true,
      let matrix = OneDNNMatrix(floats: rows.pointer, inputs: inputs, outputs: outputs)
    else { return nil }
    self.inputs = inputs
    self.outputs = outputs
    self.bias = bias
    self.weights = .float(matrix, rows: rows)
  }

  /// - Parameters:
  ///   - values: `rows` rows of `inputs` numbers.
  ///   - residual: rows of `outputs` numbers, added after the activation.
  ///   - result: rows `stride` apart (by default `outputs`).
  ///   - widely: `wide` arithmetic where `bytes` is the usual one.
  package func apply(
    _ values: UnsafePointer<Float>, rows: Int, activation: Activation = .linear,
    adding residual: UnsafePointer<Float>? = nil, into result: UnsafeMutablePointer<Float>, stride: Int? = nil,
    widely: Bool = false
  ) {
    let finish = finish(activation, residual, result, stride ?? outputs)
    switch weights {
    case .wide(let weights, _):
      multiplyWidely(weights, values, rows: rows, finish)
    case .bytes(_, let packed, _) where widely: multiplyWidely(packed, values, rows: rows, finish)
    case .bytes(let matrix, let packed, _):
      let bytes = Buffer<UInt8>(count: rows * inputs)
      let rowScales = Buffer<Float>(count: rows)
      let rowLows = Buffer<Float>(count: rows)
      OneDNNMatrix.quantize(
        values, rows: rows, columns: inputs, bytes: bytes.pointer, scales: rowScales.pointer, lows: rowLows.pointer)
      let isDone = matrix.multiplyBytes(
        bytes.pointer, rowScales: rowScales.pointer, rowLows: rowLows.pointer, rows: rows, finish: finish)
      if !isDone { multiplyWidely(packed, values, rows: rows, finish) }
    case .float(let matrix, let weights):
      if !matrix.multiplyFloats(values, rows: rows, finish: finish) {
        multiplyPlainly(weights, values, rows: rows, finish)
      }
    }
  }

  /// Applies the layer to windows of rows, as a convolution over a sequence does: with `width` = inputs / order numbers
  /// a row, output t sees the rows t - `before` … t - `before` + order - 1, zeros where there is none.
  ///
  /// In `wide` arithmetic a sequence has one scale, so that its rows are quantised once and not once a window.
  /// - Parameter lengths: how many rows each sequence has; the sequences follow each other in `values`.
  package func applyToWindows(
    _ values: UnsafePointer<Float>, lengths: [Int], order: Int, before: Int, activation: Activation,
    adding residual: UnsafePointer<Float>?, into result: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let windows = Windows(lengths: lengths, order: order, before: before, width: inputs / order)
    guard case .wide(let weights, _) = weights else {
      let gathered = windows.gather(values)
      apply(
        gathered.pointer, rows: windows.rows, activation: activation, adding: residual, into: result, stride: stride)
      return
    }
    let quantised = windows.quantise(values)
    multiply(
      weights, quantised.values.pointer, offsets: quantised.offsets.pointer, rowScales: quantised.scales.pointer,
      rows: windows.rows, finish(activation, residual, result, stride))
  }

  private func finish(
    _ activation: Activation, _ residual: UnsafePointer<Float>?, _ result: UnsafeMutablePointer<Float>, _ stride: Int
  ) -> OneDNNMatrix.Finish {
    let scales: UnsafePointer<Float>? =
      switch weights {
      case .wide(_, let scales), .bytes(_, _, let scales): scales.pointer
      case .float: nil
      }
    return OneDNNMatrix.Finish(
      scales: scales, bias: bias?.pointer, activation: activation == .relu ? GREENROOM_RELU : GREENROOM_LINEAR,
      residual: residual, result: result, stride: stride)
  }

  private func multiplyWidely(
    _ weights: TensorView<Int8>, _ values: UnsafePointer<Float>, rows: Int, _ finish: OneDNNMatrix.Finish
  ) {
    let quantised = Buffer<Int16>(count: rows * inputs)
    let rowScales = Buffer<Float>(count: rows)
    greenroom_quantize(values, rows, inputs, quantised.pointer, rowScales.pointer)
    multiply(weights, quantised.pointer, offsets: nil, rowScales: rowScales.pointer, rows: rows, finish)
  }

  private func multiply(
    _ weights: TensorView<Int8>, _ quantised: UnsafePointer<Int16>, offsets: UnsafePointer<UInt32>?,
    rowScales: UnsafePointer<Float>, rows: Int, _ finish: OneDNNMatrix.Finish
  ) {
    greenroom_multiply(
      quantised, offsets, rowScales, rows, inputs, weights.pointer, finish.scales, finish.bias, outputs,
      finish.activation, finish.residual, outputs, finish.result, finish.stride)
  }

  /// Where oneDNN fails, which it does when memory runs out.
  private func multiplyPlainly(
    _ weights: TensorView<Float>, _ values: UnsafePointer<Float>, rows: Int, _ finish: OneDNNMatrix.Finish
  ) {
    let sums = Buffer<Float>(count: rows * outputs)
    greenroom_multiply_float(values, rows, inputs, weights.pointer, outputs, sums.pointer)
    greenroom_finish_floats(
      sums.pointer, rows, finish.bias, outputs, finish.activation, finish.residual, outputs, finish.result,
      finish.stride)
  }
}
