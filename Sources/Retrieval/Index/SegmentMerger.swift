/// Makes one segment of several, without what was removed from them.
struct SegmentMerger {
  private let sources: [(segment: Segment, removals: Removals?)]
  private let parameters: IndexParameters

  init(_ sources: [(segment: Segment, removals: Removals?)], parameters: IndexParameters) {
    self.sources = sources
    self.parameters = parameters
  }

  private static let removed = UInt32.max

  /// - Throws: `RetrievalError` `invalid` where two have the same document, `damaged` where one's bytes are.
  func merged(contentKey: [UInt8]) throws -> [UInt8] {
    var (writer, places) = try documents()
    // The sources' next terms; the lowest key is taken from all that have it.
    var next = [Int](repeating: 0, count: sources.count)
    var found: (places: [UInt32], codes: [UInt8]) = ([], [])
    var all: (places: [UInt32], codes: [UInt8]) = ([], [])
    while let key = lowestKey(next) {
      all.places.removeAll(keepingCapacity: true)
      all.codes.removeAll(keepingCapacity: true)
      for source in sources.indices {
        try sources[source].segment.withView { view in
          guard next[source] < view.keys.count, view.keys[next[source]] == key else { return }
          guard let term = view.term(next[source]), view.readAll(term, into: &found.places, codes: &found.codes) else {
            throw SectionedFile.damaged
          }
          next[source] += 1
          for (place, code) in zip(found.places, found.codes) {
            let target = places[source][Int(place)]
            guard target != Self.removed else { continue }
            all.places.append(target)
            all.codes.append(code)
          }
        }
      }
      guard !all.places.isEmpty else { continue }
      if !zip(all.places, all.places.dropFirst()).allSatisfy({ $0 < $1 }) {
        let order = all.places.indices.sorted { all.places[$0] < all.places[$1] }
        all = (order.map { all.places[$0] }, order.map { all.codes[$0] })
      }
      writer.append(key, documents: all.places[...], codes: all.codes[...])
    }
    places.removeAll()
    return writer.finish(contentKey: contentKey)
  }

  private func lowestKey(_ next: [Int]) -> UInt64? {
    var lowest: UInt64?
    for (source, index) in zip(sources, next) {
      source.segment.withView { view in
        guard index < view.keys.count else { return }
        lowest = min(lowest ?? .max, view.keys[index])
      }
    }
    return lowest
  }

  /// A writer for all documents that stay, and for each source the new place of each of its documents.
  private func documents() throws -> (SegmentWriter, [[UInt32]]) {
    var all: [(number: UInt32, source: Int, place: Int)] = []
    all.reserveCapacity(sources.reduce(0) { $0 + $1.segment.documentCount })
    for (index, source) in sources.enumerated() {
      source.segment.withView { view in
        for place in 0..<view.documents where source.removals?.contains(place) != true {
          all.append((view.numbers[place], index, place))
        }
      }
    }
    if !zip(all, all.dropFirst()).allSatisfy({ $0.number < $1.number }) { all.sort { $0.number < $1.number } }
    if let twice = zip(all, all.dropFirst()).first(where: { $0.number == $1.number }) {
      throw RetrievalError(
        .invalid, "Document number \(twice.0.number) came twice. Remove the document before adding it again.")
    }
    var places = sources.map { [UInt32](repeating: Self.removed, count: $0.segment.documentCount) }
    for (target, document) in all.enumerated() { places[document.source][document.place] = UInt32(target) }
    let lengths = sources.map { $0.segment.withView { Array($0.lengths) } }
    let writer = SegmentWriter(
      numbers: all.map(\.number), lengths: all.map { lengths[$0.source][$0.place] }, parameters: parameters)
    return (writer, places)
  }
}
