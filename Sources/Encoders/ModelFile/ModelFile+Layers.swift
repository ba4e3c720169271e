import Tensors
import Tokenizers

/// What a model is made of, put together from its arrays.
extension ModelFile {
  func linear(_ name: String, inputs: Int, outputs: Int) throws(ModelFileError) -> LinearLayer {
    let bias = header.arrays.contains { $0.name == "\(name).bias" } ? try floats("\(name).bias", count: outputs) : nil
    guard
      let layer = LinearLayer(
        inputs: inputs, outputs: outputs, weights: try int8s("\(name).weights", count: inputs * outputs),
        scales: try floats("\(name).scales", count: outputs), bias: bias)
    else { throw ModelFileError(.damaged, file, "lacks what this version of the model needs ('\(name)')") }
    return layer
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
  mutating func add(_ name: String, _ weights: PackedWeights, bias: [Float]?) {
    add("\(name).weights", int8s: weights.weights)
    add("\(name).scales", floats: weights.scales)
    if let bias { add("\(name).bias", floats: bias) }
  }

  mutating func add(_ name: String, _ trie: PrefixTrieArrays) {
    add("\(name).children", uint32s: trie.firstChild)
    add("\(name).labels", uint8s: trie.labels)
    add("\(name).values", int32s: trie.values)
  }
}
