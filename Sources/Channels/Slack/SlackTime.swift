/// Slack's `ts`: when a message was written, and its name within its channel. Seconds, a point, six digits.
struct SlackTime: Sendable, Hashable, Comparable {
  let text: String
  /// Microseconds since 1970.
  private let value: Int

  static let zero = SlackTime(text: "0", value: 0)

  private init(text: String, value: Int) {
    self.text = text
    self.value = value
  }

  /// - Returns: nil for anything else.
  init?(_ text: String?) {
    guard let text, text.utf8.count <= 20 else { return nil }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let seconds = Self.digits(parts[0]), seconds < 1_000_000_000_000 else { return nil }
    guard parts.count > 1 else {
      self.init(text: text, value: seconds * 1_000_000)
      return
    }
    guard parts[1].utf8.count <= 6, let digits = Self.digits(parts[1]) else { return nil }
    var fraction = digits
    for _ in parts[1].utf8.count..<6 { fraction *= 10 }
    self.init(text: text, value: seconds * 1_000_000 + fraction)
  }

  /// - Parameter seconds: since 1970; what no time of Slack's can be is taken as 1970.
  init(seconds: Double) {
    self.init(microseconds: seconds > 0 && seconds < 1e11 ? Int(seconds * 1_000_000) : 0)
  }

  /// The latest that is earlier.
  var before: SlackTime { SlackTime(microseconds: max(0, value - 1)) }

  private init(microseconds value: Int) {
    self.init(text: "\(value / 1_000_000).\(String(1_000_000 + value % 1_000_000).dropFirst())", value: value)
  }

  /// Since 1970.
  var seconds: Double { Double(value) / 1_000_000 }

  static func == (one: SlackTime, other: SlackTime) -> Bool { one.value == other.value }
  static func < (one: SlackTime, other: SlackTime) -> Bool { one.value < other.value }
  func hash(into hasher: inout Hasher) { hasher.combine(value) }

  private static func digits(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}
