extension [UInt8] {
  mutating func append(littleEndian number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  mutating func append<Number: FixedWidthInteger>(littleEndian numbers: [Number]) {
    if Number(1).littleEndian == 1 {
      numbers.withUnsafeBytes { append(contentsOf: $0) }
    } else {
      for number in numbers { append(littleEndian: number) }
    }
  }

  mutating func replace(at offset: Int, with number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { replaceSubrange(offset..<(offset + $0.count), with: $0) }
  }
}

extension UnsafeRawBufferPointer {
  /// The caller has seen to it that the bytes are there.
  func littleEndian<Number: FixedWidthInteger>(at offset: Int) -> Number {
    Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  /// The numbers of a section, in place. The address suits them and the machine is little-endian: the two the program
  /// is made for are.
  func numbers<Number>(_ section: Range<Int>, of type: Number.Type) -> UnsafeBufferPointer<Number> {
    let bytes = UnsafeRawBufferPointer(rebasing: self[section])
    return UnsafeBufferPointer(
      start: bytes.baseAddress?.assumingMemoryBound(to: type), count: bytes.count / MemoryLayout<Number>.stride)
  }
}
