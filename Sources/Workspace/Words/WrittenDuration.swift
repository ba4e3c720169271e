/// A length of time as authors write it: `30s`, `15m`, `8h`, `2d`. A day is 24 hours.
struct WrittenDuration {
  /// More than none, at most ten years.
  let seconds: Int
  /// `s`, `m`, `h` or `d`.
  let unit: Character

  private static let lengths: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

  init?(_ text: String) {
    let digits = text.dropLast()
    guard let unit = text.last, let length = Self.lengths[unit], !digits.isEmpty, digits.count <= 9,
      digits.allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(digits), count > 0,
      count * length <= 3650 * 86_400
    else { return nil }
    self.seconds = count * length
    self.unit = unit
  }
}
