/// An immutable piece of an inverted index: some documents and their postings, in memory or in a mapped file.
package struct Segment: Sendable {
  let file: SectionedFile
  let header: SegmentHeader

  /// Takes over bytes that `InvertedIndexBuilder` made. The header is checked, and that all sections have the sizes it
  /// says; every offset is checked again where it is used, so that damaged bytes give wrong hits at worst.
  /// - Parameter contentKey: what the segment must have been made from; nil where any will do.
  /// - Throws: `RetrievalError` `foreign`, `otherVersion`, `otherContent`, `truncated` or `damaged`.
  package init(_ bytes: any ByteRegion, contentKey: [UInt8]? = nil) throws {
    file = try SectionedFile(bytes, kind: .segment, contentKey: contentKey)
    guard file.sections.count == SegmentSection.allCases.count else { throw SectionedFile.damaged }
    let sections = file.sections
    let header = try file.region.withUnsafeBytes {
      try SegmentHeader(UnsafeRawBufferPointer(rebasing: $0[sections[SegmentSection.header.rawValue]]))
    }
    self.header = header
    let cells = header.denseTerms * header.windows
    let sizes: [SegmentSection: Int] = [
      .numbers: header.documents * 4, .lengths: header.windows * SegmentSection.window * 2, .keys: header.terms * 8,
      .terms: header.terms * SegmentSection.termStride, .maxima: cells, .windowOffsets: cells * 4,
      .windowCounts: cells,
    ]
    for (section, size) in sizes where sections[section.rawValue].count != size { throw SectionedFile.damaged }
  }

  package var documentCount: Int { header.documents }
  package var contentKey: [UInt8] { file.contentKey }
  /// Bytes of the whole file.
  package var size: Int { file.region.withUnsafeBytes { $0.count } }

  /// Reads the whole file and holds it against its checksum.
  /// - Throws: `RetrievalError` `damaged`.
  package func verify() throws { try file.verify() }

  /// The file's bytes, to be kept.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try file.region.withUnsafeBytes(body)
  }

  func withView<Result>(_ body: (SegmentView) throws -> Result) rethrows -> Result {
    try file.region.withUnsafeBytes { try body(SegmentView($0, file.sections, header)) }
  }
}
