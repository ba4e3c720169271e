/// A document to be indexed.
package struct IndexedDocument: Sendable, Hashable {
  package var number: UInt32
  package var terms: [TermFrequency]
  /// In the measure of the frequencies; nil for their sum.
  package var length: Float?

  package init(number: UInt32, terms: [TermFrequency], length: Float? = nil) {
    self.number = number
    self.terms = terms
    self.length = length
  }
}

extension InvertedIndex {
  /// The index with some documents added, replaced or removed; this one stays as it is.
  ///
  /// New documents make a segment of their own. Segments are merged while a larger one has at most twice the documents of
  /// all smaller ones, so that a document is written again a logarithmic number of times and large segments stay as they
  /// are. What is removed is marked, and left out when a quarter of a segment is marked.
  /// - Parameters:
  ///   - documents: each number once; one that is in the index takes its place.
  ///   - removed: numbers that are not in the index are passed over.
  ///   - smallSegment: segments of at most so many documents are always merged: that costs next to nothing.
  /// - Throws: `RetrievalError` `invalid` where a number comes twice, `damaged` where a segment's bytes are.
  package func updating(
    adding documents: [IndexedDocument], removing removed: Set<UInt32> = [], smallSegment: Int = 4_096
  ) throws -> InvertedIndex {
    let gone = removed.union(documents.lazy.map(\.number))
    var sources: [(segment: Segment, removals: Removals?)] = []
    for part in parts {
      let own = part.segment.withView { view in
        Set(
          (0..<view.documents).lazy.filter { part.removals?.contains($0) != true }.map { view.numbers[$0] }
            .filter { gone.contains($0) })
      }
      let removals = own.isEmpty ? part.removals : try Removals(own, from: part.segment, after: part.removals)
      sources.append((part.segment, removals))
    }
    if !documents.isEmpty {
      var builder = try InvertedIndexBuilder(parameters)
      for document in documents {
        try builder.add(document.number, terms: document.terms, length: document.length)
      }
      sources.append((try Segment(HeldBytes(try builder.finish())), nil))
    }
    return try InvertedIndex(try compacted(sources, smallSegment: smallSegment), parameters: parameters)
  }

  /// All documents in one segment.
  package func merged() throws -> InvertedIndex {
    let bytes = try SegmentMerger(parts.map { ($0.segment, $0.removals) }, parameters: parameters)
      .merged(contentKey: [])
    return try InvertedIndex([Segment(HeldBytes(bytes))], parameters: parameters)
  }

  private func compacted(
    _ sources: [(segment: Segment, removals: Removals?)], smallSegment: Int
  ) throws -> [(segment: Segment, removals: Removals?)] {
    func live(_ source: (segment: Segment, removals: Removals?)) -> Int {
      source.segment.documentCount - (source.removals?.count ?? 0)
    }
    let rising = sources.filter { live($0) > 0 }.sorted { live($0) < live($1) }
    var small: [(segment: Segment, removals: Removals?)] = []
    var rest: [(segment: Segment, removals: Removals?)] = []
    var sum = 0
    for source in rising {
      if rest.isEmpty, small.isEmpty || live(source) <= max(2 * sum, smallSegment) {
        small.append(source)
        sum += live(source)
      } else {
        rest.append(source)
      }
    }
    func isWorn(_ source: (segment: Segment, removals: Removals?)) -> Bool {
      (source.removals?.count ?? 0) * 4 > source.segment.documentCount
    }
    func merged(_ some: [(segment: Segment, removals: Removals?)]) throws -> (segment: Segment, removals: Removals?) {
      (try Segment(HeldBytes(try SegmentMerger(some, parameters: parameters).merged(contentKey: []))), nil)
    }
    var kept = try rest.map { try isWorn($0) ? merged([$0]) : $0 }
    if small.count > 1 || small.contains(where: isWorn) {
      kept.append(try merged(small))
    } else {
      kept += small
    }
    return kept
  }
}
