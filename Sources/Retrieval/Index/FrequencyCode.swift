/// A frequency in a byte: exact up to 127, five significant bits above, where BM25 has long since levelled off.
enum FrequencyCode {
  private static let exact = 128

  /// The largest code whose value is at most `frequency`; at least 1.
  static func code(for frequency: Int) -> UInt8 {
    guard frequency >= exact else { return UInt8(max(1, frequency)) }
    let capped = min(frequency, 31 << 10)
    let shift = (Int.bitWidth - 1 - capped.leadingZeroBitCount) - 4
    return UInt8(exact + (shift - 3) * 16 + (capped >> shift) - 16)
  }

  static func value(of code: UInt8) -> Int {
    guard code >= exact else { return Int(code) }
    let rest = Int(code) - exact
    return (16 + rest % 16) << (rest / 16 + 3)
  }

  static let values: [Float] = (0...255).map { Float(value(of: UInt8($0))) }
}
