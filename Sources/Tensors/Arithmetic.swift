import CTensors

/// How the products of a model are computed.
package enum Arithmetic: String, Sendable, Hashable {
  /// Weights in bytes, inputs in 14 bits, on kernels of our own: the same bits on every processor.
  case wide
  /// Weights and inputs in bytes, by oneDNN.
  case bytes
  /// Floating point, by oneDNN.
  case float

  /// What is quickest here for weights in bytes. The processor alone decides, so that two runs on one machine never differ:
  /// byte products where it has instructions for them (VNNI), else `wide`, which is as quick without them and closer to
  /// the original.
  package static var quickest: Arithmetic { greenroom_has_vnni() == 1 ? .bytes : .wide }
}
