import CDNNL
import CTensors

/// Weights that oneDNN multiplies with.
///
/// `@unchecked Sendable`: the shim's matrix may be used by several threads at once; nothing else changes after `init`.
final class OneDNNMatrix: @unchecked Sendable {
  private let handle: OpaquePointer
  private let inputs: Int
  private let outputs: Int
  /// Of each output's weights: what a lowest input other than zero adds.
  private let columnSums: [Int32]

  private static let hasByteProducts = greenroom_has_vnni() == 1

  /// - Parameter rows: `outputs` rows of `inputs` bytes.
  init?(bytes rows: [Int8], inputs: Int, outputs: Int) {
    guard rows.count == inputs * outputs, let handle = greenroom_dnnl_bytes_new(rows, inputs, outputs) else {
      return nil
    }
    self.handle = handle
    self.inputs = inputs
    self.outputs = outputs
    var sums = [Int32](repeating: 0, count: outputs)
    greenroom_row_sums(rows, inputs, outputs, &sums)
    columnSums = sums
  }

  /// - Parameter rows: `outputs` rows of `inputs` numbers.
  init?(floats rows: UnsafePointer<Float>, inputs: Int, outputs: Int) {
    guard let handle = greenroom_dnnl_floats_new(rows, inputs, outputs) else { return nil }
    self.handle = handle
    self.inputs = inputs
    self.outputs = outputs
    columnSums = []
  }

  deinit { greenroom_dnnl_free(handle) }

  /// What is done with the sums.
  struct Finish {
    var scales: UnsafePointer<Float>?
    var bias: UnsafePointer<Float>?
    var activation: greenroom_activation
    var residual: UnsafePointer<Float>?
    var result: UnsafeMutablePointer<Float>
    var stride: Int
  }

  /// - Returns: false where oneDNN failed; nothing has been written then.
  func multiplyBytes(
    _ bytes: UnsafePointer<UInt8>, rowScales: UnsafePointer<Float>, rowLows: UnsafePointer<Float>, rows: Int,
    finish: Finish
  ) -> Bool {
    let sums = Buffer<Int32>(count: rows * outputs)
    if Self.hasByteProducts {
      guard greenroom_dnnl_bytes_multiply(handle, bytes, rows, sums.pointer) == 1 else { return false }
    } else {
      guard multiplyInTwo(bytes, rows: rows, sums: sums.pointer) else { return false }
    }
    greenroom_finish_bytes(
      sums.pointer, rowScales, rowLows, columnSums, rows, finish.scales, finish.bias, outputs, finish.activation,
      finish.residual, outputs, finish.result, finish.stride)
    return true
  }

  /// Without VNNI, oneDNN's sums of two products would saturate with inputs over 127: their low seven bits and their
  /// highest one are multiplied for themselves. Twice the work, and the same sums as with VNNI.
  private func multiplyInTwo(_ bytes: UnsafePointer<UInt8>, rows: Int, sums: UnsafeMutablePointer<Int32>) -> Bool {
    let count = rows * inputs
    let part = Buffer<UInt8>(count: count)
    let high = Buffer<Int32>(count: rows * outputs)
    for place in 0..<count { part.pointer[place] = bytes[place] & 0x7F }
    guard greenroom_dnnl_bytes_multiply(handle, part.pointer, rows, sums) == 1 else { return false }
    for place in 0..<count { part.pointer[place] = bytes[place] >> 7 }
    guard greenroom_dnnl_bytes_multiply(handle, part.pointer, rows, high.pointer) == 1 else { return false }
    for place in 0..<(rows * outputs) { sums[place] += 128 * high.pointer[place] }
    return true
  }

  /// - Returns: false where oneDNN failed; nothing has been written then.
  func multiplyFloats(_ values: UnsafePointer<Float>, rows: Int, finish: Finish) -> Bool {
    let sums = Buffer<Float>(count: rows * outputs)
    guard greenroom_dnnl_floats_multiply(handle, values, rows, sums.pointer) == 1 else { return false }
    greenroom_finish_floats(
      sums.pointer, rows, finish.bias, outputs, finish.activation, finish.residual, outputs, finish.result,
      finish.stride)
    return true
  }

  static func quantize(
    _ values: UnsafePointer<Float>, rows: Int, columns: Int, bytes: UnsafeMutablePointer<UInt8>,
    scales: UnsafeMutablePointer<Float>, lows: UnsafeMutablePointer<Float>
  ) {
    greenroom_quantize_bytes(values, rows, columns, 255, bytes, scales, lows)
  }
}
