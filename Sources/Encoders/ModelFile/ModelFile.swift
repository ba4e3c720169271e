package import Foundation
import JSON
import Sodium
package import Tensors

/// A model's weights in one file, mapped into memory.
///
/// ```
/// 0   "GRMODEL" and NUL
/// 8   format version, 4 bytes, least first
/// 12  size of the header, 4 bytes
/// 16  SHA-256 of the header, 32 bytes
/// 48  the header, JSON
/// …   zeros up to a multiple of 4,096
/// …   the content: arrays, each at a multiple of 64
/// ```
package struct ModelFile: Sendable {
  package static let formatVersion: UInt32 = 1
  static let magic = Array("GRMODEL\0".utf8)
  static let headerStart = 48
  static let contentBoundary = 4096
  /// Every array starts at a multiple of this many bytes.
  package static let alignment = 64
  /// In bytes; far more than any header needs.
  static let maximumHeaderSize = 1 << 20

  package let file: URL
  package let header: ModelHeader
  private let mapping: MappedFile
  private let contentStart: Int

  /// Opens a file and checks its head and its size, not its content.
  /// - Throws: `ModelFileError`.
  package init(_ file: URL) throws(ModelFileError) {
    self.file = file
    do throws(POSIXError) {
      mapping = try MappedFile(path: file.path(percentEncoded: false))
    } catch {
      if error.code == .ENOENT { throw ModelFileError(.missing, file, "is not there") }
      throw ModelFileError(.unreadable, file, "cannot be read (\(String(cString: strerror(error.code.rawValue))))")
    }
    let bytes = mapping.bytes
    guard bytes.prefix(Self.magic.count).elementsEqual(Self.magic.prefix(bytes.count)) else {
      throw ModelFileError(.foreign, file, "is no model file")
    }
    guard bytes.count >= Self.headerStart else { throw ModelFileError(.damaged, file, "is cut off") }
    let version = Self.word(bytes, 8)
    guard version <= Self.formatVersion else {
      throw ModelFileError(.newer, file, "was written by a newer program (format \(version), this one reads 1)")
    }
    guard version == Self.formatVersion else { throw ModelFileError(.damaged, file, "is damaged at its head") }
    let headerSize = Int(Self.word(bytes, 12))
    guard headerSize <= Self.maximumHeaderSize else {
      throw ModelFileError(.damaged, file, "is damaged at its head")
    }
    guard bytes.count >= Self.headerStart + headerSize else { throw ModelFileError(.damaged, file, "is cut off") }
    let headerBytes = Array(bytes[Self.headerStart..<(Self.headerStart + headerSize)])
    guard bytes[16..<Self.headerStart].elementsEqual(SHA256.digest(of: headerBytes)),
      let json = try? JSONValue.parse(headerBytes), let header = ModelHeader(json)
    else { throw ModelFileError(.damaged, file, "is damaged at its head") }
    self.header = header
    contentStart = Self.contentStart(headerSize: headerSize)
    guard bytes.count >= contentStart, bytes.count - contentStart >= header.contentSize else {
      throw ModelFileError(.damaged, file, "is cut off")
    }
    guard bytes.count - contentStart == header.contentSize else {
      throw ModelFileError(.damaged, file, "is longer than it was written")
    }
  }

  static func contentStart(headerSize: Int) -> Int {
    (headerStart + headerSize + contentBoundary - 1) / contentBoundary * contentBoundary
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
  }

  /// Reads the whole file and compares it with its checksum.
  /// - Throws: `ModelFileError` where they differ.
  package func verify() throws(ModelFileError) {
    var hash = SHA256()
    hash.update(mapping.bytes[contentStart...])
    guard hash.finalize().elementsEqual(Self.bytes(hexadecimal: header.contentSHA256)) else {
      throw ModelFileError(.damaged, file, "has changed since it was written")
    }
  }

  private static func bytes(hexadecimal text: String) -> [UInt8] {
    let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue ?? 16 }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(truncatingIfNeeded: digits[$0] * 16 + digits[$0 + 1])
    }
  }

  // MARK: Arrays

  package func floats(_ name: String, count: Int? = nil) throws(ModelFileError) -> TensorView<Float> {
    try view(name, .float, count)
  }

  package func int8s(_ name: String, count: Int? = nil) throws(ModelFileError) -> TensorView<Int8> {
    try view(name, .int8, count)
  }

  package func uint8s(_ name: String, count: Int? = nil) throws(ModelFileError) -> TensorView<UInt8> {
    try view(name, .uint8, count)
  }

  package func int32s(_ name: String, count: Int? = nil) throws(ModelFileError) -> TensorView<Int32> {
    try view(name, .int32, count)
  }

  package func uint32s(_ name: String, count: Int? = nil) throws(ModelFileError) -> TensorView<UInt32> {
    try view(name, .uint32, count)
  }

  private func view<Element>(
    _ name: String, _ element: ModelHeader.Element, _ count: Int?
  ) throws(ModelFileError) -> TensorView<Element> {
    guard let array = header.arrays.first(where: { $0.name == name }), array.element == element,
      count.map({ $0 == array.count }) ?? true, array.count > 0,
      let start = mapping.bytes.baseAddress?.advanced(by: contentStart + array.offset)
    else { throw ModelFileError(.damaged, file, "lacks what this version of the model needs ('\(name)')") }
    return TensorView(start.assumingMemoryBound(to: Element.self), count: array.count, owner: mapping)
  }
}
