/// Documents by their terms: a snapshot of segments that scores as one segment with all their documents would.
///
/// Immutable and safe to search from several threads at once. Scores are sums of whole numbers (each term's share rounded
/// to 2⁻²⁹ of the highest thinkable sum), so that they do not depend on the order in which segments, windows and terms are
/// looked at, nor on the machine.
package struct InvertedIndex: Sendable {
  /// A segment, what was removed from it, and the norms that follow from the mean length of the whole.
  struct Part: Sendable {
    var segment: Segment
    var removals: Removals?
    var norms: [Float]

    var liveCount: Int { segment.documentCount - (removals?.count ?? 0) }
  }

  package let parameters: IndexParameters
  /// Without the removed ones.
  package let documentCount: Int
  let parts: [Part]
  /// In units.
  let meanLength: Float

  /// - Parameter segments: with the same parameters and no document in two of them.
  /// - Throws: `RetrievalError` `invalid` where the parameters differ.
  package init(_ segments: [Segment], parameters: IndexParameters? = nil) throws {
    try self.init(segments.map { ($0, nil) }, parameters: parameters)
  }

  init(_ sources: [(segment: Segment, removals: Removals?)], parameters: IndexParameters?) throws {
    let shared = parameters ?? sources.first?.segment.header.parameters ?? IndexParameters()
    guard sources.allSatisfy({ $0.segment.header.parameters == shared }) else {
      throw RetrievalError(
        .invalid, "The segments of the index were weighed in different ways. They have to be made again.")
    }
    self.parameters = shared
    let count = sources.reduce(0) { $0 + $1.segment.documentCount - ($1.removals?.count ?? 0) }
    let length = sources.reduce(0) { $0 + $1.segment.header.totalLength - ($1.removals?.totalLength ?? 0) }
    let mean = Float(length) / Float(max(1, count))
    documentCount = count
    meanLength = mean
    parts = sources.map { source in
      let norms = source.segment.withView {
        SegmentNorms.norms(of: $0.lengths, meanLength: mean, parameters: shared)
      }
      return Part(segment: source.segment, removals: source.removals, norms: norms)
    }
  }

  package var segmentCount: Int { parts.count }
  /// Bytes of all segments.
  package var size: Int { parts.reduce(0) { $0 + $1.segment.size } }

  /// Whether a document is in the index.
  package func contains(_ document: UInt32) -> Bool { location(of: document) != nil }

  /// The part and place of a document that has not been removed.
  func location(of document: UInt32) -> (part: Int, place: Int)? {
    for (index, part) in parts.enumerated() {
      let place = part.segment.withView { view -> Int? in
        var low = 0
        var high = view.numbers.count
        while low < high {
          let middle = (low + high) / 2
          if view.numbers[middle] < document { low = middle + 1 } else { high = middle }
        }
        return low < view.numbers.count && view.numbers[low] == document ? low : nil
      }
      if let place, part.removals?.contains(place) != true { return (index, place) }
    }
    return nil
  }

  /// In how many documents a term is.
  package func documentCount(of key: UInt64) -> Int {
    parts.reduce(0) { sum, part in
      sum
        + part.segment.withView { view in
          guard let index = view.find(key), let term = view.term(index) else { return 0 }
          return max(0, term.count - (part.removals?.count(ofTerm: index) ?? 0))
        }
    }
  }

  /// ln(1 + (N − n + 0.5) / (n + 0.5)) of a term that is in n of N documents; also of one that is in none.
  package func inverseFrequency(of key: UInt64) -> Float {
    IndexParameters.inverseFrequency(documents: documentCount, with: documentCount(of: key))
  }

  /// Reads all segments and holds them against their checksums.
  package func verify() throws {
    for part in parts { try part.segment.verify() }
  }
}
