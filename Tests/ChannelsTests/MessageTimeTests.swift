import Foundation
import JSON
import Testing

@testable import Channels

@Suite struct MessageTimeTests {
  static let now = Date(timeIntervalSince1970: 1_795_000_000)

  static func seconds(_ value: JSONValue?) -> Double {
    MessageTime.date(of: value, now: now).timeIntervalSince1970
  }

  @Test(
    arguments: [
      ("2024-02-29T23:59:59z", 1_709_251_199),
      ("2000-03-01T00:00:00+00:00", 951_868_800), ("2024-12-31t23:59:60Z", 1_735_689_600),
      ("2025-01-01 00:00:00.250-0330", 1_735_702_200.25), ("1735689600", 1_735_689_600),
      ("1735689600.125", 1_735_689_600.125),
      ("1735689600000", 1_735_689_600),
    ] as [(String, Double)])
  func `times in strings`(text: String, expected: Double) throws {
    #expect(Self.seconds(.string(text)) == expected)
  }

  @Test func `the calendar of four hundred years is where Foundation has it`() throws {
    let formatter = ISO8601DateFormatter()
    let far = Date(timeIntervalSince1970: 1e11)
    for day in stride(from: 946_684_800.0, to: 946_684_800 + 400 * 365.2425 * 86_400, by: 86_400 * 30.5) {
      let text = formatter.string(from: Date(timeIntervalSince1970: day))
      #expect(MessageTime.date(of: .string(text), now: far).timeIntervalSince1970 == day)
    }
  }

  @Test func `numbers are seconds or milliseconds by their size`() {
    #expect(Self.seconds(1_735_689_600) == 1_735_689_600)
    #expect(Self.seconds(1_735_689_600_250) == 1_735_689_600.25)
    #expect(Self.seconds(1_735_689_600.5) == 1_735_689_600.5)
  }

  @Test(
    arguments: [
      nil, .null, "", "yesterday", "2026-13-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01",
      true, [],
      "nan", "inf", ["x": 1],
      "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Z ", "2026-01-01T00:00:00+25:00",
      "26-01-01T00:00:00Z", "٢٠٢٦-01-01T00:00:00Z",
    ] as [JSONValue?])
  func `a missing or wrong time is now`(value: JSONValue?) {
    #expect(Self.seconds(value) == Self.now.timeIntervalSince1970)
  }

  @Test(arguments: ["0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z", 0, -5, -62_135_596_800, -1e300] as [JSONValue])
  func `a clock that was never set counts as the year 2000`(value: JSONValue) {
    #expect(Self.seconds(value) == 946_684_800)
  }

  @Test(arguments: ["9999-12-31T23:59:59Z", 1e300, 32_503_680_000, .integer(.max)] as [JSONValue])
  func `a time in the far future counts as a day from now`(value: JSONValue) {
    #expect(Self.seconds(value) == Self.now.timeIntervalSince1970 + 86_400)
  }
}
