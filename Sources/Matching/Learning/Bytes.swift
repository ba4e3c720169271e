/// Writes numbers and texts one after another, little end first, to be kept.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }
  mutating func add(_ number: Double) { add(number.bitPattern) }
  mutating func add(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  mutating func add(_ numbers: [Float]) {
    add(numbers.count)
    for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
  }

  mutating func add(_ numbers: [Double]) {
    add(numbers.count)
    for number in numbers { add(number) }
  }

  mutating func add(_ numbers: [Int]) {
    add(numbers.count)
    for number in numbers { add(number) }
  }

  mutating func add(_ raw: [UInt8]) {
    add(raw.count)
    bytes += raw
  }

  private mutating func add(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

/// Reads what `ByteWriter` wrote. Bytes that end too soon, or say that more follows than there is, are `ended`.
struct ByteReader {
  struct Ended: Error {}

  private let bytes: UnsafeRawBufferPointer
  private var place = 0

  /// - Parameter bytes: lent for as long as the reader is used.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  mutating func integer() throws -> Int { Int(Int64(bitPattern: try number())) }
  mutating func double() throws -> Double { Double(bitPattern: try number()) }

  mutating func flag() throws -> Bool {
    guard place < bytes.count else { throw Ended() }
    place += 1
    return bytes[place - 1] != 0
  }

  mutating func floats() throws -> [Float] {
    let count = try count(of: 4)
    defer { place += count * 4 }
    return (0..<count).map {
      Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place + $0 * 4, as: UInt32.self)))
    }
  }

  mutating func doubles() throws -> [Double] {
    let count = try count(of: 8)
    return try (0..<count).map { _ in try double() }
  }

  mutating func integers() throws -> [Int] {
    let count = try count(of: 8)
    return try (0..<count).map { _ in try integer() }
  }

  mutating func raw() throws -> [UInt8] {
    let count = try count(of: 1)
    defer { place += count }
    return Array(bytes[place..<(place + count)])
  }

  /// How many things of a size follow.
  mutating func count(of size: Int) throws -> Int {
    let count = try integer()
    guard count >= 0, count <= (bytes.count - place) / size else { throw Ended() }
    return count
  }

  private mutating func number() throws -> UInt64 {
    guard place + 8 <= bytes.count else { throw Ended() }
    defer { place += 8 }
    return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
  }
}
