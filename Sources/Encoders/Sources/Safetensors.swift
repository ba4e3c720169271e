import JSON

/// A file of named arrays in the safetensors format: the size of a JSON header, the header, the arrays' bytes
/// (huggingface/safetensors, README, "Format").
struct Safetensors {
  struct Entry: Sendable, Hashable {
    var type: String
    var shape: [Int]
    /// From the end of the header.
    var bytes: Range<Int>
  }

  let entries: [String: Entry]
  private let bytes: [UInt8]
  private let contentStart: Int

  /// The format's own limit.
  private static let maximumHeaderSize = 100_000_000

  /// - Throws: `WeightsError` where the header is damaged, or an array lies outside the file or on another.
  init(_ bytes: [UInt8]) throws(WeightsError) {
    guard bytes.count >= 8 else { throw WeightsError("is too short for a safetensors file") }
    let size = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard size <= UInt64(min(Self.maximumHeaderSize, bytes.count - 8)) else {
      throw WeightsError("has a header that is longer than the file")
    }
    contentStart = 8 + Int(size)
    guard let header = (try? JSONValue.parse(bytes[8..<contentStart]))?.object else {
      throw WeightsError("has a header that is no JSON object")
    }
    var entries: [String: Entry] = [:]
    for (name, value) in header where name != "__metadata__" {
      entries[name] = try Self.entry(value, name: name, contentSize: bytes.count - contentStart)
    }
    var end = 0
    for entry in entries.values.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) {
      guard entry.bytes.lowerBound >= end else { throw WeightsError("has arrays that lie on each other") }
      end = entry.bytes.upperBound
    }
    self.entries = entries
    self.bytes = bytes
  }

  private static func entry(_ value: JSONValue, name: String, contentSize: Int) throws(WeightsError) -> Entry {
    guard let type = value["dtype"]?.string, let dimensions = value["shape"]?.array,
      let offsets = value["data_offsets"]?.array, offsets.count == 2, let start = offsets[0].int,
      let end = offsets[1].int
    else { throw WeightsError("does not say what '\(name)' is") }
    guard start >= 0, end >= start, end <= contentSize else {
      throw WeightsError("has '\(name)' outside of the file")
    }
    var shape: [Int] = []
    var count = 1
    for dimension in dimensions {
      guard let size = dimension.int, size >= 0, case (let product, false) = count.multipliedReportingOverflow(by: size)
      else { throw WeightsError("has no possible size for '\(name)'") }
      shape.append(size)
      count = product
    }
    if let size = elementSize(type) {
      guard case (let product, false) = count.multipliedReportingOverflow(by: size), product == end - start else {
        throw WeightsError("has another size for '\(name)' than its shape says")
      }
    }
    return Entry(type: type, shape: shape, bytes: start..<end)
  }

  private static func elementSize(_ type: String) -> Int? {
    switch type {
    case "BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2": 1
    case "U16", "I16", "F16", "BF16": 2
    case "U32", "I32", "F32": 4
    case "U64", "I64", "F64": 8
    default: nil
    }
  }

  /// The numbers of an array in their order.
  /// - Throws: `WeightsError` where it is missing, of another shape, or of a type other than F32, F16 and BF16.
  func floats(_ name: String, shape: [Int]) throws(WeightsError) -> [Float] {
    guard let entry = entries[name] else { throw WeightsError("lacks '\(name)'") }
    guard entry.shape == shape else {
      throw WeightsError("has '\(name)' in the shape \(entry.shape), not \(shape)")
    }
    let start = contentStart + entry.bytes.lowerBound
    let count = shape.reduce(1, *)
    let floats: [Float]? = bytes.withUnsafeBytes { buffer in
      switch entry.type {
      case "F32":
        (0..<count).map {
          Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: start + 4 * $0, as: UInt32.self)))
        }
      case "BF16":
        (0..<count).map {
          Float(
            bitPattern: UInt32(
              UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: start + 2 * $0, as: UInt16.self))) << 16)
        }
      case "F16":
        (0..<count).map {
          HalfPrecision.float(
            UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: start + 2 * $0, as: UInt16.self)))
        }
      default: nil
      }
    }
    guard let floats else { throw WeightsError("has '\(name)' in the type \(entry.type), which is not read here") }
    return floats
  }
}
