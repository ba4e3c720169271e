/// Vectors of one dimension in a byte a number, in memory or in a mapped file. Immutable and safe to search from several
/// threads at once. A product differs from that of the vectors themselves by the rounding of rows to 127ths of their
/// largest number: below 0.01 for vectors of length 1, mostly below 0.002. It is the same on every machine.
package struct VectorTable: Sendable {
  /// How the rows of a large table are grouped by direction.
  struct Lists: Sendable {
    var count: Int
    /// How many are looked through for one question.
    var probes: Int
  }

  enum Section: Int, CaseIterable {
    /// u64 each: rows, dimension, lists, probes.
    case header
    /// A Float for each place.
    case scales
    /// Numbers of each place, filled up to `stride`.
    case numbers
    /// Where there are lists: the row at each place, the place of each row, where lists begin and the last ends (u32 each).
    case rows
    case places
    case starts
    /// Scales and numbers of the lists' centres.
    case centreScales
    case centres
  }

  package let count: Int
  package let dimension: Int
  let stride: Int
  let lists: Lists?
  let file: SectionedFile

  /// Takes over bytes that `VectorTableBuilder` made. Header and sizes are checked, and every row number, so that damaged
  /// bytes give wrong products at worst.
  /// - Parameter contentKey: what the table must have been made from; nil where any will do.
  /// - Throws: `RetrievalError`.
  package init(_ bytes: any ByteRegion, contentKey: [UInt8]? = nil) throws {
    file = try SectionedFile(bytes, kind: .vectors, contentKey: contentKey)
    let sections = file.sections
    guard sections.count == Section.allCases.count, sections[Section.header.rawValue].count == 32 else {
      throw SectionedFile.damaged
    }
    let header: [UInt64] = file.region.withUnsafeBytes { bytes in
      (0..<4).map { bytes.littleEndian(at: sections[Section.header.rawValue].lowerBound + $0 * 8) }
    }
    guard header[0] < 1 << 31, header[1] < 1 << 16, header[2] <= header[0], header[3] <= header[2] else {
      throw SectionedFile.damaged
    }
    let (count, dimension) = (Int(header[0]), Int(header[1]))
    let lists = header[2] == 0 ? nil : Lists(count: Int(header[2]), probes: max(1, Int(header[3])))
    let stride = Self.stride(for: dimension)
    let listed = lists == nil ? 0 : count * 4
    let sizes: [Section: Int] = [
      .scales: count * 4, .numbers: count * stride, .rows: listed, .places: listed,
      .starts: lists.map { ($0.count + 1) * 4 } ?? 0, .centreScales: (lists?.count ?? 0) * 4,
      .centres: (lists?.count ?? 0) * stride,
    ]
    for (section, size) in sizes where sections[section.rawValue].count != size { throw SectionedFile.damaged }
    (self.count, self.dimension, self.lists, self.stride) = (count, dimension, lists, stride)
    guard withView({ $0.isSound }) else { throw SectionedFile.damaged }
  }

  package var contentKey: [UInt8] { file.contentKey }
  /// Bytes of the whole file.
  package var size: Int { file.region.withUnsafeBytes { $0.count } }
  /// Whether the table is searched by groups of rows, so that a few of the best may be missed.
  package var isApproximate: Bool { lists != nil }

  package func verify() throws { try file.verify() }

  /// The file's bytes, to be kept.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try file.region.withUnsafeBytes(body)
  }

  /// The vector of a row, as it was kept; empty where there is no such row.
  package func vector(_ row: Int) -> [Float] {
    guard (0..<count).contains(row) else { return [] }
    return withView { view in
      let place = view.place(of: row)
      return (0..<dimension).map { Float(view.numbers[place * stride + $0]) * view.scales[place] }
    }
  }

  static func stride(for dimension: Int) -> Int { (dimension + 31) / 32 * 32 }

  /// The bytes with their types, for the time of a call.
  struct View {
    let count: Int
    let stride: Int
    let lists: Lists?
    let scales: UnsafeBufferPointer<Float>
    let numbers: UnsafeBufferPointer<Int8>
    let rows: UnsafeBufferPointer<UInt32>
    let places: UnsafeBufferPointer<UInt32>
    let starts: UnsafeBufferPointer<UInt32>
    let centreScales: UnsafeBufferPointer<Float>
    let centres: UnsafeBufferPointer<Int8>

    func place(of row: Int) -> Int { lists == nil ? row : Int(places[row]) }
    func row(at place: Int) -> Int { lists == nil ? place : Int(rows[place]) }

    var isSound: Bool {
      guard lists != nil else { return true }
      return starts.first == 0 && starts.last.map(Int.init) == count
        && zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 } && rows.allSatisfy { $0 < count }
        && places.allSatisfy { $0 < count }
    }
  }

  func withView<Result>(_ body: (View) throws -> Result) rethrows -> Result {
    try file.region.withUnsafeBytes { bytes in
      func numbers<Number>(_ section: Section, _ type: Number.Type) -> UnsafeBufferPointer<Number> {
        bytes.numbers(file.sections[section.rawValue], of: type)
      }
      return try body(
        View(
          count: count, stride: stride, lists: lists, scales: numbers(.scales, Float.self),
          numbers: numbers(.numbers, Int8.self), rows: numbers(.rows, UInt32.self),
          places: numbers(.places, UInt32.self), starts: numbers(.starts, UInt32.self),
          centreScales: numbers(.centreScales, Float.self), centres: numbers(.centres, Int8.self)))
    }
  }
}
