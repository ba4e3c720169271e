/// Somebody's bytes in a file that says what they were made from and can tell when they are damaged.
package final class BlobFile: ByteRegion {
  private let file: SectionedFile

  /// The whole file.
  package static func encode(_ blob: [UInt8], contentKey: [UInt8]) -> [UInt8] {
    SectionedFile.encode(.blob, contentKey: contentKey, sections: [blob])
  }

  /// Reads all of it and holds it against its checksum.
  /// - Throws: `RetrievalError` `foreign`, `otherVersion`, `otherContent`, `truncated` or `damaged`.
  package init(_ bytes: any ByteRegion, contentKey: [UInt8]) throws {
    file = try SectionedFile(bytes, kind: .blob, contentKey: contentKey)
    guard file.sections.count == 1 else { throw SectionedFile.damaged }
    try file.verify()
  }

  /// The bytes that were kept; at an address that suits every number.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try file.region.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[file.sections[0]])) }
  }
}
