import Tensors
import Tokenizers

/// What a model is made of, put together from its arrays.
extension ModelFile {
  /// - Parameter arithmetic: for weights in bytes; a file with weights in floating point is computed in that.
  func linear(
    _ name: String, inputs: Int, outputs: Int, _ arithmetic: Arithmetic
  ) throws(ModelFileError) -> LinearLayer {
    let bias = header.arrays.contains { $0.name == "\(name).bias" } ? try floats("\(name).bias", count: outputs) : nil
    let layer =
      precision == .float
      ? LinearLayer(
        inputs: inputs, outputs: outputs, rows: try floats("\(name).rows", count: inputs * outputs), bias: bias)
      : LinearLayer(
        inputs: inputs, outputs: outputs, weights: try int8s("\(name).weights", count: inputs * outputs),
        scales: try floats("\(name).scales", count: outputs), bias: bias, arithmetic: arithmetic)
    guard let layer else {
      throw ModelFileError(.damaged, file, "lacks what this version of the model needs ('\(name)')")
    }
    return layer
  }

  var precision: ModelPrecision? { ModelPrecision(rawValue: header.precision) }

  /// What its vectors depend on beside the text: only vectors of the same version may be compared.
  func encoderVersion(_ arithmetic: Arithmetic) throws(ModelFileError) -> String {
    guard let precision else {
      throw ModelFileError(.newer, file, "holds weights in a precision that this program does not know")
    }
    let version = "\(header.packageVersion)-\(precision.rawValue)"
    return precision == .int8 && arithmetic == .bytes ? version + "-bytes" : version
  }

  func norm(_ name: String, count: Int) throws(ModelFileError) -> MiniLM.Norm {
    MiniLM.Norm(
      gamma: try floats("\(name).gamma", count: count), beta: try floats("\(name).beta", count: count))
  }

  func trie(_ name: String) throws(ModelFileError) -> PrefixTrie {
    let firstChild = try uint32s("\(name).children")
    let labels = try uint8s("\(name).labels")
    let values = try int32s("\(name).values")
    guard
      let trie = PrefixTrie(
        firstChild: UnsafeBufferPointer(start: firstChild.pointer, count: firstChild.count),
        labels: UnsafeBufferPointer(start: labels.pointer, count: labels.count),
        values: UnsafeBufferPointer(start: values.pointer, count: values.count), owner: firstChild.owner)
    else { throw ModelFileError(.damaged, file, "is damaged in its vocabulary") }
    return trie
  }
}

extension ModelFileWriter {
  /// - Parameter rows: an output's weights a row.
  /// - Throws: `WeightsError` where the sizes cannot be packed, or a weight is no number.
  mutating func add(
    _ name: String, rows: [Float], inputs: Int, outputs: Int, bias: [Float]?, _ precision: ModelPrecision
  ) throws(WeightsError) {
    guard let packed = PackedWeights(rows: rows, inputs: inputs, outputs: outputs),
      bias?.allSatisfy(\.isFinite) ?? true
    else { throw WeightsError("has weights for '\(name)' that cannot be used") }
    switch precision {
    case .int8:
      add("\(name).weights", int8s: packed.weights)
      add("\(name).scales", floats: packed.scales)
    case .float: add("\(name).rows", floats: rows)
    }
    if let bias { add("\(name).bias", floats: bias) }
  }

  mutating func add(_ name: String, _ trie: PrefixTrieArrays) {
    add("\(name).children", uint32s: trie.firstChild)
    add("\(name).labels", uint8s: trie.labels)
    add("\(name).values", int32s: trie.values)
  }
}
