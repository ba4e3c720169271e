/// Postings as they come in, until they are packed into a segment.
struct PostingRun {
  private let parameters: IndexParameters
  private var numbers: [UInt32] = []
  private var lengths: [UInt16] = []
  /// Postings of the document at place d are those from starts[d] up to starts[d + 1].
  private var starts: [Int] = [0]
  private var postingTerms: [UInt32] = []
  private var postingUnits: [Int32] = []
  private var terms = TermTable()
  /// The last posting of each term.
  private var latest: [Int] = []

  init(_ parameters: IndexParameters) { self.parameters = parameters }

  var postingCount: Int { postingTerms.count }
  var documentCount: Int { numbers.count }

  mutating func add(_ document: UInt32, terms added: some Sequence<TermFrequency>, length: Float?) {
    let start = postingTerms.count
    for term in added where term.frequency > 0 {
      let units = Int32(max(1, min((term.frequency / parameters.unit).rounded(), 65_535)))
      let number = terms.number(of: term.key)
      if number == latest.count { latest.append(-1) }
      if latest[number] >= start {
        postingUnits[latest[number]] = min(postingUnits[latest[number]] + units, 65_535)
      } else {
        latest[number] = postingTerms.count
        postingTerms.append(UInt32(number))
        postingUnits.append(units)
      }
    }
    let units: Int
    if let length, length >= 0 {
      units = Int(min((length / parameters.unit).rounded(), 1e9))
    } else {
      units = postingUnits[start...].reduce(0) { $0 + Int($1) }
    }
    numbers.append(document)
    lengths.append(LengthCode.code(for: units))
    starts.append(postingTerms.count)
  }

  /// - Throws: `RetrievalError` `invalid` where a number came twice.
  func segment(contentKey: [UInt8]) throws -> [UInt8] {
    // Documents in the order of their numbers.
    var order = Array(numbers.indices)
    if !zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) { order.sort { numbers[$0] < numbers[$1] } }
    let sorted = order.map { numbers[$0] }
    if let twice = zip(sorted, sorted.dropFirst()).first(where: { $0 == $1 }) {
      throw RetrievalError(
        .invalid, "Document number \(twice.0) came twice. Remove the document before adding it again.")
    }
    // Terms in the order of their keys.
    let keys = terms.keys
    let termOrder = keys.indices.sorted { keys[$0] < keys[$1] }
    var counts = [Int](repeating: 0, count: keys.count)
    for term in postingTerms { counts[Int(term)] += 1 }
    var fill = [Int](repeating: 0, count: keys.count)
    var total = 0
    for term in termOrder {
      fill[term] = total
      total += counts[term]
    }
    var places = [UInt32](repeating: 0, count: total)
    var codes = [UInt8](repeating: 0, count: total)
    for (place, document) in order.enumerated() {
      for posting in starts[document]..<starts[document + 1] {
        let term = Int(postingTerms[posting])
        places[fill[term]] = UInt32(place)
        codes[fill[term]] = FrequencyCode.code(for: Int(postingUnits[posting]))
        fill[term] += 1
      }
    }
    var writer = SegmentWriter(numbers: sorted, lengths: order.map { lengths[$0] }, parameters: parameters)
    for term in termOrder {
      let range = (fill[term] - counts[term])..<fill[term]
      writer.append(keys[term], documents: places[range], codes: codes[range])
    }
    return writer.finish(contentKey: contentKey)
  }
}

/// Numbers keys from 0 in the order in which they come: a table with open addressing, as keys are hashes already.
struct TermTable {
  private struct Slot {
    var key: UInt64
    /// Plus 1; 0 is free.
    var number: UInt32
  }

  private(set) var keys: [UInt64] = []
  private var slots = [Slot](repeating: Slot(key: 0, number: 0), count: 1_024)

  mutating func number(of key: UInt64) -> Int {
    let place = place(of: key)
    if slots[place].number != 0 { return Int(slots[place].number) - 1 }
    keys.append(key)
    slots[place] = Slot(key: key, number: UInt32(keys.count))
    if keys.count * 2 > slots.count { grow() }
    return keys.count - 1
  }

  /// Where the key is, or the free slot where it belongs.
  private func place(of key: UInt64) -> Int {
    slots.withUnsafeBufferPointer { slots in
      // Keys that the caller chose may be small numbers: spread them (Fibonacci hashing).
      var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & (slots.count - 1)
      while slots[place].number != 0, slots[place].key != key { place = (place + 1) & (slots.count - 1) }
      return place
    }
  }

  private mutating func grow() {
    slots = [Slot](repeating: Slot(key: 0, number: 0), count: slots.count * 2)
    for (number, key) in keys.enumerated() { slots[place(of: key)] = Slot(key: key, number: UInt32(number + 1)) }
  }
}
