/// A term that is asked for.
package struct QueryTerm: Sendable, Hashable {
  package var key: UInt64
  /// How much it counts; above 0.
  package var weight: Float

  package init(key: UInt64, weight: Float = 1) {
    self.key = key
    self.weight = weight
  }
}

/// A document that was found.
package struct IndexHit: Sendable, Hashable {
  package var document: UInt32
  /// The BM25 score, above 0. Documents of equal scores are those of exactly equal ones.
  package var score: Double
}

extension InvertedIndex {
  /// The best documents that have at least one of the terms, best first; of equal scores the lower number first.
  ///
  /// The same documents and scores that scoring every document gives: block-max pruning passes over only what cannot be
  /// among them.
  /// - Parameters:
  ///   - terms: a key that comes several times counts with the sum of its weights. Weights that are not above 0 and keys
  ///     that no document has are passed over.
  ///   - allows: which documents may be found; asked only for those that would be. Statistics are over all documents.
  package func top(
    _ count: Int, of terms: [QueryTerm], where allows: ((UInt32) -> Bool)? = nil
  ) -> [IndexHit] {
    guard count > 0, documentCount > 0 else { return [] }
    let weighted = weighted(terms)
    let total = weighted.reduce(Float(0)) { $0 + $1.weight }
    guard total > 0, total.isFinite else { return [] }
    // All shares of a document add up to less than 2²⁹.
    let scale = Float(sign: .plus, exponent: min(120, 28 - total.exponent), significand: 1)
    var best = BestDocuments(count, allows: allows)
    for part in parts {
      part.segment.withView { view in
        part.norms.withUnsafeBufferPointer { norms in
          guard let norms = norms.baseAddress else { return }
          let search = SegmentSearch(
            view, norms: norms, removals: part.removals,
            // Norms shrink at most in the proportion in which the mean length has grown since the bounds were written.
            looseness: max(1, meanLength / max(part.segment.header.meanLength, .leastNormalMagnitude)))
          for term in weighted { search.add(term.key, weight: term.weight * scale) }
          search.run(&best)
        }
      }
    }
    return best.sorted().map { IndexHit(document: $0.number, score: Double($0.score) / Double(scale)) }
  }

  /// Each key once, by rising key, with weight × inverse frequency × (saturation + 1).
  private func weighted(_ terms: [QueryTerm]) -> [(key: UInt64, weight: Float)] {
    var sums: [(key: UInt64, weight: Float)] = []
    for term in terms.sorted(by: { ($0.key, $0.weight) < ($1.key, $1.weight) })
    where term.weight > 0 && term.weight.isFinite {
      if let last = sums.last, last.key == term.key {
        sums[sums.count - 1].weight += term.weight
      } else {
        sums.append((term.key, term.weight))
      }
    }
    return sums.compactMap { key, weight in
      let having = documentCount(of: key)
      guard having > 0 else { return nil }
      let inverse = IndexParameters.inverseFrequency(documents: documentCount, with: having)
      return (key, weight * inverse * (parameters.saturation + 1))
    }
  }
}
