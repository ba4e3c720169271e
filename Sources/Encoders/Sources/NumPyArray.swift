/// An array in NumPy's file format (numpy.lib.format, versions 1.0 to 3.0).
struct NumPyArray: Sendable {
  /// As NumPy writes it: `<f4`, `|u1`.
  let type: String
  let shape: [Int]
  private let bytes: [UInt8]
  private let start: Int

  var count: Int { shape.reduce(1, *) }

  /// - Throws: `WeightsError` where the bytes are no such file, are cut off, or hold objects or columns.
  init(_ bytes: [UInt8]) throws(WeightsError) {
    guard bytes.count >= 10, bytes[..<6].elementsEqual([0x93] + Array("NUMPY".utf8)) else {
      throw WeightsError("is no NumPy array")
    }
    let (length, at): (Int, Int)
    switch bytes[6] {
    case 1: (length, at) = (Int(bytes[8]) | Int(bytes[9]) << 8, 10)
    case 2, 3:
      guard bytes.count >= 12 else { throw WeightsError("is cut off") }
      (length, at) = (Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16 | Int(bytes[11]) << 24, 12)
    default: throw WeightsError("is in a NumPy format that is not read here")
    }
    guard length <= bytes.count - at else { throw WeightsError("is cut off") }
    var header = NumPyHeader(String(decoding: bytes[at..<(at + length)], as: UTF8.self))
    guard let fields = header.read() else { throw WeightsError("has a header that cannot be read") }
    guard !fields.isFortran || fields.shape.count < 2 else {
      throw WeightsError("is written column by column, which is not read here")
    }
    type = fields.type
    shape = fields.shape
    var size = Self.elementSize(type) ?? 0
    guard size > 0 else { throw WeightsError("is of the type '\(type)', which is not read here") }
    for dimension in shape {
      guard case (let product, false) = size.multipliedReportingOverflow(by: dimension) else {
        throw WeightsError("has no possible size")
      }
      size = product
    }
    start = at + length
    guard bytes.count - start == size else { throw WeightsError("has another size than its shape says") }
    self.bytes = bytes
  }

  private static func elementSize(_ type: String) -> Int? {
    switch type {
    case "<f4": 4
    case "<f8": 8
    case "|u1", "|i1": 1
    default: nil
    }
  }

  /// - Throws: `WeightsError` where the shape is another, or the type not `<f4`.
  func floats(shape: [Int]) throws(WeightsError) -> [Float] {
    try check("<f4", shape)
    return bytes.withUnsafeBytes { buffer in
      (0..<count).map {
        Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: start + 4 * $0, as: UInt32.self)))
      }
    }
  }

  /// - Throws: `WeightsError` where the shape is another, or the type not `|u1`.
  func unsignedBytes(shape: [Int]) throws(WeightsError) -> ArraySlice<UInt8> {
    try check("|u1", shape)
    return bytes[start...]
  }

  private func check(_ expected: String, _ shape: [Int]) throws(WeightsError) {
    guard type == expected else { throw WeightsError("is of the type '\(type)', not '\(expected)'") }
    guard self.shape == shape else { throw WeightsError("is in the shape \(self.shape), not \(shape)") }
  }
}
