import JSON

/// An id of Discord: 64 bits, in the order in which things came to be. Written as digits in a string.
struct Snowflake: Sendable, Hashable, Comparable, CustomStringConvertible {
  let number: UInt64

  /// Before everything.
  static let zero = Snowflake(number: 0)

  init(number: UInt64) { self.number = number }

  /// - Returns: nil for a text that is none.
  init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= 20, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = UInt64(text), number <= UInt64(Int64.max)
    else { return nil }
    self.number = number
  }

  init?(_ value: JSONValue?) {
    guard let text = value?.string ?? value?.int.map(String.init), let id = Snowflake(text), id != .zero else {
      return nil
    }
    self = id
  }

  var description: String { String(number) }

  static func < (first: Snowflake, second: Snowflake) -> Bool { first.number < second.number }
}
