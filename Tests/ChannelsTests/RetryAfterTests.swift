import Foundation
import Testing

@testable import Channels

@Suite struct RetryAfterTests {
  /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
  static let now = Date(timeIntervalSince1970: 784_111_777 - 30)

  @Test func `seconds and dates`() {
    #expect(RetryAfter.duration("120", now: Self.now) == .seconds(120))
    #expect(RetryAfter.duration("0.5", now: Self.now) == .milliseconds(500))
    #expect(RetryAfter.duration("Sun, 06 Nov 1994 08:49:37 GMT", now: Self.now) == .seconds(30))
  }

  @Test(arguments: [nil, "", "soon", "-5", "0", "nan", "inf", "Sun, 06 Nov 1994 08:49:00 GMT", "Someday, 99 Foo 1994"])
  func `what says nothing is nothing`(header: String?) {
    #expect(RetryAfter.duration(header, now: Self.now) == nil)
  }

  @Test(arguments: ["1e300", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
  func `what asks for ages does not overflow`(header: String) {
    #expect(RetryAfter.duration(header, now: Self.now) == .seconds(1e9))
  }
}
