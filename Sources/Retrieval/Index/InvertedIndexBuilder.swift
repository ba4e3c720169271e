/// How often a term occurs in a document; sums of field weights where fields count differently.
package struct TermFrequency: Sendable, Hashable {
  /// A hash of the term, such as FNV-1a of a stem. Two terms of the same hash are one term.
  package var key: UInt64
  /// Above 0; kept in multiples of `IndexParameters.unit`.
  package var frequency: Float

  package init(key: UInt64, frequency: Float = 1) {
    self.key = key
    self.frequency = frequency
  }
}

/// Makes a segment from documents, in bounded memory: full runs are packed, and merged at the end.
package struct InvertedIndexBuilder: ~Copyable {
  private let parameters: IndexParameters
  private let longestRun: Int
  private var run: PostingRun
  private var runs: [Segment] = []

  /// - Parameters:
  ///   - parameters: the same for all segments of an index.
  ///   - postingsInMemory: after so many postings, at about 20 bytes each, a run is packed into about 2 bytes each.
  /// - Throws: `RetrievalError` `invalid` where the parameters are out of range.
  package init(_ parameters: IndexParameters = IndexParameters(), postingsInMemory: Int = 8_000_000) throws {
    guard parameters.isSound else {
      throw RetrievalError(
        .invalid, "BM25 needs a saturation and a unit above 0 and a share of the length between 0 and 1.")
    }
    self.parameters = parameters
    longestRun = max(1, postingsInMemory)
    run = PostingRun(parameters)
  }

  /// Takes in a document. Documents may come in any order, each number once.
  /// - Parameters:
  ///   - terms: a key that comes several times counts with the sum. A frequency that is not above 0 is passed over.
  ///   - length: in the measure of the frequencies; nil for their sum.
  package mutating func add(_ document: UInt32, terms: some Sequence<TermFrequency>, length: Float? = nil) throws {
    run.add(document, terms: terms, length: length)
    if run.postingCount >= longestRun { try pack() }
  }

  /// The bytes of a segment with all documents.
  /// - Parameter contentKey: says what it was made from, so that the bytes are known again.
  /// - Throws: `RetrievalError` `invalid` where a number came twice.
  package consuming func finish(contentKey: [UInt8] = []) throws -> [UInt8] {
    if runs.isEmpty { return try run.segment(contentKey: contentKey) }
    if run.documentCount > 0 { try pack() }
    return try SegmentMerger(runs.map { ($0, nil) }, parameters: parameters).merged(contentKey: contentKey)
  }

  private mutating func pack() throws {
    runs.append(try Segment(HeldBytes(try run.segment(contentKey: []))))
    run = PostingRun(parameters)
  }
}
