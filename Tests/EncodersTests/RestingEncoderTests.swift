import Support
import Synchronization
import Testing

@testable import Encoders

@Suite struct RestingEncoderTests {
  /// Fails while it is told to, on a clock that is set by hand.
  final class Service: SentenceEncoder {
    let name = "service:m"
    let version = "v"
    let dimension = 2
    let languages: Set<String> = ["en"]
    let fails = Mutex(false)
    let calls = Mutex(0)
    let now = Mutex(Duration.zero)

    func encode(_ texts: [String]) throws -> [[Float]] {
      calls.withLock { $0 += 1 }
      // Each call takes five seconds.
      now.withLock { $0 += .seconds(5) }
      if fails.withLock({ $0 }) { throw SentenceEncoderError("it did not answer", isRetriable: true) }
      return texts.map { _ in [1, 0] }
    }

    var resting: RestingEncoder {
      RestingEncoder(self, rest: .seconds(30), elapsed: { self.now.withLock { $0 } })
    }
    var count: Int { calls.withLock { $0 } }
  }

  @Test func `it says what its service says, and gives what it gives`() throws {
    let encoder = Service().resting
    #expect(encoder.name == "service:m" && encoder.version == "v" && encoder.dimension == 2)
    #expect(encoder.languages == ["en"] && encoder.failure == nil)
    #expect(try encoder.encode(["a", "b"]) == [[1, 0], [1, 0]])
  }

  @Test func `after a failure it is not asked for a while, and then again`() throws {
    let service = Service()
    let encoder = service.resting
    service.fails.withLock { $0 = true }
    for _ in 0..<4 { #expect(throws: SentenceEncoderError.self) { try encoder.encode(["a"]) } }
    #expect(service.count == 1 && encoder.failure?.description == "it did not answer")
    // Counted from when the failure was known.
    service.now.withLock { $0 = .seconds(34) }
    #expect(throws: SentenceEncoderError.self) { try encoder.encode(["a"]) }
    #expect(service.count == 1)
    service.now.withLock { $0 = .seconds(35) }
    service.fails.withLock { $0 = false }
    #expect(try encoder.encode(["a"]) == [[1, 0]])
    #expect(encoder.failure == nil)
    _ = try encoder.encode(["a"])
    #expect(service.count == 3)
  }

  @Test func `a failure after the rest begins another`() {
    let service = Service()
    let encoder = service.resting
    service.fails.withLock { $0 = true }
    #expect(throws: SentenceEncoderError.self) { try encoder.encode(["a"]) }
    service.now.withLock { $0 += .seconds(30) }
    #expect(throws: SentenceEncoderError.self) { try encoder.encode(["a"]) }
    #expect(throws: SentenceEncoderError.self) { try encoder.encode(["a"]) }
    #expect(service.count == 2)
  }
}
