package import Support
import Synchronization

/// A service that has just failed is left alone for a while: messages must not each wait for it in vain.
package final class RestingEncoder: SentenceEncoder {
  private struct State {
    var failure: SentenceEncoderError?
    var restsUntil = Duration.zero
  }

  private let service: any SentenceEncoder
  private let rest: Duration
  private let elapsed: @Sendable () -> Duration
  private let state = Mutex(State())

  package var name: String { service.name }
  package var version: String { service.version }
  package var dimension: Int { service.dimension }
  package var languages: Set<String> { service.languages }

  /// - Parameters:
  ///   - rest: how long it is not asked after it has failed.
  ///   - elapsed: a clock that only goes forwards.
  package init(
    _ service: any SentenceEncoder, rest: Duration = .seconds(30), elapsed: @escaping @Sendable () -> Duration
  ) {
    self.service = service
    self.rest = rest
    self.elapsed = elapsed
  }

  /// Why its last answer did not come; nil once one has come.
  package var failure: SentenceEncoderError? { state.withLock { $0.failure } }

  package func encode(_ texts: [String]) throws -> [[Float]] {
    let asked = elapsed()
    let resting = state.withLock { $0.failure != nil && asked < $0.restsUntil ? $0.failure : nil }
    if let resting { throw resting }
    do {
      let vectors = try service.encode(texts)
      state.withLock { $0.failure = nil }
      return vectors
    } catch {
      let failure =
        error as? SentenceEncoderError
        ?? SentenceEncoderError("\(service.name) gave no vectors", isRetriable: true)
      let failed = elapsed()
      state.withLock { $0 = State(failure: failure, restsUntil: failed + rest) }
      throw failure
    }
  }
}
