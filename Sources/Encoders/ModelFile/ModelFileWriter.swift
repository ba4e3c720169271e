package import Foundation
import JSON
import Sodium

/// Gathers a model's arrays and writes them as one file.
package struct ModelFileWriter {
  private var arrays: [ModelHeader.Array] = []
  private var content: [UInt8] = []

  package init() {}

  package mutating func add(_ name: String, floats: [Float]) { add(name, .float, floats) }
  package mutating func add(_ name: String, int8s: [Int8]) { add(name, .int8, int8s) }
  package mutating func add(_ name: String, uint8s: [UInt8]) { add(name, .uint8, uint8s) }
  package mutating func add(_ name: String, int32s: [Int32]) { add(name, .int32, int32s) }
  package mutating func add(_ name: String, uint32s: [UInt32]) { add(name, .uint32, uint32s) }

  private mutating func add<Element: BitwiseCopyable>(
    _ name: String, _ element: ModelHeader.Element, _ elements: [Element]
  ) {
    let offset = (content.count + ModelFile.alignment - 1) / ModelFile.alignment * ModelFile.alignment
    content.append(contentsOf: repeatElement(0, count: offset - content.count))
    elements.withUnsafeBytes { content.append(contentsOf: $0) }
    arrays.append(ModelHeader.Array(name: name, element: element, count: elements.count, offset: offset))
  }

  /// Writes under another name in the same folder, makes sure that it is on the disk, and only then gives it its name: a
  /// reader finds the old file or the whole new one.
  /// - Throws: `POSIXError`, with nothing left behind.
  package func write(
    to file: URL, model: String, package: String, packageVersion: String, packageSHA256: String, precision: String
  ) throws(POSIXError) {
    let header = ModelHeader(
      model: model, package: package, packageVersion: packageVersion, packageSHA256: packageSHA256,
      precision: precision,
      arrays: arrays, contentSize: content.count, contentSHA256: SHA256.hexDigest(of: content))
    let headerBytes = header.json.serializedBytes()
    var head = ModelFile.magic
    head.append(contentsOf: Self.word(ModelFile.formatVersion))
    head.append(contentsOf: Self.word(UInt32(headerBytes.count)))
    head.append(contentsOf: SHA256.digest(of: headerBytes))
    head.append(contentsOf: headerBytes)
    head.append(
      contentsOf: repeatElement(0, count: ModelFile.contentStart(headerSize: headerBytes.count) - head.count))
    try DurableFile.write([head, content], to: file)
  }

  private static func word(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
