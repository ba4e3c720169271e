/// Reads the parts of a written time from front to back.
struct DigitReader {
  private(set) var rest: Substring.UTF8View

  init(rest: Substring.UTF8View) { self.rest = rest }

  var isAtEnd: Bool { rest.isEmpty }

  /// Whether one of the characters came next; it is taken then.
  mutating func take(_ characters: StaticString) -> Bool {
    guard let next = rest.first,
      UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount).contains(next)
    else { return false }
    rest.removeFirst()
    return true
  }

  /// A number of exactly so many digits.
  mutating func number(_ count: Int) -> Int? {
    var number = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  /// The digits behind a decimal point, at least one.
  mutating func fraction() -> Double? {
    guard var numerator = digit().map(Double.init) else { return nil }
    var denominator = 10.0
    while let digit = digit() {
      // More digits than a double holds say nothing more.
      guard denominator < 1e15 else { continue }
      numerator = numerator * 10 + Double(digit)
      denominator *= 10
    }
    return numerator / denominator
  }

  /// `Z`, `+01:00` or `+0100`, in seconds east of Greenwich.
  mutating func offset() -> Int? {
    if take("Zz") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = number(2) else { return nil }
    _ = take(":")
    guard let minutes = number(2), hours < 24, minutes < 60 else { return nil }
    return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
  }

  private mutating func digit() -> Int? {
    guard let next = rest.first, (0x30...0x39).contains(next) else { return nil }
    rest.removeFirst()
    return Int(next) - 0x30
  }
}
