import CKernels

/// The outside of all files of this room: a header that says what the file is, and sections. Numbers are little-endian.
///
///     0  magic           8 bytes        16  whole size        u64
///     8  format version  u32            24  payload checksum  u64, of all after the table of sections
///    12  kind            u32            32  header checksum   u64, of the header with this field zero, and the table
///    40  sections        u32            48  their places: offset u64, size u64 each
///
/// The first section is the content key. Sections begin at multiples of 64.
struct SectionedFile: Sendable {
  enum Kind: UInt32, Sendable {
    case segment = 1
    case removals = 2
    case vectors = 3
    case manifest = 4
    case blob = 5
    case numbers = 6
  }

  static let version: UInt32 = 1
  private static let magic: [UInt8] = Array("GRretr\r\n".utf8)
  private static let fixedSize = 48
  private static let alignment = 64
  private static let mostSections = 32

  let region: any ByteRegion
  /// Where each section but the key lies; inside the region, and at multiples of 64.
  let sections: [Range<Int>]
  let contentKey: [UInt8]
  let payloadChecksum: UInt64
  private let payload: Range<Int>

  // MARK: Writing

  static func encode(_ kind: Kind, contentKey: [UInt8], sections: [[UInt8]]) -> [UInt8] {
    let all = [contentKey] + sections
    let tableEnd = fixedSize + all.count * 16
    var places: [(offset: Int, size: Int)] = []
    var end = tableEnd
    for section in all {
      let offset = (end + alignment - 1) / alignment * alignment
      places.append((offset, section.count))
      end = offset + section.count
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end)
    bytes += magic
    bytes.append(littleEndian: version)
    bytes.append(littleEndian: kind.rawValue)
    bytes.append(littleEndian: UInt64(end))
    bytes.append(littleEndian: UInt64(0))
    bytes.append(littleEndian: UInt64(0))
    bytes.append(littleEndian: UInt32(all.count))
    bytes.append(littleEndian: UInt32(0))
    for place in places {
      bytes.append(littleEndian: UInt64(place.offset))
      bytes.append(littleEndian: UInt64(place.size))
    }
    for (section, place) in zip(all, places) {
      bytes.append(contentsOf: repeatElement(0, count: place.offset - bytes.count))
      bytes.append(contentsOf: section)
    }
    let payload = bytes.withUnsafeBytes { checksum(UnsafeRawBufferPointer(rebasing: $0[tableEnd...])) }
    bytes.replace(at: 24, with: payload)
    bytes.replace(at: 32, with: bytes.withUnsafeBytes { checksum(UnsafeRawBufferPointer(rebasing: $0[..<tableEnd])) })
    return bytes
  }

  // MARK: Reading

  /// Checks the header and that every section lies within the bytes.
  /// - Parameter contentKey: what the file must have been made from; nil where any will do.
  init(_ bytes: any ByteRegion, kind: Kind, contentKey expected: [UInt8]?) throws {
    // Numbers are read in place, so they have to lie at addresses that suit them.
    let isAligned = bytes.withUnsafeBytes { Int(bitPattern: $0.baseAddress) % 8 == 0 }
    region = isAligned ? bytes : HeldBytes(bytes.withUnsafeBytes { Array($0) })
    (sections, contentKey, payloadChecksum, payload) = try region.withUnsafeBytes { bytes in
      let prefix = bytes.prefix(Self.magic.count)
      guard !prefix.isEmpty, Self.magic.starts(with: prefix) else {
        throw RetrievalError(.foreign, "The file is none of this program's indexes. Remove it; it is made again.")
      }
      guard bytes.count >= Self.fixedSize else { throw Self.truncated }
      let version: UInt32 = bytes.littleEndian(at: 8)
      guard version == Self.version else {
        throw RetrievalError(
          .otherVersion, "The file has format \(version), this program reads \(Self.version). It has to be made again.")
      }
      let count = Int(bytes.littleEndian(at: 40) as UInt32)
      guard (1...Self.mostSections).contains(count) else { throw Self.damaged }
      let tableEnd = Self.fixedSize + count * 16
      guard bytes.count >= tableEnd else { throw Self.truncated }
      var header = Array(bytes[..<tableEnd])
      header.replace(at: 32, with: UInt64(0))
      guard header.withUnsafeBytes({ Self.checksum($0) }) == bytes.littleEndian(at: 32) else { throw Self.damaged }
      guard (bytes.littleEndian(at: 12) as UInt32) == kind.rawValue else {
        throw RetrievalError(.foreign, "The file is of another kind than \(kind).")
      }
      guard UInt64(bytes.count) == bytes.littleEndian(at: 16) else { throw Self.truncated }
      var sections: [Range<Int>] = []
      for section in 0..<count {
        let offset: UInt64 = bytes.littleEndian(at: Self.fixedSize + section * 16)
        let size: UInt64 = bytes.littleEndian(at: Self.fixedSize + section * 16 + 8)
        guard offset % UInt64(Self.alignment) == 0, offset <= UInt64(bytes.count), size <= UInt64(bytes.count) - offset
        else { throw Self.damaged }
        sections.append(Int(offset)..<Int(offset + size))
      }
      let key = Array(bytes[sections.removeFirst()])
      if let expected, expected != key {
        throw RetrievalError(.otherContent, "The file was made from other content. It has to be made again.")
      }
      return (sections, key, bytes.littleEndian(at: 24), tableEnd..<bytes.count)
    }
  }

  /// Reads everything and holds it against the checksum.
  func verify() throws {
    let found = region.withUnsafeBytes { Self.checksum(UnsafeRawBufferPointer(rebasing: $0[payload])) }
    guard found == payloadChecksum else { throw Self.damaged }
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 { kernels_checksum(bytes.baseAddress, bytes.count) }

  static let damaged = RetrievalError(.damaged, "The file is damaged. Remove it; it is made again.")
  static let truncated = RetrievalError(.truncated, "The file ends too early or too late. Remove it; it is made again.")
}
