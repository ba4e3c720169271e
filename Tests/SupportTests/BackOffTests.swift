import Support
import Testing

@Suite struct BackOffTests {
  /// Draws the same number always: 0 gives the shortest waits, all ones the longest.
  struct Fixed: RandomNumberGenerator {
    var bits: UInt64
    mutating func next() -> UInt64 { bits }
  }

  @Test func `the longest waits double up to the ceiling`() {
    var backOff = BackOff(first: .milliseconds(500), ceiling: .seconds(4))
    var random = Fixed(bits: .max)
    let waits = (0..<6).map { _ in backOff.next(retryAfter: nil, using: &random) }
    for (wait, expected) in zip(waits, [0.5, 1, 2, 4, 4, 4] as [Double]) {
      #expect(wait <= .seconds(expected))
      #expect(wait > .seconds(expected * 0.99))
    }
  }

  @Test func `the shortest wait is the floor, not a busy loop`() {
    var backOff = BackOff()
    var random = Fixed(bits: 0)
    for _ in 0..<100 { #expect(backOff.next(retryAfter: nil, using: &random) == .milliseconds(50)) }
  }

  @Test func `waits differ between clients`() {
    var random = SystemRandomNumberGenerator()
    let waits = Set(
      (0..<50).map { _ in
        var backOff = BackOff()
        return backOff.next(retryAfter: nil, using: &random)
      })
    #expect(waits.count > 30)
  }

  @Test func `a thousand failures in a row do not overflow`() {
    var backOff = BackOff(first: .milliseconds(1), ceiling: .seconds(60))
    var random = Fixed(bits: .max)
    for _ in 0..<1_000 { #expect(backOff.next(retryAfter: nil, using: &random) <= .seconds(60)) }
  }

  @Test func `a success makes the next failure the first again`() {
    var backOff = BackOff()
    var random = Fixed(bits: .max)
    for _ in 0..<5 { _ = backOff.next(retryAfter: nil, using: &random) }
    backOff.reset()
    #expect(backOff.failures == 0)
    #expect(backOff.next(retryAfter: nil, using: &random) <= .milliseconds(500))
  }

  @Test func `Retry-After is a least wait, with jitter on top`() {
    var backOff = BackOff()
    var least = Fixed(bits: 0)
    var most = Fixed(bits: .max)
    #expect(backOff.next(retryAfter: .seconds(120), using: &least) == .seconds(120))
    let longest = backOff.next(retryAfter: .seconds(120), using: &most)
    #expect(longest > .seconds(120) && longest <= .seconds(120.5))
  }

  @Test func `a Retry-After of a year is cut, of nothing or less ignored`() {
    var backOff = BackOff()
    var random = Fixed(bits: 0)
    #expect(backOff.next(retryAfter: .seconds(31_536_000), using: &random) == BackOff.longestRetryAfter)
    #expect(backOff.next(retryAfter: .zero, using: &random) == .milliseconds(50))
    #expect(backOff.next(retryAfter: .seconds(-5), using: &random) == .milliseconds(50))
  }
}
