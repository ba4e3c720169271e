package import Support
import Synchronization

/// An encoder in front of another one that goes wrong after some calls, and stays so.
package final class FaultyEncoder: SentenceEncoder {
  package enum Fault: Sendable, Hashable, CaseIterable {
    /// It throws, as a service that does not answer.
    case silence
    /// One vector too few.
    case fewer
    /// Vectors of another dimension than it says.
    case otherDimension
    /// Numbers that are none.
    case notNumbers
  }

  private let inner: any SentenceEncoder
  private let fault: Fault
  private let goodCalls: Mutex<Int>

  /// - Parameter goodCalls: how many calls go well before.
  package init(_ inner: any SentenceEncoder, _ fault: Fault, after goodCalls: Int = 0) {
    self.inner = inner
    self.fault = fault
    self.goodCalls = Mutex(goodCalls)
  }

  package var name: String { inner.name }
  package var version: String { inner.version }
  package var dimension: Int { inner.dimension }
  package var languages: Set<String> { inner.languages }

  package func encode(_ texts: [String]) throws -> [[Float]] {
    let isGood = goodCalls.withLock { left in
      left -= 1
      return left >= 0
    }
    let vectors = try inner.encode(texts)
    if isGood { return vectors }
    switch fault {
    case .silence: throw SentenceEncoderError("The encoder \(name) did not answer.", isRetriable: true)
    case .fewer: return Array(vectors.dropLast())
    case .otherDimension: return vectors.map { Array($0.dropLast()) }
    case .notNumbers: return vectors.map { $0.map { _ in .nan } }
    }
  }
}
