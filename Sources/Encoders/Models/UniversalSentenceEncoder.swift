package import Foundation
import Support
package import Tensors
import Tokenizers

/// Universal Sentence Encoder multilingual v3 (Yang et al. 2020), the small form: piece vectors, three convolutions over
/// them (2, 3 and 5 wide, each applied twice), their sum, and a network of four layers. 16 languages.
package struct UniversalSentenceEncoder: SentenceEncoder {
  package let name = EncoderModel.use.name
  package let version: String
  package let dimension = UniversalSentenceEncoder.width
  package let languages: Set<String> = [
    "ar", "zh", "en", "fr", "de", "it", "ja", "ko", "nl", "pl", "pt", "es", "th", "tr", "ru",
  ]

  static let width = 512
  static let branchWidth = 256
  /// How many pieces each convolution sees, and how many of them stand before the piece itself.
  static let branches: [(order: Int, before: Int)] = [(2, 0), (3, 1), (5, 2)]
  static let features = width + branches.count * branchWidth
  static let hidden = 320
  static let epsilon: Float = 1e-12
  /// The table of piece vectors is quantised in so many parts; piece n is in part n modulo this.
  static let parts = 17
  /// Pieces that are read. The model itself has no limit; one message must not hold a core for seconds.
  static let longest = 1024

  private struct Branch: Sendable {
    var first: LinearLayer
    var second: LinearLayer
  }

  /// In floating point a sum may depend on how many rows oneDNN is given: each text goes by itself, so that its vector
  /// depends on nothing else.
  private let encodesAlone: Bool
  private let tokenizer: UnigramTokenizer
  private let startPiece: Int32
  private let endPiece: Int32
  private let unknownPiece: Int32
  private let pieceTable: TensorView<UInt8>
  private let pieceCount: Int
  private let partScales: TensorView<Float>
  private let partLows: TensorView<Float>
  private let projection: LinearLayer
  private let projectionNorm: MiniLM.Norm
  private let branches: [Branch]
  private let featureNorm: MiniLM.Norm
  private let reduction: LinearLayer
  private let dense0: LinearLayer
  private let dense1: LinearLayer
  private let dense2: LinearLayer
  private let dense3: LinearLayer
  private let shortcut1: LinearLayer
  private let shortcut3: LinearLayer

  /// - Throws: `ModelFileError`.
  package init(dataFolder: URL, arithmetic: Arithmetic = .quickest) throws(ModelFileError) {
    try self.init(ModelFile(EncoderModel.use.file(in: dataFolder)), arithmetic: arithmetic)
  }

  /// - Throws: `ModelFileError`.
  package init(_ file: ModelFile, arithmetic: Arithmetic = .quickest) throws(ModelFileError) {
    guard file.header.model == EncoderModel.use.name else {
      throw ModelFileError(.otherModel, file.file, "holds '\(file.header.model)' and not \(EncoderModel.use.name)")
    }
    version = try file.encoderVersion(arithmetic)
    encodesAlone = file.precision == .float
    let special = try file.int32s("special", count: 5)
    (unknownPiece, startPiece, endPiece) = (special[0], special[1], special[2])
    let scores = try file.floats("vocabulary.scores")
    let extremes = try file.floats("vocabulary.lowest", count: 1)
    let scoreCount = scores.count
    let vocabulary = try file.trie("vocabulary")
    let rules = try file.uint8s("normalisation").elements
    do throws(TokenizerError) {
      tokenizer = try UnigramTokenizer(
        vocabulary: vocabulary, lowestScore: extremes[0], characterMap: rules,
        settings: .init(unknown: special[0], addsDummyPrefix: special[3] != 0, removesExtraSpaces: special[4] != 0),
        score: { scores[min(max(Int($0), 0), scoreCount - 1)] })
    } catch {
      throw ModelFileError(.damaged, file.file, "is damaged in its vocabulary")
    }
    pieceTable = try file.uint8s("pieces")
    pieceCount = pieceTable.count / Self.width
    partScales = try file.floats("pieces.scales", count: Self.parts)
    partLows = try file.floats("pieces.lows", count: Self.parts)
    projection = try file.linear(
      "projection", inputs: Self.width, outputs: Self.branches.count * Self.branchWidth, arithmetic)
    projectionNorm = try file.norm("projection", count: Self.branches.count * Self.branchWidth)
    var branches: [Branch] = []
    for (order, _) in Self.branches {
      let inputs = order * Self.branchWidth
      branches.append(
        Branch(
          first: try file.linear("branch\(order).first", inputs: inputs, outputs: Self.branchWidth, arithmetic),
          second: try file.linear("branch\(order).second", inputs: inputs, outputs: Self.branchWidth, arithmetic)))
    }
    self.branches = branches
    featureNorm = try file.norm("features", count: Self.features)
    reduction = try file.linear("reduction", inputs: Self.features, outputs: Self.width, arithmetic)
    dense0 = try file.linear("dense0", inputs: Self.width, outputs: Self.hidden, arithmetic)
    dense1 = try file.linear("dense1", inputs: Self.hidden, outputs: Self.hidden, arithmetic)
    dense2 = try file.linear("dense2", inputs: Self.hidden, outputs: Self.width, arithmetic)
    dense3 = try file.linear("dense3", inputs: Self.width, outputs: Self.width, arithmetic)
    shortcut1 = try file.linear("shortcut1", inputs: Self.width, outputs: Self.hidden, arithmetic)
    shortcut3 = try file.linear("shortcut3", inputs: Self.hidden, outputs: Self.width, arithmetic)
  }

  package func encode(_ texts: [String]) -> [[Float]] {
    let pieces = texts.map { self.pieces(of: $0) }
    let results = VectorSlots(count: texts.count)
    TokenBatches.forEach(lengths: pieces.map(\.count), alone: encodesAlone) { range in
      results.fill(range, encode(pieces[range]))
    }
    return results.vectors
  }

  /// The pieces of a text with the one that starts and the one that ends it. A text with nothing in it is one unknown
  /// piece, as in the package the weights come from.
  package func pieces(of text: String) -> [Int32] {
    var pieces = tokenizer.pieces(of: text)
    if pieces.isEmpty { pieces = [unknownPiece] }
    return [startPiece] + pieces.prefix(Self.longest - 2) + [endPiece]
  }

  private func encode(_ texts: ArraySlice<[Int32]>) -> [[Float]] {
    let lengths = texts.map(\.count)
    let rows = lengths.reduce(0, +)
    let features = Buffer<Float>(count: rows * Self.features)
    embed(texts, into: features.pointer)
    for (index, branch) in branches.enumerated() {
      let input = Buffer<Float>(count: rows * Self.branchWidth)
      let middle = Buffer<Float>(count: rows * Self.branchWidth)
      let column = Self.width + index * Self.branchWidth
      let (order, before) = Self.branches[index]
      // What a branch starts from stands where its result will stand.
      for row in 0..<rows {
        (input.pointer + row * Self.branchWidth).update(
          from: features.pointer + row * Self.features + column, count: Self.branchWidth)
      }
      branch.first.applyToWindows(
        input.pointer, lengths: lengths, order: order, before: before, activation: .relu, adding: input.pointer,
        into: middle.pointer, stride: Self.branchWidth)
      branch.second.applyToWindows(
        middle.pointer, lengths: lengths, order: order, before: before, activation: .relu, adding: middle.pointer,
        into: features.pointer + column, stride: Self.features)
    }
    Kernels.layerNorm(
      features.pointer, rows: rows, columns: Self.features, gamma: featureNorm.gamma.pointer,
      beta: featureNorm.beta.pointer, epsilon: Self.epsilon, into: features.pointer)
    return sentences(features.pointer, lengths: lengths)
  }

  /// Fills in the piece vectors, and beside them what the branches start from.
  private func embed(_ texts: ArraySlice<[Int32]>, into features: UnsafeMutablePointer<Float>) {
    let rows = texts.reduce(0) { $0 + $1.count }
    let pieces = Buffer<Float>(count: rows * Self.width)
    var row = 0
    for text in texts {
      for piece in text {
        let number = min(max(Int(piece), 0), pieceCount - 1)
        let place = pieces.pointer + row * Self.width
        Kernels.expand(
          row: pieceTable.pointer + number * Self.width, scale: partScales[number % Self.parts],
          low: partLows[number % Self.parts], columns: Self.width, into: place)
        (features + row * Self.features).update(from: place, count: Self.width)
        row += 1
      }
    }
    projection.apply(pieces.pointer, rows: rows, into: features + Self.width, stride: Self.features)
    // One norm over what all branches start from, not one a branch.
    Kernels.layerNorm(
      features + Self.width, rows: rows, columns: Self.branches.count * Self.branchWidth,
      gamma: projectionNorm.gamma.pointer, beta: projectionNorm.beta.pointer, epsilon: Self.epsilon,
      into: features + Self.width, stride: Self.features)
  }

  /// From the features of pieces to the vectors of sentences.
  private func sentences(_ features: UnsafeMutablePointer<Float>, lengths: [Int]) -> [[Float]] {
    let count = lengths.count
    let sums = Buffer<Float>(count: count * Self.features)
    var row = 0
    for (index, length) in lengths.enumerated() {
      let place = sums.pointer + index * Self.features
      Kernels.sum(features + row * Self.features, rows: length, columns: Self.features, into: place)
      Kernels.scale(place, count: Self.features, by: 1 / Float(length))
      row += length
    }
    let mean = Buffer<Float>(count: count * Self.width)
    reduction.apply(sums.pointer, rows: count, into: mean.pointer)
    // The model divides the sum by the square root of the length, not by the length.
    for (index, length) in lengths.enumerated() {
      Kernels.scale(mean.pointer + index * Self.width, count: Self.width, by: Float(length).squareRoot())
    }
    let first = Buffer<Float>(count: count * Self.hidden)
    let second = Buffer<Float>(count: count * Self.hidden)
    let third = Buffer<Float>(count: count * Self.width)
    let last = Buffer<Float>(count: count * Self.width)
    let result = Buffer<Float>(count: count * Self.width)
    let sum = Buffer<Float>(count: count * Self.hidden)
    dense0.apply(mean.pointer, rows: count, activation: .relu, into: first.pointer)
    shortcut1.apply(mean.pointer, rows: count, into: sum.pointer)
    dense1.apply(first.pointer, rows: count, adding: sum.pointer, into: second.pointer)
    Kernels.relu(second.pointer, count: count * Self.hidden)
    dense2.apply(second.pointer, rows: count, activation: .relu, into: third.pointer)
    shortcut3.apply(second.pointer, rows: count, into: last.pointer)
    dense3.apply(third.pointer, rows: count, adding: last.pointer, into: result.pointer)
    Kernels.tanh(result.pointer, count: count * Self.width)
    return (0..<count).map { index in
      let start = result.pointer + index * Self.width
      _ = Kernels.normalize(start, count: Self.width)
      return Array(UnsafeBufferPointer(start: start, count: Self.width))
    }
  }
}
