/// The parts of a segment's file, in this order after the content key.
///
/// A *window* is 256 documents whose places in the segment begin at a multiple of 256. Terms of at least one document in
/// `denseShare` are kept window by window, with the most that the window's postings can score: whole windows are passed
/// over without a look at a posting. Rarer terms are lists of gaps in packed blocks of 128 and are read as a whole.
enum SegmentSection: Int, CaseIterable {
  /// See `SegmentHeader`.
  case header
  /// Document numbers, rising: u32 each.
  case numbers
  /// Lengths in units as `LengthCode`: u16 each, filled up to whole windows.
  case lengths
  /// Term keys, rising: u64 each.
  case keys
  /// For each term: u64 offset of its postings, u32 documents, u32 its row among the dense terms or `sparse`.
  case terms
  case postings
  /// For each dense term and window: the highest f / (f + norm), rounded up to 255ths; 0 where there is no posting.
  case maxima
  /// For each dense term and window: where its postings begin after the term's offset; `allOnce` where every frequency
  /// is 1 and left out.
  case windowOffsets
  /// For each dense term and window: postings less one.
  case windowCounts

  static let window = 256
  static let windowShift = 8
  static let block = 128
  static let denseShare = 64
  static let sparse = UInt32.max
  static let allOnce: UInt32 = 1 << 31
  static let termStride = 16
  /// Up to so many postings of a window are listed, a byte each; more are a bitmap.
  static let longestList = 32
  static let bitmapSize = 32

  static func windows(of documents: Int) -> Int { (documents + window - 1) / window }
}

/// The counts and parameters of a segment.
struct SegmentHeader: Sendable, Hashable {
  var documents: Int
  var terms: Int
  var denseTerms: Int
  /// Of all documents, in units.
  var totalLength: Int
  var parameters: IndexParameters

  static let size = 48

  var windows: Int { SegmentSection.windows(of: documents) }
  /// In units.
  var meanLength: Float { Float(totalLength) / Float(max(1, documents)) }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for count in [documents, terms, denseTerms, totalLength] { bytes.append(littleEndian: UInt64(count)) }
    for number in [parameters.saturation, parameters.lengthShare, parameters.unit] {
      bytes.append(littleEndian: number.bitPattern)
    }
    bytes.append(littleEndian: UInt32(parameters.lengthPrecision.rawValue))
    return bytes
  }

  init(documents: Int, terms: Int, denseTerms: Int, totalLength: Int, parameters: IndexParameters) {
    self.documents = documents
    self.terms = terms
    self.denseTerms = denseTerms
    self.totalLength = totalLength
    self.parameters = parameters
  }

  init(_ bytes: UnsafeRawBufferPointer) throws {
    guard bytes.count == Self.size else { throw SectionedFile.damaged }
    let counts: [UInt64] = (0..<4).map { bytes.littleEndian(at: $0 * 8) }
    let numbers: [UInt32] = (0..<4).map { bytes.littleEndian(at: 32 + $0 * 4) }
    let longest = UInt64(LengthCode.value(of: .max))
    guard counts[..<3].allSatisfy({ $0 < UInt64(UInt32.max) }), counts[3] <= counts[0] * longest,
      numbers[3] <= 1, let precision = LengthPrecision(rawValue: UInt8(numbers[3]))
    else { throw SectionedFile.damaged }
    documents = Int(counts[0])
    terms = Int(counts[1])
    denseTerms = Int(counts[2])
    totalLength = Int(counts[3])
    parameters = IndexParameters(
      saturation: Float(bitPattern: numbers[0]), lengthShare: Float(bitPattern: numbers[1]),
      unit: Float(bitPattern: numbers[2]), lengthPrecision: precision)
    guard parameters.isSound else { throw SectionedFile.damaged }
  }
}
