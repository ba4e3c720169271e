/// Lists of numbers in one file, each read in place: what a program worked out and would rather not work out again.
///
/// All of it is held against its checksum when it is opened, so that no number is other than it was written. What the
/// numbers mean, and whether they fit one another, is for the reader to check.
package final class NumbersFile: Sendable {
  private let file: SectionedFile

  /// - Parameter contentKey: says what the numbers were made from.
  /// - Returns: the whole file.
  package static func encode(_ sections: NumberSections, contentKey: [UInt8]) -> [UInt8] {
    SectionedFile.encode(.numbers, contentKey: contentKey, sections: sections.sections)
  }

  /// - Throws: `RetrievalError` `foreign`, `otherVersion`, `otherContent`, `truncated` or `damaged`.
  package init(_ bytes: any ByteRegion, contentKey: [UInt8]) throws {
    file = try SectionedFile(bytes, kind: .numbers, contentKey: contentKey)
    try file.verify()
  }

  /// How many lists there are.
  package var count: Int { file.sections.count }

  /// The numbers of a list, in the order in which the lists were added. They stay where they are for as long as the file
  /// object lives.
  /// - Throws: `RetrievalError` `damaged` where there is no such list, or its bytes are no whole number of such numbers.
  package func numbers<Number: BitwiseCopyable>(
    _ list: Int, of type: Number.Type
  ) throws -> UnsafeBufferPointer<Number> {
    guard file.sections.indices.contains(list), file.sections[list].count % MemoryLayout<Number>.stride == 0 else {
      throw SectionedFile.damaged
    }
    return file.region.withUnsafeBytes { $0.numbers(file.sections[list], of: type) }
  }

  /// A list as bytes of their own kind, such as another file.
  /// - Throws: `RetrievalError` `damaged` where there is no such list.
  package func region(_ list: Int) throws -> any ByteRegion {
    guard file.sections.indices.contains(list) else { throw SectionedFile.damaged }
    return Part(file, file.sections[list])
  }

  private final class Part: ByteRegion {
    private let file: SectionedFile
    private let range: Range<Int>

    init(_ file: SectionedFile, _ range: Range<Int>) {
      self.file = file
      self.range = range
    }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
      try file.region.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
  }
}

/// What goes into a `NumbersFile`, list by list; at most 31.
package struct NumberSections: Sendable {
  private(set) var sections: [[UInt8]] = []

  package init() {}

  /// Numbers as they lie in memory: the machines that the program is made for are little-endian.
  package mutating func add<Number: BitwiseCopyable>(_ numbers: UnsafeBufferPointer<Number>) {
    sections.append(Array(UnsafeRawBufferPointer(numbers)))
  }

  package mutating func add<Number: BitwiseCopyable>(_ numbers: [Number]) {
    numbers.withUnsafeBufferPointer { add($0) }
  }
}
