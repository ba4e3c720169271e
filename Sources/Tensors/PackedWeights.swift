import CTensors

/// A matrix of weights in bytes, one scale an output, in the order in which the products read it.
///
/// Made once, when a model is installed; a model file holds the three arrays as they are.
package struct PackedWeights: Sendable {
  /// Columns that lie side by side (CTensors.h).
  package static let panel = 16
  /// More inputs than this could overflow the sums.
  package static let maximumInputs = 2048

  package var inputs: Int
  package var outputs: Int
  /// Panels of 16 outputs; in each the pairs of inputs in order; for each pair the 16 outputs' two bytes.
  package var weights: [Int8]
  /// One an output: weight ≈ byte · scale.
  package var scales: [Float]

  /// - Parameter rows: `outputs` rows of `inputs` weights. The inputs are even and at most 2,048, the outputs a multiple
  ///   of 16; anything else gives nil, and so does a weight that is no number.
  package init?(rows: [Float], inputs: Int, outputs: Int) {
    guard inputs > 0, outputs > 0, inputs % 2 == 0, inputs <= Self.maximumInputs, outputs % Self.panel == 0,
      rows.count == inputs * outputs
    else { return nil }
    self.inputs = inputs
    self.outputs = outputs
    weights = [Int8](repeating: 0, count: rows.count)
    scales = [Float](repeating: 0, count: outputs)
    let isGood = rows.withUnsafeBufferPointer { rows in
      weights.withUnsafeMutableBufferPointer { weights in
        scales.withUnsafeMutableBufferPointer { scales in
          Self.pack(rows, inputs: inputs, outputs: outputs, weights: weights, scales: scales)
        }
      }
    }
    guard isGood else { return nil }
  }

  private static func pack(
    _ rows: UnsafeBufferPointer<Float>, inputs: Int, outputs: Int, weights: UnsafeMutableBufferPointer<Int8>,
    scales: UnsafeMutableBufferPointer<Float>
  ) -> Bool {
    for output in 0..<outputs {
      let start = output * inputs
      var largest: Float = 0
      for input in 0..<inputs { largest = max(largest, rows[start + input].magnitude) }
      for input in 0..<inputs where !rows[start + input].isFinite { return false }
      let scale = largest / 127
      scales[output] = scale
      let factor = scale > 0 ? 1 / scale : 0
      let (panel, column) = (output / Self.panel, output % Self.panel)
      for input in 0..<inputs {
        let byte = max(-127, min(127, (rows[start + input] * factor).rounded(.toNearestOrEven)))
        weights[place(panel: panel, column: column, input: input, inputs: inputs)] = Int8(byte)
      }
    }
    return true
  }

  /// The bytes in plain order again: a row an output.
  static func unpacked(_ weights: TensorView<Int8>, inputs: Int, outputs: Int) -> [Int8] {
    [Int8](unsafeUninitializedCapacity: inputs * outputs) { rows, count in
      count = inputs * outputs
      guard let start = rows.baseAddress else { return }
      greenroom_unpack(weights.pointer, inputs, outputs, start)
    }
  }

  /// Where in `weights` the byte of an output and an input lies.
  static func place(panel: Int, column: Int, input: Int, inputs: Int) -> Int {
    panel * Self.panel * inputs + (input / 2) * 2 * Self.panel + column * 2 + input % 2
  }
}
