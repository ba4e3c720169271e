import Foundation
import JSON

extension JSONValue {
  /// A string, or null.
  static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

  static func whole(_ number: Int?) -> JSONValue { number.map(JSONValue.integer) ?? .null }

  /// RFC 3339 in UTC with milliseconds, or null.
  static func time(_ date: Date?) -> JSONValue { text(date.map(Timestamp.rfc3339)) }

  /// 0…1, to six places: more says nothing, and differs between machines.
  static func share(_ share: Double) -> JSONValue { rounded(share, places: 6) }

  static func share(_ share: Double?) -> JSONValue { share.map(JSONValue.share) ?? .null }

  /// Rounded half away from zero; null where it is no number.
  static func rounded(_ number: Double?, places: Int) -> JSONValue {
    guard let number, number.isFinite, abs(number) < 1e9 else { return .null }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let rounded = (number * scale).rounded() / scale
    // -0.0 is written with its sign.
    return .number(rounded == 0 ? 0 : rounded)
  }
}
