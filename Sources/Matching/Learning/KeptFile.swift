import Retrieval
import Support
import Tensors

/// What is kept cannot be used: it is worked out again.
struct KeptFileError: Error {}

/// Goes through the lists of a file that was kept, in the order in which they were added.
struct KeptFileReader {
  private let file: NumbersFile
  private var list = 0

  /// - Throws: where the bytes are none of this program's, or not those that were written.
  init(_ bytes: MappedBytes, contentKey: String) throws {
    file = try NumbersFile(KeptRegion(bytes), contentKey: Array(contentKey.utf8))
  }

  var isAtEnd: Bool { list == file.count }

  /// The next list, in place.
  /// - Parameter count: how many numbers it has to have; nil where any will do.
  mutating func next<Number: BitwiseCopyable & Sendable>(
    _ type: Number.Type, count: Int? = nil
  ) throws -> TensorView<Number> {
    let numbers = try file.numbers(list, of: type)
    list += 1
    guard count == nil || count == numbers.count else { throw KeptFileError() }
    guard let start = numbers.baseAddress else { return TensorView([]) }
    return TensorView(start, count: numbers.count, owner: file)
  }

  /// The next list as a file of its own.
  mutating func nextRegion() throws -> any ByteRegion {
    defer { list += 1 }
    return try file.region(list)
  }

  /// The next two lists as texts: where each ends, and their bytes.
  mutating func nextTexts() throws -> [String] {
    let ends = try next(UInt64.self)
    let bytes = try next(UInt8.self)
    var texts: [String] = []
    texts.reserveCapacity(ends.count)
    var start = 0
    for place in 0..<ends.count {
      guard let end = Int(exactly: ends[place]) else { throw KeptFileError() }
      guard end >= start, end <= bytes.count else { throw KeptFileError() }
      texts.append(
        String(decoding: UnsafeBufferPointer(start: bytes.pointer + start, count: end - start), as: UTF8.self))
      start = end
    }
    return texts
  }
}

extension NumberSections {
  mutating func add(_ view: TensorView<some BitwiseCopyable & Sendable>) {
    add(UnsafeBufferPointer(start: view.pointer, count: view.count))
  }

  mutating func add(_ texts: [String]) {
    var ends: [UInt64] = []
    var bytes: [UInt8] = []
    for text in texts {
      bytes += text.utf8
      ends.append(UInt64(bytes.count))
    }
    add(ends)
    add(bytes)
  }
}

extension ModelCache {
  /// What was kept; nil where nothing is, or it is not whole.
  func reader(kind: String, key: String) -> KeptFileReader? {
    load(kind: kind, key: key).flatMap { try? KeptFileReader($0, contentKey: key) }
  }

  func store(_ sections: NumberSections, kind: String, key: String) {
    store(NumbersFile.encode(sections, contentKey: Array(key.utf8)), kind: kind, key: key)
  }
}
