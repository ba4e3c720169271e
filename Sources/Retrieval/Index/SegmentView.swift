import CKernels

/// A segment's bytes with their types, for the time of a call. Every offset that is read from them is checked.
struct SegmentView {
  struct Term {
    var offset: Int
    var count: Int
    /// The row among the dense terms; nil for a list.
    var dense: Int?
  }

  let documents: Int
  let windows: Int
  let numbers: UnsafeBufferPointer<UInt32>
  let lengths: UnsafeBufferPointer<UInt16>
  let keys: UnsafeBufferPointer<UInt64>
  let postings: UnsafeBufferPointer<UInt8>
  let maxima: UnsafeBufferPointer<UInt8>
  let windowOffsets: UnsafeBufferPointer<UInt32>
  let windowCounts: UnsafeBufferPointer<UInt8>
  private let terms: UnsafeRawBufferPointer
  private let denseTerms: Int

  init(_ bytes: UnsafeRawBufferPointer, _ sections: [Range<Int>], _ header: SegmentHeader) {
    func numbers<Number>(_ section: SegmentSection, _ type: Number.Type) -> UnsafeBufferPointer<Number> {
      bytes.numbers(sections[section.rawValue], of: type)
    }
    documents = header.documents
    windows = header.windows
    denseTerms = header.denseTerms
    self.numbers = numbers(.numbers, UInt32.self)
    lengths = numbers(.lengths, UInt16.self)
    keys = numbers(.keys, UInt64.self)
    postings = numbers(.postings, UInt8.self)
    maxima = numbers(.maxima, UInt8.self)
    windowOffsets = numbers(.windowOffsets, UInt32.self)
    windowCounts = numbers(.windowCounts, UInt8.self)
    terms = UnsafeRawBufferPointer(rebasing: bytes[sections[SegmentSection.terms.rawValue]])
  }

  /// The place of a key, if the segment has it.
  func find(_ key: UInt64) -> Int? {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < keys.count && keys[low] == key ? low : nil
  }

  /// nil where the bytes are damaged.
  func term(_ index: Int) -> Term? {
    let offset: UInt64 = terms.littleEndian(at: index * SegmentSection.termStride)
    let count: UInt32 = terms.littleEndian(at: index * SegmentSection.termStride + 8)
    let dense: UInt32 = terms.littleEndian(at: index * SegmentSection.termStride + 12)
    guard offset <= UInt64(postings.count), Int(count) <= documents,
      dense == SegmentSection.sparse || Int(dense) < denseTerms
    else { return nil }
    return Term(offset: Int(offset), count: Int(count), dense: dense == SegmentSection.sparse ? nil : Int(dense))
  }

  /// The postings of a term whose list is read as a whole. `places` and `codes` have room for `term.count`.
  /// - Returns: whether all is well: rising places below the number of documents.
  func readList(
    _ term: Term, places: UnsafeMutablePointer<UInt32>, codes: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    guard let base = postings.baseAddress else { return term.count == 0 }
    var at = term.offset
    var read = 0
    var before = UInt32.max
    let fits = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: SegmentSection.block) { extra in
      guard let extraBase = extra.baseAddress else { return false }
      while term.count - read >= SegmentSection.block {
        guard postings.count - at >= 2 else { return false }
        let gapWidth = Int(base[at])
        let extraWidth = Int(base[at + 1])
        guard gapWidth <= 32, extraWidth <= 8, postings.count - at - 2 >= 16 * (gapWidth + extraWidth) else {
          return false
        }
        kernels_unpack128_rising(base + at + 2, UInt32(gapWidth), before, places + read)
        at += 2 + 16 * gapWidth
        kernels_unpack128(base + at, UInt32(extraWidth), extraBase)
        at += 16 * extraWidth
        for place in 0..<SegmentSection.block { codes[read + place] = UInt8(truncatingIfNeeded: extraBase[place] &+ 1) }
        read += SegmentSection.block
        before = places[read - 1]
      }
      while read < term.count {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while true {
          guard at < postings.count, shift < 35 else { return false }
          let byte = base[at]
          at += 1
          number |= UInt64(byte & 0x7F) << shift
          shift += 7
          if byte < 0x80 { break }
        }
        before = before &+ UInt32(truncatingIfNeeded: number >> 1) &+ 1
        places[read] = before
        if number & 1 == 1 {
          codes[read] = 1
        } else {
          guard at < postings.count else { return false }
          codes[read] = base[at]
          at += 1
        }
        read += 1
      }
      return true
    }
    return fits && kernels_is_rising(places, read, UInt32(documents)) != 0
  }

  /// The postings of a dense term in one window.
  struct WindowPostings {
    /// Places in the window, a byte each, or a bitmap.
    var places: UnsafePointer<UInt8>
    var count: Int
    var isBitmap: Bool
    /// nil where every frequency is 1.
    var codes: UnsafePointer<UInt8>?
  }

  /// nil where there are none, or the bytes are damaged.
  func postings(ofDense row: Int, offset: Int, window: Int) -> WindowPostings? {
    let cell = row * windows + window
    guard maxima[cell] > 0, let base = postings.baseAddress else { return nil }
    let count = Int(windowCounts[cell]) + 1
    let isBitmap = count > SegmentSection.longestList
    let isAllOnce = windowOffsets[cell] & SegmentSection.allOnce != 0
    let start = offset + Int(windowOffsets[cell] & ~SegmentSection.allOnce)
    let placesSize = isBitmap ? SegmentSection.bitmapSize : count
    guard start + placesSize + (isAllOnce ? 0 : count) <= postings.count else { return nil }
    if isBitmap {
      guard (0..<4).reduce(0, { $0 + Self.word(base + start, $1).nonzeroBitCount }) == count else { return nil }
    }
    return WindowPostings(
      places: base + start, count: count, isBitmap: isBitmap, codes: isAllOnce ? nil : base + start + placesSize)
  }

  static func word(_ bitmap: UnsafePointer<UInt8>, _ index: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(bitmap).loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
  }

  /// All postings of a term, in order.
  func readAll(_ term: Term, into places: inout [UInt32], codes: inout [UInt8]) -> Bool {
    places.removeAll(keepingCapacity: true)
    codes.removeAll(keepingCapacity: true)
    guard let row = term.dense else {
      places.append(contentsOf: repeatElement(0, count: term.count))
      codes.append(contentsOf: repeatElement(0, count: term.count))
      return places.withUnsafeMutableBufferPointer { places in
        codes.withUnsafeMutableBufferPointer { codes in
          guard let places = places.baseAddress, let codes = codes.baseAddress else { return true }
          return readList(term, places: places, codes: codes)
        }
      }
    }
    for window in 0..<windows {
      guard let found = postings(ofDense: row, offset: term.offset, window: window) else { continue }
      let low = UInt32(window << SegmentSection.windowShift)
      if found.isBitmap {
        for index in 0..<4 {
          var word = Self.word(found.places, index)
          while word != 0 {
            places.append(low + UInt32(index * 64 + word.trailingZeroBitCount))
            word &= word - 1
          }
        }
      } else {
        for index in 0..<found.count { places.append(low + UInt32(found.places[index])) }
      }
      for index in 0..<found.count { codes.append(found.codes?[index] ?? 1) }
    }
    return places.count == codes.count && kernels_is_rising(places, places.count, UInt32(documents)) != 0
  }
}
