import CKernels

/// Puts a segment together, term by term.
struct SegmentWriter {
  private let parameters: IndexParameters
  private let numbers: [UInt32]
  private let lengths: [UInt16]
  private let totalLength: Int
  private let norms: [Float]
  private let windows: Int
  private var keys: [UInt64] = []
  private var terms: [UInt8] = []
  private var postings: [UInt8] = []
  private var denseTerms = 0
  private var maxima: [UInt8] = []
  private var windowOffsets: [UInt32] = []
  private var windowCounts: [UInt8] = []

  /// - Parameters:
  ///   - numbers: of the documents, rising.
  ///   - lengths: of the documents, as `LengthCode`.
  init(numbers: [UInt32], lengths: [UInt16], parameters: IndexParameters) {
    self.parameters = parameters
    self.numbers = numbers
    windows = SegmentSection.windows(of: numbers.count)
    let filling = repeatElement(UInt16(0), count: windows * SegmentSection.window - numbers.count)
    self.lengths = lengths + filling
    totalLength = lengths.reduce(0) { $0 + LengthCode.value(of: $1) }
    let mean = Float(totalLength) / Float(max(1, numbers.count))
    norms = SegmentNorms.norms(of: self.lengths, meanLength: mean, parameters: parameters)
  }

  /// - Parameters:
  ///   - key: above all before.
  ///   - documents: places in the segment, rising; not empty.
  ///   - codes: as `FrequencyCode`, as many.
  mutating func append(_ key: UInt64, documents: ArraySlice<UInt32>, codes: ArraySlice<UInt8>) {
    let isDense = documents.count * SegmentSection.denseShare >= numbers.count
    keys.append(key)
    terms.append(littleEndian: UInt64(postings.count))
    terms.append(littleEndian: UInt32(documents.count))
    terms.append(littleEndian: isDense ? UInt32(denseTerms) : SegmentSection.sparse)
    if isDense {
      denseTerms += 1
      appendDense(documents, codes)
    } else {
      appendSparse(documents, codes)
    }
  }

  func finish(contentKey: [UInt8]) -> [UInt8] {
    let header = SegmentHeader(
      documents: numbers.count, terms: keys.count, denseTerms: denseTerms, totalLength: totalLength,
      parameters: parameters)
    var sections: [[UInt8]] = SegmentSection.allCases.map { _ in [] }
    func put(_ section: SegmentSection, _ bytes: [UInt8]) { sections[section.rawValue] = bytes }
    func bytes(_ numbers: [some FixedWidthInteger]) -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(littleEndian: numbers)
      return bytes
    }
    put(.header, header.bytes)
    put(.numbers, bytes(numbers))
    put(.lengths, bytes(lengths))
    put(.keys, bytes(keys))
    put(.terms, terms)
    put(.postings, postings)
    put(.maxima, maxima)
    put(.windowOffsets, bytes(windowOffsets))
    put(.windowCounts, windowCounts)
    return SectionedFile.encode(.segment, contentKey: contentKey, sections: sections)
  }

  private mutating func appendDense(_ documents: ArraySlice<UInt32>, _ codes: ArraySlice<UInt8>) {
    let start = postings.count
    var at = documents.startIndex
    let codeShift = codes.startIndex - documents.startIndex
    for window in 0..<windows {
      let low = UInt32(window << SegmentSection.windowShift)
      let first = at
      while at < documents.endIndex, documents[at] &- low < UInt32(SegmentSection.window) { at += 1 }
      let count = at - first
      let own = codes[(first + codeShift)..<(at + codeShift)]
      let isAllOnce = own.allSatisfy { $0 == 1 }
      windowOffsets.append(UInt32(postings.count - start) | (isAllOnce ? SegmentSection.allOnce : 0))
      windowCounts.append(UInt8(max(0, count - 1)))
      guard count > 0 else {
        maxima.append(0)
        continue
      }
      if count <= SegmentSection.longestList {
        for document in documents[first..<at] { postings.append(UInt8(document - low)) }
      } else {
        var bitmap = [UInt8](repeating: 0, count: SegmentSection.bitmapSize)
        for document in documents[first..<at] { bitmap[Int((document - low) >> 3)] |= 1 << UInt8((document - low) & 7) }
        postings += bitmap
      }
      if !isAllOnce { postings += own }
      var most: Float = 0
      for (document, code) in zip(documents[first..<at], own) {
        let frequency = FrequencyCode.values[Int(code)]
        most = max(most, frequency / (frequency + norms[Int(document)]))
      }
      maxima.append(UInt8(min(255, max(1, (most * 255 * 1.00001).rounded(.up)))))
    }
  }

  private mutating func appendSparse(_ documents: ArraySlice<UInt32>, _ codes: ArraySlice<UInt8>) {
    let codeShift = codes.startIndex - documents.startIndex
    var at = documents.startIndex
    var before = UInt32.max
    var gaps = [UInt32](repeating: 0, count: SegmentSection.block)
    var extra = gaps
    while documents.endIndex - at >= SegmentSection.block {
      var allGaps: UInt32 = 0
      var allExtra: UInt32 = 0
      for place in 0..<SegmentSection.block {
        gaps[place] = documents[at + place] &- before &- 1
        extra[place] = UInt32(codes[at + place + codeShift]) - 1
        before = documents[at + place]
        allGaps |= gaps[place]
        allExtra |= extra[place]
      }
      let widths = [allGaps, allExtra].map { UInt32.bitWidth - $0.leadingZeroBitCount }
      postings.append(UInt8(widths[0]))
      postings.append(UInt8(widths[1]))
      pack(gaps, width: widths[0])
      pack(extra, width: widths[1])
      at += SegmentSection.block
    }
    while at < documents.endIndex {
      let code = codes[at + codeShift]
      var rest = UInt64(documents[at] &- before &- 1) << 1 | (code == 1 ? 1 : 0)
      before = documents[at]
      while rest >= 0x80 {
        postings.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
      }
      postings.append(UInt8(rest))
      if code != 1 { postings.append(code) }
      at += 1
    }
  }

  private mutating func pack(_ numbers: [UInt32], width: Int) {
    let packed = [UInt8](unsafeUninitializedCapacity: 16 * width) { buffer, count in
      if let address = buffer.baseAddress { kernels_pack128(numbers, UInt32(width), address) }
      count = 16 * width
    }
    postings += packed
  }
}
