/// What a SentencePiece model file says (`sentencepiece_model.proto`): its pieces, and how text is normalised.
package struct SentencePieceModel: Sendable {
  package enum Kind: Int, Sendable { case normal = 1, unknown, control, userDefined, unused, byte }

  package struct Piece: Sendable {
    package var bytes: [UInt8] = []
    package var score: Float = 0
    package var kind: Kind = .normal
  }

  package private(set) var pieces: [Piece] = []
  /// 1 where the model is a unigram model, the only kind that is read here.
  package private(set) var modelType = 1
  package private(set) var characterMap: [UInt8] = []
  package private(set) var addsDummyPrefix = true
  package private(set) var removesExtraSpaces = true
  package private(set) var escapesSpaces = true
  package private(set) var startPiece: Int32 = 1
  package private(set) var endPiece: Int32 = 2

  /// - Throws: `TokenizerError` where the bytes are damaged or another kind of model.
  package init(_ bytes: [UInt8]) throws(TokenizerError) {
    var reader = ProtobufReader(bytes[...])
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let bytes)): pieces.append(try Self.piece(bytes))
      case (2, .bytes(let bytes)): try readTrainer(bytes)
      case (3, .bytes(let bytes)): try readNormalizer(bytes)
      default: break
      }
    }
    guard !pieces.isEmpty, pieces.count <= Int(Int32.max) else {
      throw TokenizerError("the SentencePiece model holds no pieces")
    }
    guard modelType == 1 else { throw TokenizerError("the SentencePiece model is no unigram model") }
    guard escapesSpaces else { throw TokenizerError("the SentencePiece model does not escape spaces") }
    guard pieces.allSatisfy({ $0.score.isFinite }) else {
      throw TokenizerError("the SentencePiece model has a score that is no number")
    }
  }

  package var unknownPiece: Int32 { Int32(pieces.firstIndex { $0.kind == .unknown } ?? 0) }

  private static func piece(_ bytes: ArraySlice<UInt8>) throws(TokenizerError) -> Piece {
    var piece = Piece()
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let bytes)): piece.bytes = Array(bytes)
      case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .number(let number)):
        guard let kind = Kind(rawValue: Int(truncatingIfNeeded: number)) else {
          throw TokenizerError("the SentencePiece model has a piece of an unknown kind")
        }
        piece.kind = kind
      default: break
      }
    }
    return piece
  }

  private mutating func readTrainer(_ bytes: ArraySlice<UInt8>) throws(TokenizerError) {
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (3, .number(let number)): modelType = Int(truncatingIfNeeded: number)
      case (41, .number(let number)): startPiece = Int32(truncatingIfNeeded: number)
      case (42, .number(let number)): endPiece = Int32(truncatingIfNeeded: number)
      default: break
      }
    }
  }

  private mutating func readNormalizer(_ bytes: ArraySlice<UInt8>) throws(TokenizerError) {
    var reader = ProtobufReader(bytes)
    while let field = try reader.next() {
      switch (field.number, field.value) {
      case (2, .bytes(let bytes)): characterMap = Array(bytes)
      case (3, .number(let number)): addsDummyPrefix = number != 0
      case (4, .number(let number)): removesExtraSpaces = number != 0
      case (5, .number(let number)): escapesSpaces = number != 0
      default: break
      }
    }
  }
}
