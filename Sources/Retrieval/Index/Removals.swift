/// The documents of a segment that no longer count, and what they took with them: without them an index scores as if they
/// had never been there.
struct Removals: Sendable, Hashable {
  /// A bit for each document.
  private var bits: [UInt64]
  private(set) var count = 0
  /// In units.
  private(set) var totalLength = 0
  /// The segment's terms that removed documents have, rising, and how many have each.
  private var terms: [UInt32] = []
  private var counts: [UInt32] = []

  func contains(_ place: Int) -> Bool { bits[place >> 6] >> UInt64(place & 63) & 1 == 1 }

  /// How many removed documents have the term.
  func count(ofTerm index: Int) -> Int {
    var low = 0
    var high = terms.count
    while low < high {
      let middle = (low + high) / 2
      if terms[middle] < UInt32(index) { low = middle + 1 } else { high = middle }
    }
    return low < terms.count && terms[low] == UInt32(index) ? Int(counts[low]) : 0
  }

  /// Reads every posting of the segment once.
  /// - Parameters:
  ///   - removed: numbers; those that the segment does not have are passed over.
  ///   - earlier: what was removed before.
  init(_ removed: Set<UInt32>, from segment: Segment, after earlier: Removals?) throws {
    bits = earlier?.bits ?? [UInt64](repeating: 0, count: (segment.documentCount + 63) / 64)
    try segment.withView { view in
      for place in 0..<view.documents where removed.contains(view.numbers[place]) {
        bits[place >> 6] |= 1 << UInt64(place & 63)
      }
      try count(view)
    }
  }

  private mutating func count(_ view: SegmentView) throws {
    count = 0
    totalLength = 0
    terms = []
    counts = []
    for place in 0..<view.documents where contains(place) {
      count += 1
      totalLength += LengthCode.value(of: view.lengths[place])
    }
    var places: [UInt32] = []
    var codes: [UInt8] = []
    for index in 0..<view.keys.count {
      guard let term = view.term(index), view.readAll(term, into: &places, codes: &codes) else {
        throw SectionedFile.damaged
      }
      var having: UInt32 = 0
      for place in places { having += contains(Int(place)) ? 1 : 0 }
      if having > 0 {
        terms.append(UInt32(index))
        counts.append(having)
      }
    }
  }

  // MARK: As a file

  /// - Parameter segment: the checksum of the segment that they belong to.
  func encoded(for segment: UInt64) -> [UInt8] {
    var key: [UInt8] = []
    key.append(littleEndian: segment)
    var sections: [[UInt8]] = [[], [], [], []]
    sections[0].append(littleEndian: [UInt64(count), UInt64(totalLength)])
    sections[1].append(littleEndian: bits)
    sections[2].append(littleEndian: terms)
    sections[3].append(littleEndian: counts)
    return SectionedFile.encode(.removals, contentKey: key, sections: sections)
  }

  /// - Throws: `RetrievalError`, also where they are of another segment.
  init(_ bytes: any ByteRegion, for segment: Segment) throws {
    var key: [UInt8] = []
    key.append(littleEndian: segment.file.payloadChecksum)
    let file = try SectionedFile(bytes, kind: .removals, contentKey: key)
    try file.verify()
    guard file.sections.count == 4 else { throw SectionedFile.damaged }
    (bits, terms, counts, count, totalLength) = try file.region.withUnsafeBytes { bytes in
      let sums = bytes.numbers(file.sections[0], of: UInt64.self)
      let bits = Array(bytes.numbers(file.sections[1], of: UInt64.self))
      let terms = Array(bytes.numbers(file.sections[2], of: UInt32.self))
      let counts = Array(bytes.numbers(file.sections[3], of: UInt32.self))
      guard sums.count == 2, bits.count == (segment.documentCount + 63) / 64, terms.count == counts.count,
        sums[0] <= UInt64(segment.documentCount), sums[1] <= UInt64(segment.header.totalLength)
      else { throw SectionedFile.damaged }
      return (bits, terms, counts, Int(sums[0]), Int(sums[1]))
    }
  }
}
