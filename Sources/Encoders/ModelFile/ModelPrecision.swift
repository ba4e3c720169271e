/// How a model file keeps its weights.
package enum ModelPrecision: String, Sendable, Hashable, CaseIterable {
  /// In bytes, one scale an output.
  case int8
  /// As they were, in 32-bit floating point: several times slower, for comparison.
  case float = "f32"
}
