import Testing

@testable import Retrieval

@Suite struct NumbersFileTests {
  private struct Pair: BitwiseCopyable, Equatable {
    var place: Int32
    var weight: Float
  }

  private static let key: [UInt8] = [7, 7]
  private static let pairs = (0..<50).map { Pair(place: $0, weight: Float($0) / 3) }

  private static var whole: [UInt8] {
    var sections = NumberSections()
    sections.add([1, -2, .max] as [Int64])
    sections.add([] as [Float])
    sections.add(pairs)
    sections.add(Array("inner".utf8))
    return NumbersFile.encode(sections, contentKey: key)
  }

  @Test func `lists come back as they were added, and bytes as a file of their own`() throws {
    let file = try NumbersFile(HeldBytes(Self.whole), contentKey: Self.key)
    #expect(file.count == 4)
    #expect(Array(try file.numbers(0, of: Int64.self)) == [1, -2, .max])
    #expect(try file.numbers(1, of: Float.self).isEmpty)
    #expect(Array(try file.numbers(2, of: Pair.self)) == Self.pairs)
    #expect(try file.region(3).withUnsafeBytes { Array($0) } == Array("inner".utf8))
  }

  @Test func `bytes at an odd address are read as well`() throws {
    let odd = [0] + Self.whole
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: odd.count, alignment: 64)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: odd)
    let file = try NumbersFile(Region(UnsafeRawBufferPointer(rebasing: buffer[1...])), contentKey: Self.key)
    #expect(Array(try file.numbers(2, of: Pair.self)) == Self.pairs)
  }

  @Test func `a list that is not there, and numbers that do not fill it, are refused`() throws {
    let file = try NumbersFile(HeldBytes(Self.whole), contentKey: Self.key)
    for list in [-1, 4, .max] {
      #expect(throws: RetrievalError.self) { try file.numbers(list, of: UInt8.self) }
      #expect(throws: RetrievalError.self) { try file.region(list) }
    }
    #expect(throws: RetrievalError.self) { try file.numbers(3, of: Int32.self) }
  }

  @Test func `a bit that fell over anywhere, bytes cut off and bytes too many are seen`() {
    let whole = Self.whole
    for place in whole.indices {
      var damaged = whole
      damaged[place] ^= 1 << (place % 8)
      #expect(throws: RetrievalError.self) { try NumbersFile(HeldBytes(damaged), contentKey: Self.key) }
      #expect(throws: RetrievalError.self) {
        try NumbersFile(HeldBytes(Array(whole.prefix(place))), contentKey: Self.key)
      }
    }
    #expect(throws: RetrievalError.self) { try NumbersFile(HeldBytes(whole + [0]), contentKey: Self.key) }
  }

  @Test func `a file of other content, or of another kind, is refused`() {
    #expect(throws: RetrievalError.self) { try NumbersFile(HeldBytes(Self.whole), contentKey: [7]) }
    let blob = BlobFile.encode([1, 2, 3], contentKey: Self.key)
    #expect(throws: RetrievalError.self) { try NumbersFile(HeldBytes(blob), contentKey: Self.key) }
  }

  private final class Region: ByteRegion {
    private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
      try body(bytes)
    }
  }
}
