package import Foundation
import Support
package import Tensors
import Tokenizers

/// all-MiniLM-L6-v2: a BERT of 6 layers (Wang et al. 2020, "MiniLM"), whose last layer's mean over the pieces is the
/// sentence (Reimers and Gurevych 2019, "Sentence-BERT"). English.
package struct MiniLM: SentenceEncoder {
  package let name = EncoderModel.minilm.name
  package let version: String
  package let dimension = MiniLM.width
  package let languages: Set<String> = ["en"]

  static let width = 384
  static let heads = 12
  static let layerCount = 6
  static let hidden = 1536
  /// Pieces that the model reads, with the first and the last (`max_seq_length`).
  static let longest = 256
  static let epsilon: Float = 1e-12
  /// Up to so many pieces a text is computed in 14 bits even where byte products are quicker.
  static let shortText = 8

  private struct Layer: Sendable {
    var attention: LinearLayer
    var attentionOutput: LinearLayer
    var attentionNorm: Norm
    var widening: LinearLayer
    var narrowing: LinearLayer
    var outputNorm: Norm
  }

  struct Norm: Sendable {
    var gamma: TensorView<Float>
    var beta: TensorView<Float>
  }

  /// In floating point a sum may depend on how many rows oneDNN is given: each text goes by itself, so that its vector
  /// depends on nothing else.
  private let encodesAlone: Bool
  private let usesBytes: Bool
  private let tokenizer: WordPieceTokenizer
  private let words: TensorView<Int8>
  private let wordScales: TensorView<Float>
  private let positions: TensorView<Float>
  private let embeddingNorm: Norm
  private let layers: [Layer]

  /// - Throws: `ModelFileError`.
  package init(dataFolder: URL, arithmetic: Arithmetic = .quickest) throws(ModelFileError) {
    try self.init(ModelFile(EncoderModel.minilm.file(in: dataFolder)), arithmetic: arithmetic)
  }

  /// - Throws: `ModelFileError`.
  package init(_ file: ModelFile, arithmetic: Arithmetic = .quickest) throws(ModelFileError) {
    guard file.header.model == EncoderModel.minilm.name else {
      throw ModelFileError(.otherModel, file.file, "holds '\(file.header.model)' and not \(EncoderModel.minilm.name)")
    }
    version = try file.encoderVersion(arithmetic)
    encodesAlone = file.precision == .float
    usesBytes = file.precision == .int8 && arithmetic == .bytes
    let special = try file.int32s("special", count: 5)
    // In the order of the writer: unknown, start, end, padding, mask.
    tokenizer = WordPieceTokenizer(
      vocabulary: try file.trie("vocabulary"),
      special: .init(
        unknown: special[0], start: special[1], end: special[2],
        literal: [
          "[UNK]": special[0], "[CLS]": special[1], "[SEP]": special[2], "[PAD]": special[3], "[MASK]": special[4],
        ]))
    wordScales = try file.floats("words.scales")
    words = try file.int8s("words", count: wordScales.count * Self.width)
    positions = try file.floats("positions", count: Self.longest * Self.width)
    embeddingNorm = try file.norm("embedding", count: Self.width)
    var layers: [Layer] = []
    for index in 0..<Self.layerCount {
      let name = "layer\(index)"
      layers.append(
        Layer(
          attention: try file.linear("\(name).attention", inputs: Self.width, outputs: 3 * Self.width, arithmetic),
          attentionOutput: try file.linear(
            "\(name).attention.output", inputs: Self.width, outputs: Self.width, arithmetic),
          attentionNorm: try file.norm("\(name).attention", count: Self.width),
          widening: try file.linear("\(name).widening", inputs: Self.width, outputs: Self.hidden, arithmetic),
          narrowing: try file.linear("\(name).narrowing", inputs: Self.hidden, outputs: Self.width, arithmetic),
          outputNorm: try file.norm("\(name).output", count: Self.width)))
    }
    self.layers = layers
  }

  package var commonWords: [String] { tokenizer.words() }

  package func encode(_ texts: [String]) -> [[Float]] {
    let pieces = texts.map { tokenizer.pieces(of: $0, limit: Self.longest) }
    let results = VectorSlots(count: texts.count)
    // Over few pieces the errors of byte products do not cancel out: "Thanks" would come out at a cosine of 0.987.
    let (short, long) = (
      pieces.indices.filter { usesBytes && pieces[$0].count <= Self.shortText },
      pieces.indices.filter { !usesBytes || pieces[$0].count > Self.shortText }
    )
    for (places, widely) in [(short, true), (long, false)] {
      TokenBatches.forEach(lengths: places.map { pieces[$0].count }, alone: encodesAlone) { range in
        results.fill(places[range], encode(places[range].map { pieces[$0] }, widely: widely))
      }
    }
    return results.vectors
  }

  /// The pieces of a text, for tests and explanations.
  package func pieces(of text: String) -> [Int32] { tokenizer.pieces(of: text, limit: Self.longest) }

  private func encode(_ texts: [[Int32]], widely: Bool) -> [[Float]] {
    let rows = texts.reduce(0) { $0 + $1.count }
    let width = Self.width
    let states = Buffer<Float>(count: rows * width)
    let mixed = Buffer<Float>(count: rows * width)
    let other = Buffer<Float>(count: rows * width)
    let wide = Buffer<Float>(count: rows * Self.hidden)
    embed(texts, into: states.pointer)
    for layer in layers {
      layer.attention.apply(states.pointer, rows: rows, into: wide.pointer, widely: widely)
      var row = 0
      for text in texts {
        Kernels.attention(
          wide.pointer + row * 3 * width, tokens: text.count, width: width, heads: Self.heads,
          into: mixed.pointer + row * width)
        row += text.count
      }
      layer.attentionOutput.apply(mixed.pointer, rows: rows, into: other.pointer, widely: widely)
      layer.attentionNorm.apply(other.pointer, adding: states.pointer, rows: rows, epsilon: Self.epsilon, into: states)
      layer.widening.apply(states.pointer, rows: rows, into: wide.pointer, widely: widely)
      Kernels.gelu(wide.pointer, count: rows * Self.hidden)
      layer.narrowing.apply(wide.pointer, rows: rows, into: other.pointer, widely: widely)
      layer.outputNorm.apply(other.pointer, adding: states.pointer, rows: rows, epsilon: Self.epsilon, into: states)
    }
    var row = 0
    return texts.map { text in
      defer { row += text.count }
      return [Float](unsafeUninitializedCapacity: width) { vector, count in
        count = width
        guard let start = vector.baseAddress else { return }
        Kernels.sum(states.pointer + row * width, rows: text.count, columns: width, into: start)
        _ = Kernels.normalize(start, count: width)
      }
    }
  }

  private func embed(_ texts: [[Int32]], into states: UnsafeMutablePointer<Float>) {
    let width = Self.width
    var row = states
    for text in texts {
      for (position, piece) in text.enumerated() {
        // A damaged vocabulary may name a piece that has no row.
        let word = min(max(Int(piece), 0), wordScales.count - 1)
        row.update(from: positions.pointer + position * width, count: width)
        Kernels.add(row: words.pointer + word * width, scale: wordScales[word], columns: width, to: row)
        row += width
      }
    }
    Kernels.layerNorm(
      states, rows: texts.reduce(0) { $0 + $1.count }, columns: width, gamma: embeddingNorm.gamma.pointer,
      beta: embeddingNorm.beta.pointer, epsilon: Self.epsilon, into: states)
  }
}

extension MiniLM.Norm {
  func apply(
    _ values: UnsafePointer<Float>, adding residual: UnsafePointer<Float>, rows: Int, epsilon: Float,
    into result: borrowing Buffer<Float>
  ) {
    Kernels.layerNorm(
      values, adding: residual, rows: rows, columns: gamma.count, gamma: gamma.pointer, beta: beta.pointer,
      epsilon: epsilon, into: result.pointer)
  }
}
